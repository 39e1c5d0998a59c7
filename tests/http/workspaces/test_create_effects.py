"""Making a workspace: who is in it, who sees it, and its slug."""

import asyncio
from typing import Any

import httpx2
import pytest

from tests.http.organizations.test_create_effects import new_name
from tests.support.api.invitations import workspace
from tests.support.cast import Player
from tests.support.database.contents import contents
from tests.support.database.lock_waits import count, until_waiting
from tests.support.scene import Scene

_HOLD_ACME = "select 1 from organizations where org_id = %s for no key update"

# Who joins a new workspace waits for the key of their role there, after the slug was chosen.
_HOLD_ROLES = "select 1 from roles where org_id = %s for update"


async def asked(scene: Scene, **body: Any) -> httpx2.Response:
    """The answer to Alice's wish for a workspace of Acme."""
    return await scene.api.post(
        f"{scene.cast.acme_path}/workspaces", json=body, headers=scene.cast.alice.headers
    )


async def seen(scene: Scene, who: Player, made: dict[str, Any]) -> int:
    """Whether somebody sees the workspace: 200 or 404, alone and in the list."""
    path = f"{scene.cast.acme_path}/workspaces"
    alone = await scene.api.get(f"{path}/{made['id']}", headers=who.headers)
    listed = await scene.api.get(path, headers=who.headers)
    in_list = made["id"] in {each["id"] for each in listed.json()["data"]}
    assert in_list == (alone.status_code == 200)
    return alone.status_code


async def test_who_makes_it_is_its_admin_whatever_their_role_is_elsewhere(
    unbroken: None, scene: Scene
) -> None:
    dave = scene.cast.dave

    made = await workspace(scene, by=dave, name="Lab", description="Bench", metadata={"k": "v"})

    path = f"{scene.cast.acme_path}/workspaces/{made['id']}"
    shown = (await scene.api.get(path, headers=dave.headers)).json()
    for_vera = (await scene.api.get(path, headers=scene.cast.vera.headers)).json()
    assert shown == made
    assert made["role"]["key"] == "admin"
    assert (made["description"], made["metadata"]) == ("Bench", {"k": "v"})
    assert (made["is_default"], made["archived_at"]) == (False, None)
    assert for_vera == {**made, "role": None}


async def test_a_private_one_is_seen_by_its_members_and_admins_alone(
    unbroken: None, scene: Scene, eve: Player
) -> None:
    made = await workspace(scene, by=scene.cast.dave, name="Vault", visibility="private")
    cast = scene.cast

    answers = {
        who.actor.name: await seen(scene, who, made)
        for who in (cast.alice, eve, cast.dave, cast.vera)
    }

    assert answers == {"Alice": 200, "Eve": 200, "Dave": 200, "Vera": 404}


async def test_an_open_one_is_seen_by_every_member(scene: Scene) -> None:
    made = await workspace(scene, name="Lab")

    assert await seen(scene, scene.cast.vera, made) == 200


async def test_a_role_in_it_gives_what_counts_there_and_nothing_else(scene: Scene) -> None:
    """Dave is the Admin of his workspace, and no more of the organization than before."""
    dave, cast = scene.cast.dave, scene.cast
    await workspace(scene, by=dave, name="Vault", visibility="private")

    for path in ("/events", "/members"):
        status = (await scene.api.get(cast.acme_path + path, headers=dave.headers)).status_code
        assert status == (403 if path == "/events" else 200)
    renamed = await scene.api.patch(cast.acme_path, json={"name": "Mine"}, headers=dave.headers)
    assert renamed.status_code == 403


async def test_its_slug_is_made_from_its_name(scene: Scene) -> None:
    first = await workspace(scene, name="Größe & Güte")
    second = await workspace(scene, name="Größe & Güte")

    assert first["slug"] == "grosse-gute"
    assert second["slug"].startswith("grosse-gute-")


async def test_a_slug_that_is_taken_is_refused_and_nothing_is_kept(scene: Scene) -> None:
    await workspace(scene, name="Lab", slug="lab")
    before = contents(scene)

    answer = await asked(scene, name="Another", slug="lab")

    assert (answer.status_code, answer.json()["code"]) == (409, "slug_taken")
    assert contents(scene) == before


async def test_another_organization_may_have_the_same_slug(scene: Scene) -> None:
    await workspace(scene, name="Lab", slug="lab")

    there = await workspace(
        scene, by=scene.cast.bob, path=scene.cast.bobs_path, name="Lab", slug="lab"
    )

    assert there["slug"] == "lab"


@pytest.mark.usefixtures("unbroken")
async def test_of_ten_who_ask_for_one_slug_one_gets_it(scene: Scene) -> None:
    """Fails with nine 500 once the insert names no refusal, and with ten 201 once the table has no
    key for slugs: both tried."""
    slug = new_name().replace(" ", "-")

    answers = await asyncio.gather(*(asked(scene, name="Same", slug=slug) for _ in range(10)))

    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 9]
    assert {answer.json().get("code") for answer in answers} == {None, "slug_taken"}


@pytest.mark.usefixtures("unbroken")
async def test_two_of_one_name_at_once_find_two_slugs(scene: Scene) -> None:
    """Fails with a 409 once `create` does not lock the organization: tried."""
    org_id, name = scene.cast.acme.organization.id, new_name()
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_ROLES, [org_id])
        acts = [asyncio.create_task(asked(scene, name=name)) for _ in range(2)]
        await until_waiting(scene.admin, *acts)

    answers = await asyncio.gather(*acts)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["slug"] for answer in answers}) == 2


async def test_no_one_who_was_removed_meanwhile_makes_one(scene: Scene) -> None:
    """Fails with 201 once `create` does not lock the organization: tried."""
    dave = scene.cast.dave
    assert dave.membership is not None
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_ACME, [scene.cast.acme.organization.id])
        making = asyncio.create_task(
            scene.api.post(
                f"{scene.cast.acme_path}/workspaces", json={"name": "Lab"}, headers=dave.headers
            )
        )
        await until_waiting(scene.admin, making)
        scene.admin.execute("delete from memberships where id = %s", [dave.membership.id])

    assert (await making).status_code == 404
    made = "select count(*) from workspaces where org_id = %s and slug = 'lab'"
    assert count(scene.admin, made, scene.cast.acme.organization.id) == 0
