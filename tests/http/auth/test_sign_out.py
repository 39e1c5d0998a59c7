"""POST /api/v1/auth/sign-out."""

import httpx2

from tests.http.responses import API, told
from tests.support.api.signed_in import Tokens, is_alive, refresh, sign_in
from tests.support.cast import Cast


async def test_this_session_is_over_and_others_are_not(api: httpx2.AsyncClient, cast: Cast) -> None:
    ctx, there = [Tokens.of(await sign_in(api, cast.charlie.actor.email)) for _ in range(2)]

    answer = await api.post(f"{API}/auth/sign-out", headers=ctx.headers)

    assert (answer.status_code, answer.content) == (204, b"")
    assert not await is_alive(api, ctx)
    assert (await refresh(api, ctx.refresh)).status_code == 400
    assert await is_alive(api, there)


async def test_who_is_not_signed_in_cannot_sign_out(api: httpx2.AsyncClient) -> None:
    assert told(await api.post(f"{API}/auth/sign-out")) == (401, "unauthenticated")
