"""POST and GET /api/v1/organizations/{org_id}/roles."""

from typing import Any

import httpx2
import pytest

from tenantry.kit.limits import Limits
from tests.conftest import ClientOf
from tests.http.responses import BAD_NAMES, pointers, told
from tests.http.roles.custom import create, hold, made, path
from tests.support.cast import Cast
from tests.support.database.contents import contents
from tests.support.scene import Scene

BAD: list[tuple[str, list[Any]]] = [
    ("name", BAD_NAMES),
    ("key", ["", "Boss", "role_x", "-x", "x" * 49, "a b", 5]),
    ("description", ["x" * 501, None, 5]),
    ("permissions", [None, "event:read", 5]),
    ("is_default", [True]),
]


async def test_the_answer_is_what_is_read_afterwards(api: httpx2.AsyncClient, cast: Cast) -> None:
    permissions = ["event:read", "organization:read", "event:read"]
    answer = await create(api, cast, description="Reads all", permissions=permissions)

    role = answer.json()
    shown = await api.get(answer.headers["location"], headers=cast.vera.headers)
    assert shown.json() == role
    assert (role["key"], role["is_default"]) == ("auditor", False)
    assert role["permissions"] == ["organization:read", "event:read"]


async def test_a_key_may_be_chosen_and_is_taken_once(scene: Scene) -> None:
    await made(scene.api, scene.cast, key="books_1")
    before = contents(scene)

    assert told(await create(scene.api, scene.cast, key="books_1")) == (409, "role_key_taken")
    assert told(await create(scene.api, scene.cast, key="admin")) == (409, "role_key_taken")
    assert contents(scene) == before


async def test_a_key_made_from_a_name_finds_its_way(api: httpx2.AsyncClient, cast: Cast) -> None:
    first, second = await made(api, cast), await made(api, cast)

    assert first["key"] == "auditor"
    assert second["key"].startswith("auditor-")


@pytest.mark.parametrize(("field", "values"), BAD)
async def test_what_is_not_acceptable_is_refused_by_name(
    api: httpx2.AsyncClient, cast: Cast, field: str, values: list[Any]
) -> None:
    for value in values:
        assert pointers(await create(api, cast, **{field: value})) == [f"#/{field}"], repr(value)


async def test_a_permission_of_no_catalog_is_refused(api: httpx2.AsyncClient, cast: Cast) -> None:
    undeclared = await create(api, cast, permissions=["event:read", "world:rule"])
    reserved = await create(api, cast, permissions=["event:read", "workspace:rule"])

    assert told(undeclared) == (422, "permission_unknown")
    assert [each["pointer"] for each in undeclared.json()["errors"]] == ["#/permissions/1"]
    assert pointers(reserved) == ["#/permissions/1"]


async def test_no_one_makes_a_role_above_their_own(api: httpx2.AsyncClient, cast: Cast) -> None:
    keeper = await made(api, cast, name="Keeper", permissions=["role:read", "role:manage"])
    await hold(api, cast, cast.dave, keeper)

    above = await create(api, cast, by=cast.dave, name="Boss", permissions=["member:remove"])
    own = await create(api, cast, by=cast.dave, name="Half", permissions=["role:read"])

    assert told(above) == (403, "cannot_grant_role")
    assert above.json()["missing_permissions"] == ["member:remove"]
    assert own.status_code == 201


async def test_an_organization_makes_no_more_than_it_may(client_of: ClientOf, cast: Cast) -> None:
    api = await client_of(limits=Limits(custom_roles=1))
    only = await made(api, cast)

    refused = await create(api, cast, name="Another")
    assert told(refused) == (409, "limit_reached")
    assert (refused.json()["limit"], refused.json()["maximum"]) == ("custom_roles", 1)
    await api.delete(path(cast, only), headers=cast.alice.headers)
    assert (await create(api, cast)).status_code == 201


async def test_a_role_of_another_organization_is_unknown(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    role = await made(api, cast)
    elsewhere = f"{cast.bobs_path}/roles/{role['id']}"

    assert told(await api.get(elsewhere, headers=cast.bob.headers)) == (404, "not_found")
    assert told(await api.delete(elsewhere, headers=cast.bob.headers)) == (404, "not_found")
