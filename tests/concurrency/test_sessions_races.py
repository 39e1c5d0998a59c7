"""Sessions, when two come at once."""

import asyncio

import pytest

from tests.http.sessions.test_refresh import used_ago
from tests.support.api.signed_in import Tokens, is_alive, refresh, sign_in
from tests.support.database.lock_waits import count, until_waiting
from tests.support.scene import Scene

_HOLD_NEWEST_SESSION = """
    select 1 from sessions where user_id = %s order by id desc limit 1 for update
"""
_REUSED = """
    select count(*) from account_events where user_id = %s and action = 'session.token_reused'
"""


@pytest.fixture
async def tokens(scene: Scene) -> Tokens:
    """What Charlie has from signing in once more."""
    return Tokens.of(await sign_in(scene.api, scene.cast.charlie.actor.email))


@pytest.mark.usefixtures("unbroken")
async def test_ten_refreshes_at_once_with_one_token_give_siblings(
    scene: Scene, tokens: Tokens
) -> None:
    """Fails with nine 400 and a session that is over once the sibling window is zero: tried."""
    charlie = scene.cast.charlie.actor
    sessions = "select count(*) from sessions where user_id = %s and ended_at is null"
    before = count(scene.admin, sessions, charlie.id)

    answers = await asyncio.gather(*(refresh(scene.api, tokens.refresh) for _ in range(10)))

    renewed = [Tokens.of(answer) for answer in answers]
    assert len({each.refresh for each in renewed}) == 10
    assert all([await is_alive(scene.api, each) for each in renewed])
    assert count(scene.admin, sessions, charlie.id) == before


@pytest.mark.usefixtures("unbroken")
async def test_of_many_who_reuse_a_token_at_once_none_is_answered_and_one_ends_the_session(
    scene: Scene, tokens: Tokens
) -> None:
    """Fails with an event for each of them once `lock_by_token` takes no lock: tried."""
    charlie = scene.cast.charlie.actor
    renewed = Tokens.of(await refresh(scene.api, tokens.refresh))
    used_ago(scene.admin, charlie.email, 11)
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_NEWEST_SESSION, [charlie.id])
        thieves = [asyncio.create_task(refresh(scene.api, tokens.refresh)) for _ in range(5)]
        await until_waiting(scene.admin, *thieves)
    answers = await asyncio.gather(*thieves)

    assert {answer.status_code for answer in answers} == {400}
    assert count(scene.admin, _REUSED, charlie.id) == 1
    assert not await is_alive(scene.api, renewed)


@pytest.mark.usefixtures("unbroken")
@pytest.mark.parametrize("reuse_is_first", [True, False])
async def test_a_thief_and_the_owner_at_once_leave_no_live_token(
    scene: Scene, tokens: Tokens, reuse_is_first: bool
) -> None:
    """Fails where the reuse is first, for the owner's refresh is answered with tokens, once
    `lock_by_token` takes no lock: tried."""
    charlie = scene.cast.charlie.actor
    owner = Tokens.of(await refresh(scene.api, tokens.refresh))
    used_ago(scene.admin, charlie.email, 11)
    shown = [tokens.refresh, owner.refresh]
    begun = list[asyncio.Task[int]]()
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_NEWEST_SESSION, [charlie.id])
        for token in shown if reuse_is_first else reversed(shown):
            begun.append(asyncio.create_task(refreshed(scene, token)))
            await until_waiting(scene.admin, *begun)

    assert await asyncio.gather(*begun) == ([400, 400] if reuse_is_first else [200, 400])
    assert not await is_alive(scene.api, owner)


async def refreshed(scene: Scene, token: str) -> int:
    """The status of a refresh."""
    return (await refresh(scene.api, token)).status_code


@pytest.mark.usefixtures("unbroken")
@pytest.mark.parametrize("ending_is_first", [True, False])
async def test_no_refresh_outlives_signing_out(
    scene: Scene, tokens: Tokens, ending_is_first: bool
) -> None:
    """Fails where signing out is first, with a refresh that is answered 200, once `lock_by_token`
    takes no lock: tried."""
    begun = list[asyncio.Task[int]]()
    acts = [signed_out(scene, tokens), refreshed(scene, tokens.refresh)]
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_NEWEST_SESSION, [scene.cast.charlie.actor.id])
        for act in acts if ending_is_first else reversed(acts):
            begun.append(asyncio.create_task(act))
            await until_waiting(scene.admin, *begun)

    assert await asyncio.gather(*begun) == ([204, 400] if ending_is_first else [200, 204])
    assert not await is_alive(scene.api, tokens)


async def signed_out(scene: Scene, tokens: Tokens) -> int:
    """The status of signing out."""
    return (await scene.api.post("/api/v1/auth/sign-out", headers=tokens.headers)).status_code
