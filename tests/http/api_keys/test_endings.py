"""Keys end with what they rest on, or follow it; events tell of each, and nothing is left over."""

import asyncio

import httpx2
import pytest

from tenantry.http.service import Service
from tests.http.api_keys.keys import account, bearing, is_alive, key
from tests.http.roles.custom import end
from tests.http.roles.custom import made as custom_role
from tests.support.cast import PASSWORD, Player, join
from tests.support.database.lock_waits import count, until_waiting
from tests.support.database.replay import State, present
from tests.support.scene import GOOD_PASSWORD, Scene, new_address

pytestmark = pytest.mark.usefixtures("unbroken")


# The cast's members joined without an invitation, so no event records it.
_KINDS = ("api_key", "service_account", "role", "workspace")


def _told_as_it_is(scene: Scene) -> bool:
    there = present(scene.admin, scene.cast.acme.organization.id)
    return _replayed(scene) == {key: told for key, told in there.items() if key[0] in _KINDS}


def _replayed(scene: Scene) -> State:
    state: State = {}
    rows = scene.admin.execute(
        "select changes from events where org_id = %s order by id",
        [scene.cast.acme.organization.id],
    ).fetchall()
    for change in (change for (changes,) in rows for change in changes):
        if change["type"] not in _KINDS:
            continue
        known = state.pop((change["type"], change["id"]), None)
        assert (change["before"] is None) == (known is None)
        if change["after"] is not None:
            state[change["type"], change["id"]] = {**(known or {}), **change["after"]}
    return state


async def _bob_with_a_key(scene: Scene, service: Service) -> tuple[Player, dict[str, str]]:
    cast = scene.cast
    role = await custom_role(scene.api, cast, permissions=["api_key:manage", "role:read"])
    bob = await join(service, cast.bob, cast.acme, role["key"])
    return bob, await key(scene.api, cast, bob, role=role["key"])


async def test_a_member_who_is_removed_or_leaves_takes_their_own_keys_along(
    scene: Scene, service: Service
) -> None:
    cast = scene.cast
    robot = await account(scene.api, cast)
    stays = await key(scene.api, cast, service_account_id=robot["id"])
    bob, bobs = await _bob_with_a_key(scene, service)
    removed = await scene.api.delete(
        f"{cast.acme_path}/members/{bob.member_id}", headers=cast.alice.headers
    )
    assert removed.status_code == 204, removed.text
    assert not await is_alive(scene.api, cast, bobs)
    assert await is_alive(scene.api, cast, stays)
    assert _told_as_it_is(scene)


async def test_a_member_who_is_suspended_is_not_there_for_their_key_either(
    scene: Scene, service: Service
) -> None:
    cast = scene.cast
    bob, bobs = await _bob_with_a_key(scene, service)
    path = f"{cast.acme_path}/members/{bob.member_id}"
    for status, alive in (("suspended", False), ("active", True)):
        changed = await scene.api.patch(path, json={"status": status}, headers=cast.alice.headers)
        assert changed.status_code == 200, changed.text
        assert await is_alive(scene.api, cast, bobs) is alive


async def test_a_role_that_ends_is_replaced_on_keys_and_service_accounts(scene: Scene) -> None:
    cast = scene.cast
    role = await custom_role(scene.api, cast, permissions=["role:read"])
    robot = await account(scene.api, cast, role=role["key"])
    own = await key(scene.api, cast, role=role["key"])
    of_robot = await key(scene.api, cast, service_account_id=robot["id"])
    in_use = await end(scene.api, cast, role)
    assert in_use.status_code == 409
    assert (in_use.json()["api_keys"], in_use.json()["service_accounts"]) == (1, 1)
    replaced = await scene.api.delete(
        f"{cast.acme_path}/roles/{role['id']}",
        params={"replace_with": await _viewer(scene)},
        headers=cast.alice.headers,
    )
    assert replaced.status_code == 204, replaced.text
    for made in (own, of_robot):
        path = f"{cast.acme_path}/api-keys/{made['id']}"
        shown = (await scene.api.get(path, headers=cast.alice.headers)).json()
        assert shown["role"]["key"] == "viewer"
        assert await is_alive(scene.api, cast, made)
    assert _told_as_it_is(scene)


async def _viewer(scene: Scene) -> str:
    listed = await scene.api.get(f"{scene.cast.acme_path}/roles", headers=scene.cast.alice.headers)
    return next(role["id"] for role in listed.json()["data"] if role["key"] == "viewer")


async def test_a_workspace_that_is_deleted_ends_what_is_bound_to_it(scene: Scene) -> None:
    cast = scene.cast
    lab = await scene.api.post(
        f"{cast.acme_path}/workspaces", json={"name": "Lab"}, headers=cast.alice.headers
    )
    there = {"workspace_id": lab.json()["id"]}
    path = f"{cast.acme_path}/workspaces/{lab.json()['id']}"
    robot = await account(scene.api, cast, **there)
    bound = [
        await key(scene.api, cast, **there),
        await key(scene.api, cast, service_account_id=robot["id"]),
    ]
    for made in bound:
        assert (await scene.api.get(path, headers=bearing(made))).status_code == 200
    assert (await scene.api.delete(path, headers=cast.alice.headers)).status_code == 204
    for made in bound:
        assert (await scene.api.get(path, headers=bearing(made))).status_code == 401
    assert _told_as_it_is(scene)


async def test_a_deleted_organization_refuses_its_keys_and_knows_them_again(scene: Scene) -> None:
    cast = scene.cast
    made = await key(scene.api, cast)
    deleted = await scene.api.delete(cast.acme_path, headers=cast.alice.headers)
    assert deleted.status_code == 204
    assert not await is_alive(scene.api, cast, made)
    await scene.api.post(f"{cast.acme_path}/restore", headers=cast.alice.headers)
    assert await is_alive(scene.api, cast, made)


async def test_the_first_proof_of_an_address_ends_every_key_that_was_made_with_it(
    scene: Scene,
) -> None:
    email = new_address()
    answer = await scene.api.post(
        "/api/v1/auth/sign-up", json={"email": email, "password": PASSWORD}
    )
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    personal = answer.json()["organization"]["id"]
    team = await scene.api.post("/api/v1/organizations", json={"name": "Squat"}, headers=headers)
    made = list[tuple[str, dict[str, str]]]()
    for org_id in (personal, team.json()["id"]):
        path = f"/api/v1/organizations/{org_id}"
        body = {"name": "Deploy", "role": "admin"}
        issued = await scene.api.post(f"{path}/api-keys", json=body, headers=headers)
        made.append((path, bearing(issued.json())))
    robot = await scene.api.post(
        f"/api/v1/organizations/{personal}/service-accounts",
        json={"name": "Robot", "role": "admin"},
        headers=headers,
    )
    body = {"name": "Robot's", "service_account_id": robot.json()["id"]}
    path = f"/api/v1/organizations/{personal}"
    issued = await scene.api.post(f"{path}/api-keys", json=body, headers=headers)
    made.append((path, bearing(issued.json())))
    for path, bearer in made:
        assert (await scene.api.get(path, headers=bearer)).status_code == 200

    token = await scene.forgot_password(email)
    reset = {"token": token, "password": GOOD_PASSWORD}
    assert (await scene.api.post("/api/v1/auth/password/reset", json=reset)).status_code == 204

    for path, bearer in made:
        assert (await scene.api.get(path, headers=bearer)).status_code == 401
    left = """select count(*) from api_keys k
                join organizations o on o.org_id = k.org_id where o.slug = %s"""
    assert count(scene.admin, left, team.json()["slug"]) == 0


_HOLD_MEMBERS = "select 1 from memberships where org_id = %s for update"


@pytest.mark.parametrize("makes_first", [True, False])
async def test_who_is_removed_leaves_no_key_behind_that_they_are_just_making(
    scene: Scene, service: Service, makes_first: bool
) -> None:
    """Fails both ways once `_LOCK` of `access.locks` reads and does not lock: tried."""
    cast = scene.cast
    bob, _ = await _bob_with_a_key(scene, service)
    removing = scene.api.delete(
        f"{cast.acme_path}/members/{bob.member_id}", headers=cast.alice.headers
    )
    making = scene.api.post(
        f"{cast.acme_path}/api-keys",
        json={"name": "Late", "role": bob.membership.role.key if bob.membership else ""},
        headers=bob.headers,
    )
    tasks = list[asyncio.Task[httpx2.Response]]()
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_MEMBERS, [cast.acme.organization.id])
        for act in (making, removing) if makes_first else (removing, making):
            tasks.append(asyncio.create_task(act))
            await until_waiting(scene.admin, *tasks)
    made, removed = (await asyncio.gather(*tasks))[:: 1 if makes_first else -1]
    assert removed.status_code == 204, removed.text
    assert made.status_code == (201 if makes_first else 404), made.text
    left = "select count(*) from api_keys where org_id = %s and membership_id is not null"
    assert count(scene.admin, left, cast.acme.organization.id) == 0
