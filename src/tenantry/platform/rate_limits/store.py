"""The SQL of counts: one row for each rate and subject, as long as something of it counts."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple

from tenantry.postgres.database import Database
from tenantry.postgres.statement import BoundStatement, Statement
from tenantry.postgres.transaction import Tx

# Charges that something stands for that was noted.
_PARDONED = """
    unnest($3::bytea[], $4::bytea[]) as pardon (pardoned, note)
      join rate_counts n on n.key = note and n.full_at > now()
"""
# In the order of their keys, so that two who charge the same rates never wait for each other.
_COUNT = Statement(f"""
    insert into rate_counts as c (key, counted_at, full_at)
    select key, now(), now() + cost * interval '1 microsecond'
      from unnest($1::bytea[], $2::bigint[]) as charge (key, cost)
     where key not in (select pardoned from {_PARDONED})
     order by key
    on conflict (key) do update
       set counted_at = excluded.counted_at,
           full_at = greatest(c.full_at, excluded.counted_at)
                   + (excluded.full_at - excluded.counted_at)
    returning key, full_at, counted_at
""")
# The same, as it would be: nothing is moved, and no row is held.
_LOOK = Statement(f"""
    select key,
           greatest(coalesce(c.full_at, now()), now()) + cost * interval '1 microsecond', now()
      from unnest($1::bytea[], $2::bigint[]) as charge (key, cost)
      left join rate_counts c using (key)
     where key not in (select pardoned from {_PARDONED})
""")
_NOTE = Statement("""
    insert into rate_counts (key, counted_at, full_at)
    values ($1, now(), now() + $2::bigint * interval '1 microsecond')
    on conflict (key) do update
       set counted_at = excluded.counted_at, full_at = excluded.full_at
""")
_SWEEP = Statement("""
    delete from rate_counts
     where key in (select key from rate_counts where full_at <= now()
                    limit $1 for update skip locked)
""")


class Step(NamedTuple):
    """How far a count is to be moved on, unless another count still stands."""

    key: bytes
    seconds: float
    unless: Sequence[bytes] = ()


class Count(NamedTuple):
    """How a count stands: when nothing of it counts any more, as seen at `now`."""

    key: bytes
    full_at: datetime
    now: datetime


@asynccontextmanager
async def counting(
    database: Database, steps: Sequence[Step]
) -> AsyncGenerator[tuple[Tx, list[Count]]]:
    """A transaction that moves counts on in its first message, and those that it moved."""
    calls = [_call(steps)] if steps else []
    async with database.transaction(*calls) as (tx, answers):
        yield tx, [Count(*row) for answer in answers for row in answer.rows]


async def count(tx: Tx, steps: Sequence[Step]) -> list[Count]:
    """Move counts on; those that were."""
    return [Count(*row) for row in await tx.rows(_call(steps))]


async def look(tx: Tx, steps: Sequence[Step]) -> list[Count]:
    """How counts would stand if they were charged."""
    return [Count(*row) for row in await tx.rows(_call(steps, _LOOK))]


def note(tx: Tx, key: bytes, seconds: float) -> None:
    """Let a count stand for so long from now, however it stood before."""
    tx.enqueue(_NOTE(key, _micros(seconds)))


async def sweep(tx: Tx, most: int) -> int:
    """Delete counts of which nothing counts any more; how many."""
    return await tx.count(_SWEEP(most))


def _call(steps: Sequence[Step], statement: Statement = _COUNT) -> BoundStatement:
    keys, costs = [step.key for step in steps], [_micros(step.seconds) for step in steps]
    pardons = [(step.key, note) for step in steps for note in step.unless]
    return statement(keys, costs, [key for key, _ in pardons], [note for _, note in pardons])


def _micros(seconds: float) -> int:
    return round(seconds * 1_000_000)
