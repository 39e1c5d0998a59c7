"""The SQL of rate limits: one row for each rate and subject until it is empty again."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from tenantry.postgres.statement import BoundStatement, Statement
from tenantry.postgres.transaction import Tx


class Count(NamedTuple):
    """A count: when it is empty again, and the time at which it was read."""

    key: bytes
    full_at: datetime
    now: datetime


# Hits with a recorded exemption.
_EXEMPT = """
    unnest($3::bytea[], $4::bytea[]) as exemption (exempt, note)
      join rate_counts n on n.key = note and n.full_at > now()
"""
# In the order of their keys, so that concurrent hits of the same rates cannot deadlock.
_COUNT = Statement(
    f"""
    insert into rate_counts as c (key, counted_at, full_at)
    select key, now(), now() + cost * interval '1 microsecond'
      from unnest($1::bytea[], $2::bigint[]) as hit (key, cost)
     where key not in (select exempt from {_EXEMPT})
     order by key
    on conflict (key) do update
       set counted_at = excluded.counted_at,
           full_at = greatest(c.full_at, excluded.counted_at)
                   + (excluded.full_at - excluded.counted_at)
    returning key, full_at, counted_at as now
""",
    Count,
)
# The result that counting would have; nothing is changed, and no row is locked.
_PEEK = Statement(
    f"""
    select key,
           greatest(coalesce(c.full_at, now()), now()) + cost * interval '1 microsecond' as full_at,
           now() as now
      from unnest($1::bytea[], $2::bigint[]) as hit (key, cost)
      left join rate_counts c using (key)
     where key not in (select exempt from {_EXEMPT})
""",
    Count,
)
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


class Advance(NamedTuple):
    """How far to move a count forward, unless an exemption is recorded."""

    key: bytes
    seconds: float
    unless: Sequence[bytes] = ()


def bound_count(advances: Sequence[Advance]) -> BoundStatement[Count]:
    """Move counts forward; returns the changed ones, without exempt ones."""
    return _bound(_COUNT, advances)


def bound_peek(advances: Sequence[Advance]) -> BoundStatement[Count]:
    """What the counts would be after these advances."""
    return _bound(_PEEK, advances)


def note(tx: Tx, key: bytes, seconds: float) -> None:
    """Record an exemption from now on, for so many seconds."""
    tx.enqueue(_NOTE(key, _micros(seconds)))


async def sweep(tx: Tx, most: int) -> int:
    """Delete at most `most` empty counts; returns how many."""
    return await tx.count(_SWEEP(most))


def _bound(statement: Statement[Count], advances: Sequence[Advance]) -> BoundStatement[Count]:
    keys, costs = (
        [advance.key for advance in advances],
        [_micros(advance.seconds) for advance in advances],
    )
    exemptions = [(advance.key, note) for advance in advances for note in advance.unless]
    return statement(keys, costs, [key for key, _ in exemptions], [note for _, note in exemptions])


def _micros(seconds: float) -> int:
    return round(seconds * 1_000_000)
