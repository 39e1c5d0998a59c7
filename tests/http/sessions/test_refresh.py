"""Refresh tokens rotate; a used one gives a sibling for ten seconds, and then ends the session."""

from typing import Any

import psycopg
import pytest

from tests.support.api.signed_in import Tokens, is_alive, refresh, sign_in
from tests.support.database.lock_waits import count
from tests.support.scene import Scene

_SESSIONS = """
    select count(*) from sessions s join users u on u.id = s.user_id where u.email = %s
"""
_LIVE = f"{_SESSIONS} and s.ended_at is null"


@pytest.fixture
async def tokens(scene: Scene) -> Tokens:
    """What Charlie has from signing in once more."""
    return Tokens.of(await sign_in(scene.api, scene.cast.charlie.actor.email))


def used_ago(admin: psycopg.Connection[Any], email: str, seconds: float) -> None:
    """As if the used refresh tokens of a person had been used that long ago."""
    admin.execute(
        """
        update refresh_tokens t set used_at = now() - make_interval(secs => %s)
          from sessions s join users u on u.id = s.user_id
         where s.id = t.session_id and u.email = %s and t.used_at is not null
        """,
        [seconds, email],
    )


async def test_a_refresh_gives_new_tokens_of_the_same_session(scene: Scene, tokens: Tokens) -> None:
    email = scene.cast.charlie.actor.email
    before = count(scene.admin, _SESSIONS, email)

    renewed = Tokens.of(await refresh(scene.api, tokens.refresh))

    assert renewed.refresh != tokens.refresh
    assert await is_alive(scene.api, renewed)
    assert count(scene.admin, _SESSIONS, email) == before


async def test_each_of_a_chain_of_tokens_works(scene: Scene, tokens: Tokens) -> None:
    for _ in range(4):
        tokens = Tokens.of(await refresh(scene.api, tokens.refresh))

    assert await is_alive(scene.api, tokens)


async def test_a_used_token_gives_a_sibling_for_ten_seconds(scene: Scene, tokens: Tokens) -> None:
    email = scene.cast.charlie.actor.email
    first = Tokens.of(await refresh(scene.api, tokens.refresh))
    used_ago(scene.admin, email, 9)

    sibling = Tokens.of(await refresh(scene.api, tokens.refresh))

    assert await is_alive(scene.api, first)
    assert await is_alive(scene.api, sibling)
    assert (await refresh(scene.api, first.refresh)).status_code == 200
    assert (await refresh(scene.api, sibling.refresh)).status_code == 200


async def test_a_token_used_longer_ago_ends_the_whole_session(
    unbroken: None, scene: Scene, tokens: Tokens
) -> None:
    email = scene.cast.charlie.actor.email
    renewed = Tokens.of(await refresh(scene.api, tokens.refresh))
    used_ago(scene.admin, email, 11)
    before = count(scene.admin, _LIVE, email)

    reused = await refresh(scene.api, tokens.refresh)

    assert (reused.status_code, reused.json()["error"]) == (400, "invalid_grant")
    assert not await is_alive(scene.api, renewed)
    assert not await is_alive(scene.api, tokens)
    assert (await refresh(scene.api, renewed.refresh)).status_code == 400
    assert count(scene.admin, _LIVE, email) == before - 1


async def test_siblings_do_not_prolong_the_ten_seconds(scene: Scene, tokens: Tokens) -> None:
    email = scene.cast.charlie.actor.email
    await refresh(scene.api, tokens.refresh)
    used_ago(scene.admin, email, 9)
    before = scene.admin.execute("select max(used_at) from refresh_tokens").fetchone()

    assert (await refresh(scene.api, tokens.refresh)).status_code == 200

    assert scene.admin.execute("select max(used_at) from refresh_tokens").fetchone() == before


async def test_the_end_of_one_session_leaves_the_others(scene: Scene, tokens: Tokens) -> None:
    email = scene.cast.charlie.actor.email
    other = Tokens.of(await sign_in(scene.api, email))
    await refresh(scene.api, tokens.refresh)
    used_ago(scene.admin, email, 11)

    await refresh(scene.api, tokens.refresh)

    assert await is_alive(scene.api, other)
    assert (await refresh(scene.api, other.refresh)).status_code == 200


@pytest.mark.parametrize("token", ["A" * 43, "x"])
async def test_an_unknown_token_is_refused(scene: Scene, token: str) -> None:
    answer = await refresh(scene.api, token)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


async def test_a_session_that_was_not_renewed_for_too_long_is_over(
    scene: Scene, tokens: Tokens
) -> None:
    scene.admin.execute(
        "update sessions set expires_at = now() where user_id = %s", [scene.cast.charlie.actor.id]
    )

    assert (await refresh(scene.api, tokens.refresh)).status_code == 400
    assert not await is_alive(scene.api, tokens)
