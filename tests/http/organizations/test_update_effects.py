"""Changing an organization, and the revision that orders all changes of access."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest

from tests.http.organizations.test_create_effects import ORGANIZATIONS, create, new_name
from tests.support.database.contents import contents
from tests.support.database.lock_waits import count
from tests.support.scene import Scene, new_address


async def patch(
    scene: Scene, headers: dict[str, str] | None = None, **body: Any
) -> httpx2.Response:
    """The answer to Alice's change of Acme."""
    sent = {**scene.cast.alice.headers, **(headers or {})}
    return await scene.api.patch(scene.cast.acme_path, json=body, headers=sent)


def revision(scene: Scene) -> int:
    """The revision of Acme."""
    org_id = scene.cast.acme.organization.id
    return count(scene.admin, "select revision from organizations where org_id = %s", org_id)


async def test_what_is_not_named_stays(scene: Scene) -> None:
    before = (await scene.api.get(scene.cast.acme_path, headers=scene.cast.alice.headers)).json()

    after = (await patch(scene, name="Acme and Sons")).json()

    changed = {key for key in after if after[key] != before[key]}
    assert changed == {"name", "updated_at"}
    assert after["name"] == "Acme and Sons"


async def test_metadata_merges_by_key(scene: Scene) -> None:
    await patch(scene, metadata={"plan": "free", "region": "eu"})

    after = await patch(scene, metadata={"plan": "paid", "region": None, "tier": "1"})

    assert after.json()["metadata"] == {"plan": "paid", "tier": "1"}


async def test_a_new_slug_frees_the_old_one(unbroken: None, scene: Scene) -> None:
    old, new = scene.cast.acme.organization.slug, new_name().replace(" ", "-")

    answer = await patch(scene, slug=new)

    assert answer.json()["slug"] == new
    assert (await create(scene, name="Next", slug=old))["slug"] == old


async def test_the_slug_of_another_is_refused_and_nothing_is_changed(scene: Scene) -> None:
    taken = scene.cast.bobs.organization.slug
    before = contents(scene)

    answer = await patch(scene, slug=taken, name="Half done")

    assert (answer.status_code, answer.json()["code"]) == (409, "slug_taken")
    assert contents(scene) == before


async def test_ones_own_slug_again_is_no_conflict(scene: Scene) -> None:
    answer = await patch(scene, slug=scene.cast.acme.organization.slug, name="Renamed")

    assert answer.status_code == 200


async def test_a_change_of_another_version_is_refused_and_leaves_nothing(scene: Scene) -> None:
    shown = await scene.api.get(scene.cast.acme_path, headers=scene.cast.alice.headers)
    stale = {"If-Match": shown.headers["etag"]}
    assert (await patch(scene, stale, name="First")).status_code == 200
    before = contents(scene)

    answer = await patch(scene, stale, name="Second")

    assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")
    assert contents(scene) == before


async def test_a_change_that_changes_nothing_is_no_event(scene: Scene) -> None:
    org_id, name = scene.cast.acme.organization.id, scene.cast.acme.organization.name
    events = "select count(*) from events where org_id = %s"
    before = count(scene.admin, events, org_id)

    answer = await patch(scene, name=name)

    assert answer.status_code == 200
    assert count(scene.admin, events, org_id) == before


Act = Callable[[Scene], Awaitable[httpx2.Response]]


async def rename(scene: Scene) -> httpx2.Response:
    return await patch(scene, name="Renamed")


async def make_workspace(scene: Scene) -> httpx2.Response:
    return await scene.api.post(
        f"{scene.cast.acme_path}/workspaces",
        json={"name": "Lab"},
        headers=scene.cast.alice.headers,
    )


async def invite(scene: Scene) -> httpx2.Response:
    return await scene.api.post(
        f"{scene.cast.acme_path}/members/invite",
        json={"email": new_address()},
        headers=scene.cast.alice.headers,
    )


async def remove(scene: Scene) -> httpx2.Response:
    return await scene.api.delete(
        f"{scene.cast.acme_path}/members/{scene.cast.vera.member_id}",
        headers=scene.cast.alice.headers,
    )


@pytest.mark.parametrize("act", [rename, make_workspace, invite, remove])
async def test_every_act_raises_the_revision_by_one(scene: Scene, act: Act) -> None:
    before = revision(scene)

    answer = await act(scene)

    assert answer.is_success, answer.text
    assert revision(scene) == before + 1


async def test_accepting_raises_the_revision_by_one(scene: Scene) -> None:
    token = await scene.invited(scene.cast.charlie.actor.email)
    before = revision(scene)

    await scene.api.post(
        "/api/v1/invitations/accept", json={"token": token}, headers=scene.cast.charlie.headers
    )

    assert revision(scene) == before + 1


async def test_what_is_refused_does_not_raise_it(scene: Scene) -> None:
    before = revision(scene)

    last_admin = await scene.api.delete(
        f"{scene.cast.acme_path}/members/{scene.cast.alice.member_id}",
        headers=scene.cast.alice.headers,
    )
    stranger = await scene.api.patch(
        f"{ORGANIZATIONS}/{scene.cast.acme_path.rpartition('/')[2]}",
        json={"name": "Mine"},
        headers=scene.cast.bob.headers,
    )

    assert (last_admin.status_code, stranger.status_code) == (409, 404)
    assert revision(scene) == before
