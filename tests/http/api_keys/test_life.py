"""Keys and service accounts after they are made: renewed, renamed, used, ended."""

from typing import Any

import httpx2
import psycopg
import pytest

from tenantry.http.service import Service
from tests.http.api_keys.keys import account, bearing, is_alive, key
from tests.http.responses import ids, told
from tests.http.roles.custom import made as custom_role
from tests.support.cast import Cast, join


async def test_the_old_secret_lives_on_for_the_overlap(
    api: httpx2.AsyncClient, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    made = await key(api, cast)
    rotate = f"{cast.acme_path}/api-keys/{made['id']}/rotate"
    renewed = (await api.post(rotate, json={}, headers=cast.alice.headers)).json()
    assert renewed["id"] == made["id"]
    assert renewed["hint"] == renewed["key"][:11] + "…"
    assert [await is_alive(api, cast, each) for each in (made, renewed)] == [True, True]
    admin.execute(
        """update api_key_secrets set expires_at = now()
            where expires_at is not null and org_id = %s""",
        [cast.acme.organization.id],
    )
    assert [await is_alive(api, cast, each) for each in (made, renewed)] == [False, True]
    newest = await api.post(rotate, json={"overlap_seconds": 0}, headers=cast.alice.headers)
    assert [await is_alive(api, cast, each) for each in (renewed, newest.json())] == [False, True]


@pytest.mark.parametrize("seconds", [-1, 604_801, "60", 0.5, None])
async def test_an_overlap_has_its_bounds(
    api: httpx2.AsyncClient, cast: Cast, seconds: object
) -> None:
    made = await key(api, cast)
    answer = await api.post(
        f"{cast.acme_path}/api-keys/{made['id']}/rotate",
        json={"overlap_seconds": seconds},
        headers=cast.alice.headers,
    )
    assert told(answer) == (422, "validation_failed")


async def test_a_member_s_own_key_is_renewed_by_no_one_else(
    api: httpx2.AsyncClient, cast: Cast, service: Service
) -> None:
    role = await custom_role(api, cast, permissions=["api_key:manage", "role:read"])
    bob = await join(service, cast.bob, cast.acme, role["key"])
    bobs = await key(api, cast, bob, role=role["key"])
    path = f"{cast.acme_path}/api-keys/{bobs['id']}"
    answer = await api.post(f"{path}/rotate", json={}, headers=cast.alice.headers)
    assert told(answer) == (403, "key_of_another")
    alices = await key(api, cast)
    above = f"{cast.acme_path}/api-keys/{alices['id']}"
    assert told(await api.delete(above, headers=bob.headers)) == (403, "cannot_grant_role")
    assert (await api.delete(path, headers=cast.alice.headers)).status_code == 204
    assert not await is_alive(api, cast, bobs)


async def test_an_expired_key_is_not_renewed(
    api: httpx2.AsyncClient, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    made = await key(api, cast)
    admin.execute(
        "update api_keys set expires_at = now() where org_id = %s", [cast.acme.organization.id]
    )
    assert not await is_alive(api, cast, made)
    rotate = f"{cast.acme_path}/api-keys/{made['id']}/rotate"
    answer = await api.post(rotate, json={}, headers=cast.alice.headers)
    assert told(answer) == (409, "api_key_expired")


async def test_a_new_role_of_a_service_account_counts_from_the_next_request_on(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    robot = await account(api, cast)
    made = await key(api, cast, service_account_id=robot["id"])
    path = f"{cast.acme_path}/service-accounts/{robot['id']}"
    change = {"name": "Cyborg", "role": "developer"}
    body = {"name": "Lab"}
    workspaces = f"{cast.acme_path}/workspaces"
    assert (await api.post(workspaces, json=body, headers=bearing(made))).status_code == 403
    changed = await api.patch(path, json=change, headers=cast.alice.headers)
    assert (changed.json()["name"], changed.json()["role"]["key"]) == ("Cyborg", "developer")
    created = await api.post(workspaces, json=body, headers=bearing(made))
    assert (created.status_code, created.json()["role"]) == (201, None)
    assert (await api.delete(path, headers=cast.alice.headers)).status_code == 204
    assert not await is_alive(api, cast, made)
    assert told(await api.get(path, headers=cast.alice.headers)) == (404, "not_found")


async def test_lists_show_the_keys_of_one_account_and_no_hidden_workspace_s(
    api: httpx2.AsyncClient, cast: Cast, service: Service
) -> None:
    robot = await account(api, cast)
    own, of_robot = await key(api, cast), await key(api, cast, service_account_id=robot["id"])
    private = await api.post(
        f"{cast.acme_path}/workspaces",
        json={"name": "Vault", "visibility": "private"},
        headers=cast.alice.headers,
    )
    bound = await key(api, cast, workspace_id=private.json()["id"])
    path = f"{cast.acme_path}/api-keys"
    assert ids(await api.get(path, headers=cast.alice.headers)) == [
        each["id"] for each in (own, of_robot, bound)
    ]
    of_one = {"service_account_id": robot["id"]}
    assert ids(await api.get(path, params=of_one, headers=cast.alice.headers)) == [of_robot["id"]]
    role = await custom_role(api, cast, permissions=["api_key:manage"])
    bob = await join(service, cast.bob, cast.acme, role["key"])
    assert ids(await api.get(path, headers=bob.headers)) == [own["id"], of_robot["id"]]
    hidden = f"{path}/{bound['id']}"
    assert told(await api.get(hidden, headers=bob.headers)) == (404, "not_found")
    assert told(await api.delete(hidden, headers=bob.headers)) == (404, "not_found")


async def test_one_s_own_key_is_seen_and_revoked_when_its_workspace_is_hidden_from_one(
    api: httpx2.AsyncClient, cast: Cast, service: Service
) -> None:
    role = await custom_role(api, cast, permissions=["api_key:manage", "workspace:read"])
    bob = await join(service, cast.bob, cast.acme, role["key"])
    carol = await join(service, cast.charlie, cast.acme, role["key"])
    body = {"name": "Secret plans", "visibility": "private"}
    vault = await api.post(f"{cast.acme_path}/workspaces", json=body, headers=cast.alice.headers)
    there = f"{cast.acme_path}/workspaces/{vault.json()['id']}"
    seat = f"{there}/members/{bob.member_id}"
    await api.put(seat, json={"role": role["key"]}, headers=cast.alice.headers)
    bound = await key(api, cast, bob, role=role["key"], workspace_id=vault.json()["id"])
    assert (await api.get(there, headers=bearing(bound))).status_code == 200
    assert (await api.delete(seat, headers=cast.alice.headers)).status_code == 204

    assert told(await api.get(there, headers=bob.headers)) == (404, "not_found")
    assert told(await api.get(there, headers=bearing(bound))) == (404, "not_found")
    path = f"{cast.acme_path}/api-keys"
    listed = await api.get(path, headers=bob.headers)
    assert ids(listed) == [bound["id"]]
    assert listed.json()["data"][0]["workspace_id"] == vault.json()["id"]
    assert "Secret plans" not in listed.text
    assert ids(await api.get(path, headers=carol.headers)) == []
    own = f"{path}/{bound['id']}"
    assert told(await api.delete(own, headers=carol.headers)) == (404, "not_found")
    assert (await api.get(own, headers=bob.headers)).json()["name"] == bound["name"]
    assert (await api.delete(own, headers=bob.headers)).status_code == 204
    assert told(await api.get(there, headers=bearing(bound))) == (401, "invalid_token")


async def test_a_key_is_renamed_and_its_last_use_is_written_beside_its_requests(
    api: httpx2.AsyncClient, cast: Cast, service: Service
) -> None:
    made = await key(api, cast)
    path = f"{cast.acme_path}/api-keys/{made['id']}"
    renamed = await api.patch(path, json={"name": "Release"}, headers=cast.alice.headers)
    assert (renamed.json()["name"], renamed.json()["last_used_at"]) == ("Release", None)
    assert await is_alive(api, cast, made)
    assert (await api.get(path, headers=cast.alice.headers)).json()["last_used_at"] is None
    await service.key_uses.write()
    assert (await api.get(path, headers=cast.alice.headers)).json()["last_used_at"] is not None


async def test_a_key_may_revoke_itself(api: httpx2.AsyncClient, cast: Cast) -> None:
    made = await key(api, cast, role="admin")
    path = f"{cast.acme_path}/api-keys/{made['id']}"
    assert (await api.delete(path, headers=bearing(made))).status_code == 204
    assert not await is_alive(api, cast, made)


async def test_the_product_s_keys_are_made_and_renewed_by_operators(
    api: httpx2.AsyncClient, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    keys, olga = "/api/v1/operator/service-keys", cast.olga.headers
    made = (await api.post(keys, json={"name": "Billing"}, headers=olga)).json()
    assert made["key"].startswith("tnt_service_")
    assert made["scopes"] == ["access:read"]
    path = f"{keys}/{made['id']}"
    bearer = bearing(made)
    assert told(await api.get("/api/v1/me", headers=bearer)) == (403, "person_required")
    renewed = await api.post(f"{path}/rotate", json={"overlap_seconds": 0}, headers=olga)
    assert told(await api.get("/api/v1/me", headers=bearer)) == (401, "invalid_token")
    newest = bearing(renewed.json())
    newest_first = {"limit": "100", "order": "desc"}  # tests share the service
    assert told(await api.get("/api/v1/me", headers=newest)) == (403, "person_required")
    assert made["id"] in ids(await api.get(keys, params=newest_first, headers=olga))
    assert (await api.delete(path, headers=olga)).status_code == 204
    assert told(await api.get(path, headers=olga)) == (404, "not_found")
    assert told(await api.get("/api/v1/me", headers=newest)) == (401, "invalid_token")
    told_of = admin.execute(
        "select action from account_events where user_id = %s and action like 'service_key%%'"
        " order by id",
        [cast.olga.actor.id],
    ).fetchall()
    acts = [f"service_key.{act}" for act in ("created", "rotated", "revoked")]
    assert [action for (action,) in told_of] == acts
