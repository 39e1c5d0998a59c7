"""Counting with PostgreSQL: exact under races, shared by replicas, whole or not at all."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any

import psycopg
import pytest

from tenantry.kit.ids import new_id
from tenantry.platform.rate_limits import actions as rates
from tenantry.platform.rate_limits import refusals
from tenantry.platform.rate_limits.actions import RateLimiter, RateLimiters
from tenantry.platform.rate_limits.model import Hit, Rate, RateLimited
from tenantry.postgres.database import Database
from tests.support.api.networks import somewhere
from tests.support.postgres import TestPostgres

SECRET = "a secret key that is used by these tests alone"
FIVE = Rate("five", 5, 3600)
WIDE = Rate("wide", 1000, 3600)


@pytest.fixture
def who() -> str:
    """A subject that no one else counts."""
    return new_id().hex


@pytest.fixture
async def replica(postgres: TestPostgres) -> AsyncGenerator[Database]:
    """The connections of another process."""
    other = Database(postgres.connections.service)
    yield other
    await other.close()


def meter(**how: Any) -> RateLimiter:
    return RateLimiters(SECRET, **how).limiter_for(somewhere()[0])


async def tried(database: Database, *hits: Hit, **how: Any) -> bool:
    """Whether something is within its rates."""
    try:
        await meter(**how).hit_first(database, hits)
    except RateLimited:
        return False
    return True


async def test_fifty_at_once_let_exactly_the_rate_through(
    database: Database, replica: Database, who: str
) -> None:
    """Two processes, one count. Fails, with more than five, where the update moves on what the
    statement saw when it began, instead of the row that it holds: tried."""
    hit = Hit(FIVE, who)
    tries = [tried(each, hit) for _ in range(25) for each in (database, replica)]
    assert sum(await asyncio.gather(*tries)) == 5


async def test_what_is_refused_is_charged_to_nothing(
    database: Database, who: str, admin: psycopg.Connection[Any]
) -> None:
    both = [Hit(WIDE, who), Hit(FIVE, who)]
    assert [await tried(database, *both) for _ in range(50)] == [True] * 5 + [False] * 45

    seen = meter()
    await seen.hit_first(database, [Hit(WIDE, who)])
    assert seen.usages[0].left == 1000 - 6


async def test_an_act_that_is_undone_was_not_counted(database: Database, who: str) -> None:
    for _ in range(20):
        with suppress(ZeroDivisionError):
            async with database.transaction() as (tx, _):
                await meter().hit(tx, [Hit(FIVE, who)])
                raise ZeroDivisionError
    assert await tried(database, Hit(FIVE, who, 5))


async def test_several_at_once_are_let_through_together_or_not_at_all(
    database: Database, who: str
) -> None:
    assert not await tried(database, Hit(FIVE, who, 6))
    assert await tried(database, Hit(FIVE, who, 3))
    assert not await tried(database, Hit(FIVE, who, 3))
    assert await tried(database, Hit(FIVE, who, 1), Hit(FIVE, who, 1))


async def test_many_who_charge_the_same_subjects_in_any_order_never_block_each_other(
    database: Database, replica: Database
) -> None:
    """Fails by deadlocks where the statement has no `order by key`: tried with 40 subjects."""
    subjects = [new_id().hex for _ in range(40)]
    there = [Hit(WIDE, subject) for subject in subjects]
    back = there[::-1]
    tries = [
        tried(each, *hits)
        for _ in range(20)
        for each in (database, replica)
        for hits in (there, back)
    ]
    assert all(await asyncio.gather(*tries))


async def test_what_was_noted_pardons_and_nothing_else_does(database: Database, who: str) -> None:
    known = Hit(Rate("known", 1, 3600), who)
    guarded = Hit(FIVE, who, unless=(known,))
    assert [await tried(database, guarded) for _ in range(6)] == [True] * 5 + [False]

    async with database.transaction() as (tx, _):
        meter().note(tx, known)
        meter().note(tx, known)
    assert all([await tried(database, guarded) for _ in range(20)])
    assert not await tried(database, Hit(FIVE, who))


async def test_what_is_switched_off_counts_nothing(database: Database, who: str) -> None:
    assert all([await tried(database, Hit(FIVE, who), on=False) for _ in range(20)])
    assert await tried(database, Hit(FIVE, who, 5))


async def test_the_generous_let_more_through(database: Database, who: str) -> None:
    tries = [await tried(database, Hit(FIVE, who), rate_multiplier=3) for _ in range(16)]
    assert tries == [True] * 15 + [False]


async def test_no_subject_can_be_read_or_tried_out(
    database: Database, who: str, admin: psycopg.Connection[Any]
) -> None:
    hit = Hit(FIVE, who)
    await tried(database, hit)
    ours, other = (
        RateLimiters(SECRET).key_of(hit),
        RateLimiters(f"{SECRET}, another").key_of(hit),
    )
    kept = {bytes(key) for (key,) in admin.execute("select key from rate_counts").fetchall()}
    assert ours in kept
    assert other not in kept
    assert not [key for key in kept if who.encode() in key]


async def test_what_no_longer_counts_is_swept_and_nothing_else(
    database: Database, who: str, admin: psycopg.Connection[Any]
) -> None:
    old, young = Hit(FIVE, f"{who} old"), Hit(FIVE, f"{who} young")
    await tried(database, old, young)
    admin.execute(
        "update rate_counts set full_at = now() - interval '1 second' where key = %s",
        [RateLimiters(SECRET).key_of(old)],
    )
    async with database.transaction() as (tx, _):
        assert await rates.sweep(tx, 1000) >= 1
    kept = {bytes(key) for (key,) in admin.execute("select key from rate_counts").fetchall()}
    assert RateLimiters(SECRET).key_of(old) not in kept
    assert RateLimiters(SECRET).key_of(young) in kept


async def test_looking_counts_nothing(database: Database, who: str) -> None:
    for _ in range(10):
        async with database.transaction() as (tx, _):
            await meter().ensure_within(tx, [Hit(FIVE, who, 5)])
    async with database.transaction() as (tx, _):
        with pytest.raises(RateLimited):
            await meter().ensure_within(tx, [Hit(FIVE, who, 6)])
    assert await tried(database, Hit(FIVE, who, 5))


async def test_who_looks_waits_for_no_one_who_counts(
    database: Database, replica: Database, who: str
) -> None:
    """Fails, waiting until the other ends, where looking takes the row: tried with `for share`."""
    async with database.transaction() as (tx, _):
        await meter().hit(tx, [Hit(FIVE, who)])
        async with replica.transaction() as (other, _):
            await meter().ensure_within(other, [Hit(FIVE, who, 5)])


async def test_several_acts_are_looked_at_each_by_itself(database: Database, who: str) -> None:
    assert await tried(database, Hit(FIVE, f"{who} full", 5))
    async with database.transaction() as (tx, _):
        refused = await meter().exceeded(
            tx,
            {
                "full": [Hit(WIDE, who), Hit(FIVE, f"{who} full")],
                "empty": [Hit(WIDE, who), Hit(FIVE, f"{who} empty")],
            },
        )
    assert list(refused) == ["full"]
    assert refused["full"].retry_after >= 1


async def test_what_was_refused_is_refused_again_without_the_database(
    database: Database, who: str
) -> None:
    rate_limiters = RateLimiters(SECRET)
    nowhere = Database("postgresql://nobody@127.0.0.1:1/nowhere")
    first = rate_limiters.limiter_for("192.0.2.1")
    await first.hit_first(database, [Hit(FIVE, who, 5)])
    with pytest.raises(RateLimited):
        await first.hit_first(database, [Hit(FIVE, who)])

    again = rate_limiters.limiter_for("192.0.2.2")
    with pytest.raises(RateLimited) as limited:
        await again.hit_first(nowhere, [Hit(FIVE, who)])
    assert 1 <= limited.value.retry_after <= FIVE.seconds / FIVE.most
    assert [usage.left for usage in again.usages] == [0]
    with pytest.raises(RateLimited):
        again.ensure_not_refused([Hit(WIDE, who), Hit(FIVE, who)])
    again.ensure_not_refused([Hit(WIDE, who), Hit(FIVE, f"{who} too")])


async def test_what_may_be_pardoned_is_asked_for_each_time(database: Database, who: str) -> None:
    rate_limiters = RateLimiters(SECRET)
    known = Hit(Rate("known", 1, 3600), who)
    guarded = Hit(FIVE, who, 6, unless=(known,))
    with pytest.raises(RateLimited):
        await rate_limiters.limiter_for("192.0.2.1").hit_first(database, [guarded])
    async with database.transaction() as (tx, _):
        rate_limiters.limiter_for("192.0.2.1").note(tx, known)
    await rate_limiters.limiter_for("192.0.2.1").hit_first(database, [guarded])


def test_a_refusal_is_forgotten_once_there_is_room_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(refusals, "monotonic", lambda: now)
    kept = refusals.Refusals()
    kept.remember(b"key", 60.0)
    now = 1045.0
    assert kept.seconds(b"key") == 15.0
    now = 1061.0
    assert kept.seconds(b"key") == 0.0
    for number in range(10_001):
        kept.remember(str(number).encode(), 60.0)
    assert (kept.seconds(b"0"), kept.seconds(b"10000")) == (0.0, 60.0)
