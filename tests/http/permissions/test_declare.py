"""/api/v1/operator/permissions: what a product declares as its own, and takes back."""

from typing import Any

import httpx2
import pytest

from tenantry.authz.permissions import rules
from tests.http.permissions.declarations import PERMISSIONS, declare, declared, withdraw
from tests.http.responses import pointers, told
from tests.http.roles.custom import change, end, made
from tests.support.cast import Cast
from tests.support.scene import Scene, new_permission


async def test_it_is_there_as_it_was_declared(api: httpx2.AsyncClient, cast: Cast) -> None:
    name = new_permission()
    answer = await declare(api, cast, name=name, description="Do the thing.")

    shown = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{PERMISSIONS}/{name}"
    assert (shown["name"], shown["description"]) == (name, "Do the thing.")
    assert shown["uses"] == {"roles": 0, "organizations": 0}
    got = await api.get(f"{PERMISSIONS}/{name}", headers=cast.olga.headers)
    listed = await api.get(PERMISSIONS, headers=cast.olga.headers)
    assert got.json() == shown
    assert shown in listed.json()["data"]


async def test_a_name_is_declared_once(api: httpx2.AsyncClient, cast: Cast) -> None:
    name = await declared(api, cast)
    assert told(await declare(api, cast, name=name)) == (409, "permission_taken")


@pytest.mark.parametrize(
    "name", ["", "thing", "Thing:do", "thing:do:it", "workspace:paint", "user:read", "x" * 90, 7]
)
async def test_a_name_that_is_none_is_refused(
    api: httpx2.AsyncClient, cast: Cast, name: Any
) -> None:
    assert pointers(await declare(api, cast, name=name)) == ["#/name"]


async def test_it_is_described_anew_and_keeps_its_name(api: httpx2.AsyncClient, cast: Cast) -> None:
    name = await declared(api, cast)
    path = f"{PERMISSIONS}/{name}"
    etag = (await api.get(path, headers=cast.olga.headers)).headers["etag"]
    headers = {**cast.olga.headers, "If-Match": etag}

    changed = await api.patch(path, json={"description": "Do it."}, headers=headers)
    late = await api.patch(path, json={"description": "Don't."}, headers=headers)
    renamed = await api.patch(path, json={"name": "a:b"}, headers=cast.olga.headers)

    assert changed.json()["description"] == "Do it."
    assert told(late) == (412, "precondition_failed")
    assert renamed.status_code == 422


async def test_one_that_a_role_holds_cannot_vanish(api: httpx2.AsyncClient, cast: Cast) -> None:
    name = await declared(api, cast)
    role = await made(api, cast, permissions=[name])
    other = await made(api, cast, name="Other", permissions=[name])

    refused = await withdraw(api, cast, name)

    assert told(refused) == (409, "permission_in_use")
    assert (refused.json()["roles"], refused.json()["organizations"]) == (2, 1)
    got = await api.get(f"{PERMISSIONS}/{name}", headers=cast.olga.headers)
    assert got.json()["uses"] == {"roles": 2, "organizations": 1}
    await change(api, cast, other, permissions=[])
    await end(api, cast, role)
    assert (await withdraw(api, cast, name)).status_code == 204
    assert told(await withdraw(api, cast, name)) == (404, "not_found")
    assert told(await api.get(f"{PERMISSIONS}/{name}", headers=cast.olga.headers)) == (
        *(404, "not_found"),
    )


async def test_a_path_that_names_none_is_not_found(api: httpx2.AsyncClient, cast: Cast) -> None:
    for hostile in ("thing", "Thing:do", "thing:do%0a", "%00", "a:b:c", "organization:read", "a:b"):
        path = f"{PERMISSIONS}/{hostile}"
        assert told(await api.get(path, headers=cast.olga.headers)) == (404, "not_found")
        assert told(await api.delete(path, headers=cast.olga.headers)) == (404, "not_found")
        assert told(await api.get(path, headers=cast.alice.headers)) == (403, "operator_required")


async def test_each_act_is_kept_with_who_did_it(scene: Scene) -> None:
    cast, api = scene.cast, scene.api
    name = await declared(api, cast, description="Do it.")
    path = f"{PERMISSIONS}/{name}"
    for _ in range(2):
        await api.patch(path, json={"description": "Do."}, headers=cast.olga.headers)
    await withdraw(api, cast, name)

    rows = scene.admin.execute(
        "select action, changes -> 0 from account_events"
        " where actor_id = %s and changes -> 0 ->> 'id' = %s order by id",
        [cast.olga.actor.id, name],
    ).fetchall()
    assert [(action, change["before"], change["after"]) for action, change in rows] == [
        ("permission.declared", None, {"description": "Do it."}),
        ("permission.updated", {"description": "Do it."}, {"description": "Do."}),
        ("permission.withdrawn", {"description": "Do."}, None),
    ]


def test_there_are_no_more_than_anybody_can_look_through() -> None:
    rules.ensure_declarable(present=499)
    with pytest.raises(Exception, match="500 permissions") as refused:
        rules.ensure_declarable(present=500)
    assert getattr(refused.value, "extra", None) == {"limit": "permissions", "maximum": 500}
