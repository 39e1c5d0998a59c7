"""POST /api/v1/organizations/{org_id}/members/invite."""

from datetime import datetime, timedelta
from typing import Any

import httpx2

from tenantry.kit.ids import Kind, new_id, show
from tests.http.responses import pointers, told
from tests.http.workspaces.calls import made
from tests.support.cast import Cast, Player
from tests.support.database.contents import contents
from tests.support.mail.mailbox import email_to, token_in
from tests.support.scene import Scene, new_address


async def invite(
    api: httpx2.AsyncClient, cast: Cast, who: Player | None = None, **body: Any
) -> httpx2.Response:
    """The answer to Alice, or to somebody else, who invites."""
    sent = {"email": new_address(), **body}
    return await api.post(
        f"{cast.acme_path}/members/invite", json=sent, headers=(who or cast.alice).headers
    )


async def roles(api: httpx2.AsyncClient, path: str, who: Player) -> dict[str, Any]:
    """The roles of an organization by their keys, as they are shown inside other resources."""
    listed = (await api.get(f"{path}/roles", headers=who.headers)).json()["data"]
    return {role["key"]: {name: role[name] for name in ("id", "key", "name")} for role in listed}


async def test_what_is_not_said_is_the_usual(api: httpx2.AsyncClient, cast: Cast) -> None:
    email = new_address()

    answer = await invite(api, cast, email=email)

    made, acme = answer.json(), cast.acme_path.rpartition("/")[2]
    lasts = datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(made["created_at"])
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{cast.acme_path}/invitations/{made['id']}"
    assert (made["organization_id"], made["email"]) == (acme, email)
    assert made["role"] == (await roles(api, cast.acme_path, cast.alice))["viewer"]
    assert (made["status"], made["delivery"], made["workspaces"]) == ("pending", "queued", [])
    assert made["invited_by"] == {"id": cast.alice.id, "name": "Alice"}
    assert lasts == timedelta(days=7)


async def test_what_is_said_is_kept(api: httpx2.AsyncClient, cast: Cast) -> None:
    email, known = new_address(), await roles(api, cast.acme_path, cast.alice)
    lab = await made(api, cast, visibility="private")
    grants = [
        {"workspace_id": lab["id"], "role": "developer"},
        {"workspace_id": cast.workspace_id, "role": known["viewer"]["id"]},
    ]

    answer = await invite(
        api,
        cast,
        email=email.upper(),
        role=known["admin"]["id"],
        workspaces=grants,
        expires_in_days=30,
        message="Come!",
    )

    assert answer.json()["email"] == email
    assert answer.json()["role"] == known["admin"]
    assert answer.json()["workspaces"] == [
        {"workspace_id": cast.workspace_id, "role": known["viewer"]},
        {"workspace_id": lab["id"], "role": known["developer"]},
    ]


async def test_the_email_brings_the_message_and_the_token_that_nothing_else_tells(
    scene: Scene,
) -> None:
    email = new_address()

    answer = await invite(scene.api, scene.cast, email=email, message="Bring\r\nCc: cake")

    email = await email_to(scene.mailbox, email)
    assert email["Subject"] == "Alice invites you to Acme"
    assert email["Cc"] is None
    assert "Cc: cake" in str(email.get_body(("plain",)))
    assert token_in(email) not in answer.text


async def test_a_member_and_a_pending_address_are_not_invited_again(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    email = new_address()
    first = (await invite(api, cast, email=email)).json()

    again = await invite(api, cast, email=email.upper(), role="admin")
    member = await invite(api, cast, email=cast.vera.actor.email)

    assert told(again) == (409, "invitation_pending")
    assert again.json()["invitation_id"] == first["id"]
    assert told(member) == (409, "already_member")


async def test_a_role_or_workspace_of_elsewhere_is_as_unknown_as_none(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    bobs = (await roles(api, cast.bobs_path, cast.bob))["viewer"]["id"]
    there = await api.get(f"{cast.bobs_path}/workspaces", headers=cast.bob.headers)
    before = contents(scene)

    for role in (bobs, show(Kind.ROLE, new_id()), "emperor"):
        assert told(await invite(api, cast, role=role)) == (422, "role_unknown")
    for workspace in (there.json()["data"][0]["id"], show(Kind.WORKSPACE, new_id())):
        answer = await invite(api, cast, workspaces=[{"workspace_id": workspace, "role": "viewer"}])
        assert told(answer) == (422, "workspace_unknown")

    assert contents(scene) == before


async def test_no_one_gives_what_they_do_not_have(scene: Scene) -> None:
    scene.admin.execute(
        "update roles set permissions = permissions || %s where org_id = %s and key = 'developer'",
        [["member:invite"], scene.cast.acme.organization.id],
    )

    answer = await invite(scene.api, scene.cast, scene.cast.dave, role="admin")

    assert told(answer) == (403, "cannot_grant_role")
    assert "organization:delete" in answer.json()["missing_permissions"]
    assert "member:invite" not in answer.json()["missing_permissions"]


async def test_an_archived_workspace_takes_no_one_in(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    lab = await made(api, cast)
    scene.admin.execute(
        "update workspaces set archived_at = now() where org_id = %s and slug = %s",
        [cast.acme.organization.id, lab["slug"]],
    )

    answer = await invite(api, cast, workspaces=[{"workspace_id": lab["id"], "role": "viewer"}])

    assert told(answer) == (409, "workspace_archived")


async def test_what_is_not_acceptable_is_refused_by_name(scene: Scene) -> None:
    twice = [{"workspace_id": scene.cast.workspace_id, "role": "viewer"}] * 2
    wrong: dict[str, list[Any]] = {
        "email": ["", "nobody", "a@b", "a@b.example\nBcc: c@d.example", None, "a@b.c, d@e.f"],
        "role": ["", "Admin", "role_0", None, 5, "role_" + "8" * 26],
        "expires_in_days": [0, 31, 1.5, "7", None, True, 10**20],
        "message": ["x" * 501, None],
        "workspaces": [twice, None, {}, twice * 26],
        "token": ["chosen"],
    }
    before = contents(scene)

    for field, values in wrong.items():
        for value in values:
            answer = await invite(scene.api, scene.cast, **{field: value})
            assert pointers(answer) == [f"#/{field}"], (field, value)

    assert contents(scene) == before


async def test_what_is_wrong_within_a_grant_is_pointed_at(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    grant = {"workspace_id": cast.acme_path.rpartition("/")[2], "role": "viewer", "more": 1}

    answer = await invite(api, cast, workspaces=[grant, {}])

    assert sorted(pointers(answer)) == [
        "#/workspaces/0/more",
        "#/workspaces/0/workspace_id",
        "#/workspaces/1/role",
        "#/workspaces/1/workspace_id",
    ]


async def test_four_days_may_be_written_as_json_writes_them(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    answer = (await invite(api, cast, expires_in_days=4.0)).json()

    until = datetime.fromisoformat(answer["expires_at"])
    assert until - datetime.fromisoformat(answer["created_at"]) == timedelta(days=4)
