"""Inviting many at once: each is made or refused by itself."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg

from tenantry.kit.limits import Limits
from tests.conftest import ClientOf
from tests.support.api.invitation_responses import batch, told
from tests.support.api.invitations import accept, offered
from tests.support.cast import Cast
from tests.support.database.contents import contents
from tests.support.mail.mailbox import email_to, token_in
from tests.support.scene import Scene, new_address


async def results(scene: Scene, *items: Any) -> list[dict[str, Any]]:
    """What became of each item."""
    answer = await batch(scene, *items)
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


async def test_each_is_made_or_refused_by_itself(unbroken: None, scene: Scene) -> None:
    charlie, vera, pending = scene.cast.charlie, scene.cast.vera, new_address()
    await offered(scene, pending)

    made, member, open_already, twice = await results(
        scene,
        {"email": charlie.actor.email, "role": "developer"},
        {"email": vera.actor.email},
        {"email": pending},
        {"email": charlie.actor.email},
    )

    assert (made["status"], made["email"], made["problem"]) == (
        "created",
        charlie.actor.email,
        None,
    )
    assert [each["problem"]["code"] for each in (member, open_already, twice)] == [
        "already_member",
        "invitation_pending",
        "invitation_pending",
    ]
    assert twice["problem"]["invitation_id"] == made["invitation"]["id"]
    assert all(each["invitation"] is None for each in (member, open_already, twice))
    token = token_in(await email_to(scene.mailbox, charlie.actor.email, subject="invites you"))
    assert (await accept(scene, charlie, token)).json()["role"]["key"] == "developer"


async def test_a_problem_points_into_its_item(unbroken: None, scene: Scene) -> None:
    workspace = {"workspace_id": scene.cast.workspace_id, "role": "viewer"}
    answer = await batch(
        scene,
        {"email": new_address(), "role": "nobody"},
        {"email": "no one at all"},
        {"email": new_address(), "colour": "red"},
        "nothing of an object",
        {"email": new_address(), "workspaces": [workspace, workspace]},
    )

    problems = [each["problem"] for each in answer.json()["results"]]
    assert [(each["code"], each["errors"][0]["pointer"]) for each in problems] == [
        ("role_unknown", "#/invitations/0/role"),
        ("validation_failed", "#/invitations/1/email"),
        ("validation_failed", "#/invitations/2/colour"),
        ("validation_failed", "#/invitations/3"),
        ("validation_failed", "#/invitations/4/workspaces"),
    ]
    assert {each["status"] for each in problems} == {422}
    assert {each["request_id"] for each in problems} == {answer.headers["x-request-id"]}
    assert "no one at all" not in answer.text
    assert [each["email"] is None for each in answer.json()["results"]] == [
        *(False, True, False, True, False)
    ]


async def test_where_all_are_refused_nothing_is_left(scene: Scene) -> None:
    before = contents(scene)

    answers = await results(scene, {"email": scene.cast.vera.actor.email}, {"email": "x"})

    assert {each["status"] for each in answers} == {"refused"}
    after = contents(scene)
    assert {table for table in after if after[table] != before[table]} <= {"organizations"}


async def test_a_limit_is_reached_in_the_midst_of_it(
    client_of: ClientOf, mailbox: Path, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    limits = replace(Limits(), pending_invitations=2)
    cramped = Scene(await client_of(limits=limits), mailbox, cast, admin)

    answers = await results(cramped, *({"email": new_address()} for _ in range(4)))

    assert [each["status"] for each in answers] == ["created", "created", "refused", "refused"]
    assert answers[2]["problem"]["limit"] == "pending_invitations"


async def test_a_hundred_are_taken_and_no_more(unbroken: None, scene: Scene) -> None:
    answers = await results(scene, *({"email": new_address()} for _ in range(100)))
    assert {each["status"] for each in answers} == {"created"}

    for number in (0, 101):
        refused = await batch(scene, *({"email": new_address()} for _ in range(number)))
        assert told(refused) == (422, "validation_failed")
        assert refused.json()["errors"][0]["pointer"] == "#/invitations"


async def test_the_same_key_gives_the_same_answer_and_no_second_email(scene: Scene) -> None:
    item = {"email": new_address()}

    first, again = [await batch(scene, item, key="k" * 16) for _ in range(2)]

    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert first.json()["results"][0]["status"] == "created"
