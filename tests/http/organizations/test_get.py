"""GET /api/v1/organizations/{org_id}."""

import httpx2

from tests.http.responses import ORGANIZATIONS
from tests.support.cast import Cast


async def test_it_is_shown_with_all_that_is_known_of_it(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    acme, organization = cast.acme.organization, cast.acme_path.rpartition("/")[2]

    shown = (await api.get(cast.acme_path, headers=cast.dave.headers)).json()

    assert shown["id"] == organization
    assert (shown["name"], shown["slug"]) == (acme.name, acme.slug)
    assert shown["default_workspace_id"] == cast.workspace_id
    assert set(shown["role"]) == {"id", "key", "name"}
    assert shown["role"]["key"] == "developer"


async def test_ones_personal_organization_is_an_organization(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    (own,) = (await api.get(ORGANIZATIONS, headers=cast.charlie.headers)).json()["data"]

    shown = await api.get(f"{ORGANIZATIONS}/{own['id']}", headers=cast.charlie.headers)

    assert shown.json() == own
    assert (own["kind"], own["role"]["key"]) == ("personal", "admin")


async def test_times_are_told_in_utc(api: httpx2.AsyncClient, cast: Cast) -> None:
    shown = (await api.get(cast.acme_path, headers=cast.alice.headers)).json()

    made = cast.acme.organization.created_at.isoformat()
    assert shown["created_at"] == made.removesuffix("+00:00") + "Z"
