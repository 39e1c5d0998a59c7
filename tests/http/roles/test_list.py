"""GET /api/v1/organizations/{org_id}/roles."""

import httpx2

from tests.http.responses import ids
from tests.support.cast import Cast


async def test_the_roles_are_listed_with_all_that_they_permit(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    answer = await api.get(f"{cast.acme_path}/roles", headers=cast.vera.headers)

    roles = answer.json()["data"]
    assert [(role["key"], role["name"]) for role in roles] == [
        ("admin", "Admin"),
        ("developer", "Developer"),
        ("viewer", "Viewer"),
    ]
    assert {role["organization_id"] for role in roles} == {cast.acme_path.rpartition("/")[2]}
    assert all(role["is_default"] and role["description"] for role in roles)
    assert "organization:delete" in roles[0]["permissions"]
    assert "organization:delete" not in roles[1]["permissions"]


async def test_the_role_inside_other_resources_is_one_of_these(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    roles = (await api.get(f"{cast.acme_path}/roles", headers=cast.dave.headers)).json()["data"]

    own = (await api.get(cast.acme_path, headers=cast.dave.headers)).json()["role"]

    assert own in [{key: role[key] for key in ("id", "key", "name")} for role in roles]


async def test_two_organizations_share_no_role(api: httpx2.AsyncClient, cast: Cast) -> None:
    acmes = await api.get(f"{cast.acme_path}/roles", headers=cast.alice.headers)
    bobs = await api.get(f"{cast.bobs_path}/roles", headers=cast.bob.headers)

    assert not set(ids(acmes)) & set(ids(bobs))
