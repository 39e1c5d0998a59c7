"""GET /api/v1/permissions: whatever a role can hold, for everybody who makes roles."""

import httpx2

from tenantry.access.permissions import OURS
from tests.api.permissions.declaring import declared
from tests.cast import Cast


async def test_it_names_ours_and_then_the_products(api: httpx2.AsyncClient, cast: Cast) -> None:
    name = await declared(api, cast, description="Do it.")

    listed = (await api.get("/api/v1/permissions", headers=cast.charlie.headers)).json()["data"]

    names = [each["name"] for each in listed]
    assert names[: len(OURS)] == OURS
    assert names[len(OURS) :] == sorted(names[len(OURS) :])
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
