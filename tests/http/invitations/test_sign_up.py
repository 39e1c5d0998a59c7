"""Signing up by an invitation: the account and the seat in one transaction."""

from typing import Any

import httpx2

from tenantry.kit.ids import Kind, parse
from tests.support.api.invitations import offered, remove, sign_up_with, workspace
from tests.support.cast import PASSWORD, Player
from tests.support.database.contents import contents
from tests.support.database.lock_waits import count
from tests.support.scene import Scene, new_address


async def refused(scene: Scene, email: str, token: str, **more: Any) -> tuple[int, str]:
    """Status and code of a sign-up that is refused, and leaves nothing behind."""
    before = contents(scene)
    answer = await sign_up_with(scene, email, token, **more)
    assert contents(scene) == before
    return answer.status_code, answer.json()["code"]


def bearer(answer: httpx2.Response) -> dict[str, str]:
    """The headers of who signed up."""
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def test_who_signs_up_by_an_invitation_is_proven_and_a_member_at_once(
    unbroken: None, scene: Scene
) -> None:
    email = new_address()
    lab = await workspace(scene, name="Lab", visibility="private")
    there = [{"workspace_id": lab["id"], "role": "developer"}]
    token = await offered(scene, email, workspaces=there)

    answer = await sign_up_with(scene, email, token, name="Nora")

    shown = await scene.api.get("/api/v1/organizations", headers=bearer(answer))
    in_lab = await scene.api.get(
        f"{scene.cast.acme_path}/workspaces/{lab['id']}", headers=bearer(answer)
    )
    assert answer.json()["user"]["email_verified"] is True
    assert {each["name"]: each["role"]["key"] for each in shown.json()["data"]} == {
        "Acme": "viewer",
        "Nora": "admin",
    }
    assert in_lab.json()["role"]["key"] == "developer"


async def test_account_and_membership_are_written_at_one_moment(scene: Scene) -> None:
    email = new_address()
    answer = await sign_up_with(scene, email, await offered(scene, email))

    user_id = parse(Kind.USER, answer.json()["user"]["id"])
    transactions = """
        select count(distinct x.xmin::text) from (
          select xmin from users where id = %(user)s
          union all select xmin from organizations where owner_id = %(user)s
          union all select xmin from memberships where user_id = %(user)s
          union all select xmin from invitations where email = %(email)s
          union all select xmin from events where actor_id = %(user)s) x
    """
    row = scene.admin.execute(transactions, {"user": user_id, "email": email}).fetchone()
    assert row == (1,)
    assert count(scene.admin, "select count(*) from memberships where user_id = %s", user_id) == 2


async def test_no_email_asks_for_an_address_that_is_proven_by_the_invitation(
    scene: Scene,
) -> None:
    email = new_address()
    await sign_up_with(scene, email, await offered(scene, email))

    emails = "select count(*) from account_emails where recipient = %s"
    assert count(scene.admin, emails, email) == 0


async def test_the_whole_sign_up_is_refused_for_another_address(
    unbroken: None, scene: Scene
) -> None:
    email, another = new_address(), new_address()
    token = await offered(scene, email)

    answer = await refused(scene, another, token)

    assert answer == (403, "invitation_for_another_email")
    assert (await sign_up_with(scene, email, token)).status_code == 201


async def test_a_spent_or_unknown_token_makes_no_account(scene: Scene) -> None:
    email = new_address()
    token = await offered(scene, email)

    scene.change_invitation(email, "expires_at = now()")
    assert await refused(scene, email, token) == (410, "invitation_expired")
    scene.change_invitation(email, "status = 'revoked'")
    assert await refused(scene, email, token) == (410, "invitation_revoked")
    assert await refused(scene, email, "unknown") == (404, "not_found")


async def test_an_inviter_who_has_left_makes_no_account(scene: Scene, eve: Player) -> None:
    email = new_address()
    token = await offered(scene, email, by=eve)
    await remove(scene, eve.member_id)

    assert await refused(scene, email, token) == (409, "inviter_cannot_grant")


async def test_who_has_an_account_signs_in_instead(scene: Scene) -> None:
    charlie = scene.cast.charlie.actor.email
    token = await offered(scene, charlie)

    assert await refused(scene, charlie, token) == (409, "email_taken")


async def test_the_token_works_once(scene: Scene) -> None:
    email = new_address()
    token = await offered(scene, email)
    await sign_up_with(scene, email, token)

    assert await refused(scene, email, token) == (410, "invitation_accepted")


async def test_a_weak_password_uses_nothing_up(scene: Scene) -> None:
    email = new_address()
    token = await offered(scene, email)

    assert await refused(scene, email, token, password="password1234") == (422, "weak_password")
    answer = await sign_up_with(scene, email, token)
    assert answer.status_code == 201
    assert await scene.can_sign_in(email, PASSWORD)
