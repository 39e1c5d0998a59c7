"""The worker: sends what waits in the outbox, soon after the commit and again until it is sent."""

import asyncio
import logging

from psycopg import OperationalError

from tenantry.database.pool import DatabaseUnavailable
from tenantry.mail.actions import Delivery
from tenantry.web.metrics import Metrics

log = logging.getLogger("tenantry.jobs")

# A commit of this process wakes the worker at once; the poll finds what others have left, what is
# due again, and what was enqueued just before a crash.
_POLL_SECONDS = 2.0


class Worker:
    """One background task a process; several processes share the work by claiming letters."""

    def __init__(self, delivery: Delivery, metrics: Metrics | None = None) -> None:
        self._delivery = delivery
        self._metrics = metrics
        self._awake = asyncio.Event()

    def wake(self) -> None:
        """There is something to do now."""
        self._awake.set()

    async def run(self) -> None:
        """Work until cancelled; an outage of the database or a single bug ends nothing."""
        while True:
            if not await self._deliver():
                await self._rest()

    async def _deliver(self) -> int:
        """Try what is due; how many letters were tried."""
        tried, outcome = 0, "ok"
        try:
            tried = await self._delivery.deliver_due()
        except (OperationalError, DatabaseUnavailable):
            outcome = "unavailable"  # requests tell of the outage; here there is only to wait
        except Exception:
            outcome = "failed"
            log.exception("the worker failed; it goes on")
        if self._metrics is not None:
            self._metrics.note_run("deliver_letters", outcome, tried)
        return tried

    async def _rest(self) -> None:
        # Not `wait_for`: before Python 3.12 it loses a cancellation that comes together with what
        # it waits for, and the service would never stop.
        try:
            async with asyncio.timeout(_POLL_SECONDS):
                await self._awake.wait()
        except TimeoutError:
            return
        self._awake.clear()
