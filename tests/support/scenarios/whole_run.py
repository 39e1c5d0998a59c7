"""A full run: people come, are invited, change and go, and every email there is is sent."""

from collections.abc import Mapping
from typing import Any

from tests.cli.commands import tenantry
from tests.support.scenarios.whole_life import PASSWORDS, Life

ADA, BEN, CLEO, DAN = (f"{name}@example.com" for name in ("ada", "ben", "cleo", "dan"))
OLGA = "olga@example.com"


def live(life: Life, settings: Mapping[str, str]) -> None:
    """Do all of it. Who does it: Ada, who runs the service and a team."""
    ada = _come(life, ADA, "Ada")
    cleo = _come(life, CLEO, "Cleo")
    done = tenantry("operators", "add", ADA, settings=settings)
    assert done.returncode == 0, done.stderr
    _open_for_others(life, ada)
    team = _invite(life, ada, cleo)
    _change_and_end(life, ada, team)
    _lose_passwords(life, cleo)
    _refresh_and_go(life, ada)


def _come(life: Life, email: str, name: str) -> str:
    """Somebody signs up and proves their address, by the second of two emails; their token."""
    account = life.sign_up(email, name)
    first = life.token(email, "Confirm your")
    by = account["access_token"]
    life.call(204, "POST", "/auth/verify-email/resend", by)
    life.call(204, "POST", "/auth/verify-email", json={"token": life.token(email, "Confirm your")})
    life.call(410, "POST", "/auth/verify-email", json={"token": first})
    return by


def _open_for_others(life: Life, ada: str) -> None:
    """An operator opens organizations: for somebody new, and for somebody with an account."""
    opened = dict[str, str]()
    for email in (OLGA, CLEO):
        body = {"name": f"Opened for {email[:4]}", "owner": {"email": email}}
        made = life.call(
            201, "POST", "/organizations", ada, json=body, headers=_key(f"opened-{email}")
        )
        opened[email] = f"/operator/organizations/{made['id']}"
    chosen = life.token(OLGA, "Choose a password")
    page = life.fill_in("/reset-password", chosen, password=PASSWORDS["second"])
    assert page.status_code == 200
    life.sign_in(OLGA, "second")
    life.email(CLEO, "was created for you")
    olga = life.call(200, "GET", "/operator/users", ada, params={"email": OLGA})["data"][0]["id"]
    body = {"reason": "On leave", "orphan_organizations": True}
    life.call(200, "POST", f"/operator/users/{olga}/disable", ada, json=body)
    naming = {"email": CLEO, "reason": "On leave"}
    life.call(200, "POST", f"{opened[OLGA]}/admins", ada, json=naming)
    life.email(CLEO, "You are now an Admin of")


def _invite(life: Life, ada: str, cleo: str) -> str:
    """Ada invites: who signs up by page and by call, who has an account, who declines, and whom no
    email reaches. The path of the team."""
    made = life.call(201, "POST", "/organizations", ada, json={"name": "Team"}, headers=_key("t"))
    assert life.call(201, "POST", "/organizations", ada, json={"name": "Team"}, headers=_key("t"))
    team = f"/organizations/{made['id']}"
    offer: dict[str, Any] = {"email": BEN, "message": "See you on Monday"}
    for status in (201, 201):
        life.call(status, "POST", f"{team}/members/invite", ada, json=offer, headers=_key("ben"))
    token = life.token(BEN, "invites you to")
    life.call(200, "POST", "/invitations/preview", json={"token": token})
    life.sign_up(BEN, "Ben", invitation_token=token)
    life.call(
        410, "POST", "/invitations/preview", json={"token": _cleo_joins(life, team, ada, cleo)}
    )
    many = [{"email": each} for each in (DAN, "eve@example.com", *UNREACHED)]
    life.call(200, "POST", f"{team}/invitations/batch", ada, json={"invitations": many})
    by_page = {"way": "sign-up", "name": "Dan", "password": PASSWORDS["third"]}
    assert "Team" in life.fill_in("/invitation", life.token(DAN, "invites you"), **by_page).text
    declined = {"token": life.token("eve@example.com", "invites you")}
    life.call(204, "POST", "/invitations/decline", json=declined)
    life.call(410, "POST", "/invitations/decline", json=declined)
    return team


UNREACHED = ("refused.nobody@example.com", "later.perhaps@example.com")


def _cleo_joins(life: Life, team: str, ada: str, cleo: str) -> str:
    """By the second of two emails; the first one's token."""
    made = life.call(201, "POST", f"{team}/members/invite", ada, json={"email": CLEO})
    first = life.token(CLEO, "Ada invites you")
    life.call(200, "POST", f"{team}/invitations/{made['id']}/resend", ada)
    second = {"token": life.token(CLEO, "Reminder:")}
    life.call(200, "POST", "/invitations/accept", cleo, json=second)
    life.call(200, "POST", "/invitations/accept", cleo, json=second)
    return first


def _change_and_end(life: Life, ada: str, team: str) -> None:
    """Ben gets other roles, in the team and in a workspace, and is removed."""
    found = life.call(200, "GET", f"{team}/members", ada, params={"email": BEN})
    ben = f"{team}/members/{found['data'][0]['id']}"
    auditor = {"name": "Auditor", "permissions": ["event:read"]}
    role = life.call(201, "POST", f"{team}/roles", ada, json=auditor)
    lab = life.call(201, "POST", f"{team}/workspaces", ada, json={"name": "Lab"})
    place = f"{team}/workspaces/{lab['id']}/members/{found['data'][0]['id']}"
    life.call(200, "PATCH", ben, ada, json={"role": role["id"]})
    life.email(BEN, "Your role in Team is")
    life.call(201, "PUT", place, ada, json={"role": "viewer"})
    life.email(BEN, "added you to")
    life.call(200, "PUT", place, ada, json={"role": role["id"]})
    life.email(BEN, "Your role in Lab is")
    roles = life.call(200, "GET", f"{team}/roles", ada)["data"]
    other = {"replace_with": next(each["id"] for each in roles if each["key"] == "developer")}
    life.call(204, "DELETE", f"{team}/roles/{role['id']}", ada, params=other)
    life.email(BEN, "replaces")
    life.call(204, "DELETE", ben, ada)
    life.email(BEN, "You were removed")
    life.call(200, "GET", f"{team}/events", ada, params={"limit": 100})


def _lose_passwords(life: Life, cleo: str) -> None:
    """Cleo forgets hers, chooses another by the email, and changes that."""
    life.call(202, "POST", "/auth/password/forgot", json={"email": CLEO})
    chosen = {"token": life.token(CLEO, "Choose a new password"), "password": PASSWORDS["second"]}
    life.call(204, "POST", "/auth/password/reset", json=chosen)
    life.call(410, "POST", "/auth/password/reset", json=chosen)
    life.call(401, "GET", "/me", cleo)
    again = life.sign_in(CLEO, "second")["access_token"]
    change = {"current_password": PASSWORDS["wrong"], "new_password": PASSWORDS["third"]}
    life.call(403, "POST", "/auth/password/change", again, json=change)
    change["current_password"] = PASSWORDS["second"]
    life.call(204, "POST", "/auth/password/change", again, json=change)
    life.sign_in(CLEO, "wrong", 401)
    life.call(202, "POST", "/auth/password/forgot", json={"email": CLEO})
    life.token(CLEO, "Choose a new password")  # never used


def _refresh_and_go(life: Life, ada: str) -> None:
    """Sessions that are renewed, misused and ended; an account that is deleted."""
    first = life.sign_in(CLEO, "third")
    second = life.refresh(first["refresh_token"])
    life.refresh(second["refresh_token"])
    life.refresh("a" * 43, 400)
    life.call(204, "POST", "/auth/sign-out", second["access_token"])
    life.call(200, "GET", "/me/sessions", ada)
    dan = life.sign_in(DAN, "third")["access_token"]
    life.call(204, "DELETE", "/me", dan)
    life.call(401, "GET", "/me", dan)
    life.call(404, "GET", "/organizations/org_unknown", ada)


def _key(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}
