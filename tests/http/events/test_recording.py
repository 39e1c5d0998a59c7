"""Each act records one event that names what it touched, and a refused one records nothing."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest

from tests.support.api.invitations import accept, offer, offered, remove, workspace
from tests.support.database.contents import contents
from tests.support.scene import Scene, new_address

Act = Callable[[Scene], Awaitable[httpx2.Response]]
_NEWEST = "select id from events where org_id = %s order by id desc limit 1"


def newest(scene: Scene) -> Any:
    """The id of the last event of Acme."""
    row = scene.admin.execute(_NEWEST, [scene.cast.acme.organization.id]).fetchone()
    return row and row[0]


def since(scene: Scene, last: Any) -> list[dict[str, Any]]:
    """The events of Acme after another one."""
    cursor = scene.admin.execute(
        """
        select action, actor_id, actor_name, targets, changes, request_id from events
         where org_id = %s and id > %s order by id
        """,
        [scene.cast.acme.organization.id, last],
    )
    names = [column.name for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


async def _rename(scene: Scene) -> httpx2.Response:
    return await scene.api.patch(
        scene.cast.acme_path, json={"name": "Umbrella"}, headers=scene.cast.alice.headers
    )


async def _make_workspace(scene: Scene) -> httpx2.Response:
    return await scene.api.post(
        f"{scene.cast.acme_path}/workspaces",
        json={"name": "Lab"},
        headers=scene.cast.alice.headers,
    )


async def _invite(scene: Scene) -> httpx2.Response:
    return await offer(scene, new_address())


async def _remove(scene: Scene) -> httpx2.Response:
    return await remove(scene, scene.cast.vera.member_id)


@pytest.mark.parametrize(
    ("act", "action", "touched"),
    [
        (_rename, "organization.updated", ["organization"]),
        (_make_workspace, "workspace.created", ["workspace", "workspace_member"]),
        (_invite, "invitation.created", ["invitation"]),
        (_remove, "member.removed", ["member"]),
    ],
)
async def test_an_act_records_one_event_that_names_who_did_what(
    scene: Scene, act: Act, action: str, touched: list[str]
) -> None:
    last = newest(scene)

    answer = await act(scene)

    assert answer.is_success, answer.text
    (event,) = since(scene, last)
    assert event["action"] == action
    assert event["actor_id"] == scene.cast.alice.actor.id
    assert event["actor_name"] == "Alice"
    assert event["request_id"] == answer.headers["x-request-id"]
    assert [change["type"] for change in event["changes"]] == touched
    assert {target["id"] for target in event["targets"]} <= {
        change["id"] for change in event["changes"]
    }


async def test_an_acceptance_names_the_invitation_the_member_and_each_workspace(
    scene: Scene,
) -> None:
    charlie = scene.cast.charlie
    lab = await workspace(scene, name="Lab")
    there = [{"workspace_id": lab["id"], "role": "developer"}]
    token = await offered(scene, charlie.actor.email, workspaces=there)
    last = newest(scene)

    member = (await accept(scene, charlie, token)).json()

    (event,) = since(scene, last)
    invitation, joined, in_lab = event["changes"]
    assert event["action"] == "invitation.accepted"
    assert event["actor_id"] == charlie.actor.id
    assert invitation["before"] == {"status": "pending"}
    assert invitation["after"] == {"status": "accepted"}
    assert (joined["id"], joined["before"]) == (member["id"], None)
    assert joined["after"]["role"] == "viewer"
    assert in_lab["id"] == lab["id"]
    assert in_lab["after"] == {"member_id": member["id"], "role": "developer"}
    assert [target["name"] for target in event["targets"]] == [charlie.actor.email, "Charlie"]


async def test_an_update_tells_what_differs_and_nothing_else(scene: Scene) -> None:
    last = newest(scene)

    await _rename(scene)

    (event,) = since(scene, last)
    (change,) = event["changes"]
    assert change["before"] == {"name": "Acme"}
    assert change["after"] == {"name": "Umbrella"}


async def test_a_change_to_the_same_records_nothing(scene: Scene) -> None:
    last = newest(scene)

    answer = await scene.api.patch(
        scene.cast.acme_path, json={"name": "Acme"}, headers=scene.cast.alice.headers
    )

    assert answer.status_code == 200
    assert since(scene, last) == []


async def test_the_same_person_who_accepts_again_records_nothing(scene: Scene) -> None:
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email)
    await accept(scene, charlie, token)
    last = newest(scene)

    assert (await accept(scene, charlie, token)).status_code == 200

    assert since(scene, last) == []


async def test_a_refused_act_leaves_no_event_and_nothing_else(scene: Scene) -> None:
    email = new_address()
    await offered(scene, email)
    before = contents(scene)

    answers = [
        await offer(scene, email),
        await remove(scene, scene.cast.alice.member_id),
        await accept(scene, scene.cast.bob, "an unknown one"),
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 404]
    assert contents(scene) == before


async def test_no_event_can_tell_another_act_time_or_actor_than_it_told(scene: Scene) -> None:
    """An erasure may rewrite how people are named, and no more."""
    query = """
        select table_name, column_name from information_schema.column_privileges
         where grantee = 'tenantry_service' and privilege_type = 'UPDATE'
           and table_name in ('events', 'account_events') order by 1, 2
    """
    assert scene.admin.execute(query).fetchall() == [
        ("account_events", "changes"),
        ("events", "actor_name"),
        ("events", "changes"),
        ("events", "targets"),
    ]
