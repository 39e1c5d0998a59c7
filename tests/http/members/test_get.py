"""GET /api/v1/organizations/{org_id}/members/{member_id}."""

import httpx2

from tenantry.kit.ids import Kind, new_id, show
from tests.http.responses import told
from tests.support.cast import Cast


async def test_a_member_is_shown_as_in_the_list(api: httpx2.AsyncClient, cast: Cast) -> None:
    listed = (await api.get(f"{cast.acme_path}/members", headers=cast.vera.headers)).json()["data"]

    for member in listed:
        alone = await api.get(f"{cast.acme_path}/members/{member['id']}", headers=cast.vera.headers)
        assert alone.json() == member


async def test_who_is_no_member_here_is_not_found(api: httpx2.AsyncClient, cast: Cast) -> None:
    elsewhere = [cast.bob.member_id, show(Kind.MEMBERSHIP, new_id()), cast.alice.id, "_"]

    for member_id in elsewhere:
        answer = await api.get(f"{cast.acme_path}/members/{member_id}", headers=cast.vera.headers)
        assert told(answer) == (404, "not_found"), member_id
