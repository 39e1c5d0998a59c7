"""GET /api/v1/me."""

import httpx2

from tests.http.responses import API
from tests.support.cast import Cast


async def test_everybody_is_shown_themselves(api: httpx2.AsyncClient, cast: Cast) -> None:
    for who in (cast.alice, cast.charlie):
        me = (await api.get(f"{API}/me", headers=who.headers)).json()
        assert (me["id"], me["email"], me["name"]) == (who.id, who.actor.email, who.actor.name)
        assert me["email_verified"] is True
