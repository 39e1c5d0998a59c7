"""Housekeeping: what has had its time is taken away, a little at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from psycopg import OperationalError

from tenantry.database.pool import Database, DatabaseUnavailable
from tenantry.database.transaction import Tx
from tenantry.web.metrics import Metrics

log = logging.getLogger("tenantry.jobs")

PERIOD_SECONDS = 600.0
BATCH = 200
_MOST_BATCHES = 500
"""In one round; who has left more behind is helped by the next."""

Sweep = Callable[[Tx, int], Awaitable[int]]
"""Takes away at most so many; how many it took. Several may sweep at once."""


class Housekeeping:
    """Runs every sweep in batches, each a transaction of its own, so that nobody is held up."""

    def __init__(
        self, database: Database, sweeps: Mapping[str, Sweep], metrics: Metrics | None = None
    ) -> None:
        self._database = database
        self._sweeps = sweeps
        self._metrics = metrics

    async def run(self) -> None:
        """Sweep until cancelled; an outage or a single bug ends nothing."""
        while True:
            await self.sweep_all()
            await asyncio.sleep(PERIOD_SECONDS)

    async def sweep_all(self) -> int:
        """One round; how many rows were taken away."""
        return sum([await self._sweep(name, sweep) for name, sweep in self._sweeps.items()])

    async def _sweep(self, name: str, sweep: Sweep) -> int:
        taken, outcome = 0, "ok"
        try:
            for _ in range(_MOST_BATCHES):
                async with self._database.transaction() as (tx, _):
                    batch = await sweep(tx, BATCH)
                taken += batch
                if batch < BATCH:
                    break
        except (OperationalError, DatabaseUnavailable):
            outcome = "unavailable"
        except Exception:
            outcome = "failed"
            log.exception("sweeping failed; it goes on with the next round")
        if self._metrics is not None:
            self._metrics.note_run(f"sweep_{name}", outcome, taken)
        return taken
