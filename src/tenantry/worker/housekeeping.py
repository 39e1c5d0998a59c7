"""Housekeeping: deletes expired data in small batches."""

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
"""Seconds between urgent sweeps: a deleted account's traces should not stay for long."""
BATCH = 200
_MOST_BATCHES = 500
"""The most in one round; the next round continues."""

Sweep = Callable[[Tx, int], Awaitable[int]]
"""Deletes at most so many rows and returns how many. Several processes may sweep at once."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A sweep that processes one organization or person after the other, each in batches.

    Each batch is a transaction of its own, and subjects take turns: neither a large one nor a
    failing one delays the others.
    """

    find: Callable[[Tx, UUID, int], Awaitable[tuple[Sequence[UUID], UUID | None]]]
    """The due ones among the next so many subjects after an id, and the id to continue after; None
    at the end."""
    proceed: Callable[[Tx, UUID, int], Awaitable[bool]]
    """Deletes about so many rows of one subject; returns whether any are left."""


class Housekeeping:
    """Runs every sweep in batches, each a transaction of its own, so that requests do not wait."""

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
        """The id after which a walk continues that was too long for one round."""

    async def run(self, *, promptly: bool = False) -> None:
        """Sweep until cancelled, with pauses; neither an outage nor a bug stops it."""
        while True:
            await self.sweep_all()
            await asyncio.sleep(PROMPT_SECONDS if promptly else PERIOD_SECONDS)

    async def sweep_all(self) -> int:
        """One round; returns how many rows, or batches of walks, were processed."""
        return sum([await self._run(name, sweep) for name, sweep in self._sweeps.items()])

    async def _run(self, name: str, sweep: Sweep | Walk) -> int:
        taken, outcome = 0, "ok"
        steps = self._walk(name, sweep) if isinstance(sweep, Walk) else self._batches(sweep)
        try:
            async for batch in steps:
                taken += batch
        except Exception as failure:
            outcome = self._outcome_of(failure, f"sweep_{name}", None)
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
                return  # the next round continues from the same id
            pieces += 1
        if after is None:
            self._reached.pop(name, None)
        else:
            self._reached[name] = after

    async def _proceed(self, name: str, walk: Walk, subject: UUID) -> bool:
        """Process one batch; returns whether its subject has more. Failures are retried later."""
        try:
            return await self._database.run(lambda tx: walk.proceed(tx, subject, BATCH))
        except Exception as failure:
            if self._outcome_of(failure, f"sweep_{name}", subject) != "failed":
                raise
            return False

    def _outcome_of(self, failure: Exception, job: str, subject: UUID | None) -> str:
        """The outcome for metrics: the cause of an outage, or `failed`, which is logged."""
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
