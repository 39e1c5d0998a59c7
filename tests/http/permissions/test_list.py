"""GET /api/v1/permissions: whatever a role can hold, for everybody who makes roles."""

import httpx2

from tenantry.authz.builtin_permissions import OFFERED
from tests.http.permissions.declarations import declared
from tests.support.cast import Cast


async def test_it_names_ours_and_then_the_products(api: httpx2.AsyncClient, cast: Cast) -> None:
    name = await declared(api, cast, description="Do it.")

    listed = (await api.get("/api/v1/permissions", headers=cast.charlie.headers)).json()["data"]

    names = [each["name"] for each in listed]
    ours = [each.value for each in OFFERED]
    assert names[: len(ours)] == ours
    assert names[len(ours) :] == sorted(names[len(ours) :])
    by_name = {each["name"]: each for each in listed}
    assert by_name[name] == {
        "name": name,
        "description": "Do it.",
        "declared_by": "product",
        "in_workspace": True,
    }
    assert by_name["workspace:create"]["in_workspace"] is False
    assert by_name["workspace:update"]["in_workspace"] is True
    assert by_name["member:read"]["declared_by"] == "service"


async def test_what_nothing_listens_to_yet_is_not_offered_and_stays_with_admins(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    """Roles that hold it, or are copied from one that does, stay as they are once it is offered."""
    listed = await api.get("/api/v1/permissions", headers=cast.alice.headers)
    described = await api.get("/openapi.json")
    roles = await api.get(f"{cast.acme_path}/roles", headers=cast.alice.headers)

    assert "webhook" not in listed.text
    assert '"webhook:manage"' not in described.text
    admin = next(role for role in roles.json()["data"] if role["key"] == "admin")
    assert "webhook:manage" in admin["permissions"]
    copy = {"name": "Deputy", "permissions": admin["permissions"]}
    made = await api.post(f"{cast.acme_path}/roles", json=copy, headers=cast.alice.headers)
    assert made.status_code == 201
