"""Housekeeping: what has had its time is taken away, a little at a time."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from psycopg import OperationalError, errors

from tenantry.http.observability.metrics import Metrics
from tenantry.kit.page import FIRST
from tenantry.postgres.database import Database
from tenantry.postgres.failures import DatabaseOverloaded, DatabaseUnavailable, cause_of
from tenantry.postgres.transaction import Tx

log = logging.getLogger("tenantry.worker")

PERIOD_SECONDS = 600.0
PROMPT_SECONDS = 5.0
"""For urgent sweeps: nothing of a deleted account should be left for long."""
BATCH = 200
_MOST_BATCHES = 500
"""In one round; who has left more behind is helped by the next."""

Sweep = Callable[[Tx, int], Awaitable[int]]
"""Takes away at most so many; how many it took. Several may sweep at once."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A sweep that goes from one organization, or person, to the next, in pieces of each.

    Each piece is a transaction of its own, and they take turns: neither one that is large nor one
    that fails keeps the others waiting.
    """

    find: Callable[[Tx, UUID, int], Awaitable[tuple[Sequence[UUID], UUID | None]]]
    """The next who are due, after this one, of so many that are looked at; and after whom to go on,
    None at the end."""
    proceed: Callable[[Tx, UUID, int], Awaitable[bool]]
    """Takes away about so many rows of one of them; whether any are left."""


class Housekeeping:
    """Runs every sweep in batches, each a transaction of its own, so that no one has to wait."""

    def __init__(
        self,
        database: Database,
        sweeps: Mapping[str, Sweep | Walk],
        metrics: Metrics | None = None,
    ) -> None:
        self._database = database
        self._sweeps = sweeps
        self._metrics = metrics
        self._reached = dict[str, UUID]()
        """Where a walk that was too long for one round continues in the next."""

    async def run(self, *, promptly: bool = False) -> None:
        """Sweep until cancelled, with pauses; an outage or a single bug does not stop it."""
        while True:
            await self.sweep_all()
            await asyncio.sleep(PROMPT_SECONDS if promptly else PERIOD_SECONDS)

    async def sweep_all(self) -> int:
        """One round; returns how many rows, or pieces of a walk, were processed."""
        return sum([await self._run(name, sweep) for name, sweep in self._sweeps.items()])

    async def _run(self, name: str, sweep: Sweep | Walk) -> int:
        taken, outcome = 0, "ok"
        steps = self._walk(name, sweep) if isinstance(sweep, Walk) else self._batches(sweep)
        try:
            async for batch in steps:
                taken += batch
        except Exception as failure:
            outcome = self._told(failure, f"sweep_{name}", None)
        if self._metrics is not None:
            self._metrics.note_run(f"sweep_{name}", outcome, taken)
        return taken

    async def _batches(self, sweep: Sweep) -> AsyncGenerator[int]:
        for _ in range(_MOST_BATCHES):
            batch = await self._database.run(lambda tx: sweep(tx, BATCH))
            yield batch
            if batch < BATCH:
                return

    async def _walk(self, name: str, walk: Walk) -> AsyncGenerator[int]:
        after: UUID | None = self._reached.pop(name, FIRST)
        pieces = 0
        while after is not None and pieces < _MOST_BATCHES:
            self._reached[name] = after
            due, after = await self._database.run(partial(_find, walk, after))
            waiting = deque(due)
            while waiting and pieces < _MOST_BATCHES:
                pieces += 1
                subject = waiting.popleft()
                if await self._proceed(name, walk, subject):
                    waiting.append(subject)
                yield 1
            if waiting:
                return  # the next round finds them again, from the same place on
            pieces += 1
        if after is None:
            self._reached.pop(name, None)
        else:
            self._reached[name] = after

    async def _proceed(self, name: str, walk: Walk, subject: UUID) -> bool:
        """Process one piece; returns whether its subject has more. Failures are left for later."""
        try:
            return await self._database.run(lambda tx: walk.proceed(tx, subject, BATCH))
        except Exception as failure:
            if self._told(failure, f"sweep_{name}", subject) != "failed":
                raise
            return False

    def _told(self, failure: Exception, job: str, subject: UUID | None) -> str:
        """Why there was no connection, of which requests tell; else a failure that is logged."""
        cause = cause_of(failure)
        if cause is not None and _is_outage(failure):
            return cause.code
        about = "" if subject is None else f" of {subject}"
        log.error("%s%s failed; the next round tries again", job, about, exc_info=failure)
        if self._metrics is not None:
            self._metrics.note_failure(job)
        return "failed"


async def _find(walk: Walk, after: UUID, tx: Tx) -> tuple[Sequence[UUID], UUID | None]:
    return await walk.find(tx, after, BATCH)


def _is_outage(failure: Exception) -> bool:
    """Whether PostgreSQL or a connection was unavailable, rather than a statement cancelled."""
    if isinstance(failure, DatabaseUnavailable | DatabaseOverloaded):
        return True
    if not isinstance(failure, OperationalError):
        return False
    ended = errors.QueryCanceled | errors.LockNotAvailable | errors.TransactionRollback
    return not isinstance(failure, ended | errors.InsufficientResources)
