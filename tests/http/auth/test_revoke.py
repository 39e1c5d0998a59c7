"""POST /api/v1/auth/revoke (RFC 7009): who holds a token may make it good for nothing."""

from typing import Any

import httpx2
import psycopg
import pytest

from tests.http.token_exchange import organization_token
from tests.support.api.signed_in import Tokens, is_alive, refresh, sign_in
from tests.support.cast import Cast
from tests.support.database.contents import contents
from tests.support.scene import Scene

REVOKE = "/api/v1/auth/revoke"


async def revoke(api: httpx2.AsyncClient, token: str, **more: str) -> httpx2.Response:
    """The answer to a revocation."""
    return await api.post(REVOKE, data={"token": token, **more})


@pytest.mark.parametrize("kind", ["refresh", "access"])
async def test_a_token_that_is_revoked_ends_its_session(
    api: httpx2.AsyncClient, cast: Cast, admin: psycopg.Connection[Any], kind: str
) -> None:
    tokens = Tokens.of(await sign_in(api, cast.vera.actor.email))

    answer = await revoke(api, getattr(tokens, kind))

    assert (answer.status_code, answer.content) == (200, b"")
    assert not await is_alive(api, tokens)
    assert (await refresh(api, tokens.refresh)).status_code == 400
    assert await is_alive(api, Tokens(cast.vera.token, ""))  # another session of hers
    recorded = admin.execute(
        "select count(*) from account_events where user_id = %s and action = 'session.ended'",
        [cast.vera.actor.id],
    ).fetchone()
    assert recorded == (1,)


async def test_a_refresh_token_that_was_used_up_ends_the_session_too(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    first = Tokens.of(await sign_in(api, cast.vera.actor.email))
    second = Tokens.of(await refresh(api, first.refresh))

    assert (await revoke(api, first.refresh)).status_code == 200

    assert not await is_alive(api, second)
    assert (await refresh(api, second.refresh)).status_code == 400


async def test_a_hint_that_is_wrong_or_unknown_changes_nothing(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    for hint in ("access_token", "something_else"):
        tokens = Tokens.of(await sign_in(api, cast.vera.actor.email))
        assert (await revoke(api, tokens.refresh, token_type_hint=hint)).status_code == 200
        assert not await is_alive(api, tokens)


async def test_what_is_no_token_any_more_is_no_fault_and_does_nothing(
    api: httpx2.AsyncClient, scene: Scene
) -> None:
    tokens = Tokens.of(await sign_in(api, scene.cast.vera.actor.email))
    await revoke(api, tokens.access)
    before = contents(scene)
    for token in (tokens.access, tokens.refresh, "x", "A" * 43, "x" * 9000, f"{tokens.access}x"):
        assert (await revoke(api, token)).status_code == 200
    assert contents(scene) == before


async def test_an_organization_token_signs_no_one_out(api: httpx2.AsyncClient, cast: Cast) -> None:
    held = await organization_token(api, cast.vera.token, cast.acme.organization.slug)

    answer = await revoke(api, held)

    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_token_type")
    assert await is_alive(api, Tokens(cast.vera.token, ""))


@pytest.mark.parametrize("form", [{}, {"token": ""}, {"token": "nul\0"}], ids=str)
async def test_without_a_token_there_is_nothing_to_revoke(
    api: httpx2.AsyncClient, form: dict[str, str]
) -> None:
    answer = await api.post(
        REVOKE, data=form, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
