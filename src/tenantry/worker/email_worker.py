"""The worker: sends queued emails soon after the commit, and retries until they are sent."""

import asyncio
import logging

from tenantry.http.observability.metrics import Metrics
from tenantry.platform.mail.delivery import Delivery
from tenantry.platform.mail.model import Claimed
from tenantry.postgres.failures import cause_of

log = logging.getLogger("tenantry.worker")

# A commit of this process wakes the worker at once; the poll finds emails of other processes, those
# to retry, and those that were enqueued just before a crash.
_POLL_SECONDS = 2.0

AT_ONCE = 8
"""Emails that one process sends at the same time, each over its own connection."""


class EmailWorker:
    """One background task per process; several processes share the work by claiming emails."""

    def __init__(
        self, delivery: Delivery, metrics: Metrics | None = None, *, at_once: int = AT_ONCE
    ) -> None:
        self._at_once = at_once
        # Reserved for emails about accounts, because people wait for them.
        self._for_accounts = at_once // 4
        self._delivery = delivery
        self._metrics = metrics
        self._awake = asyncio.Event()
        self._sending = 0

    def wake(self) -> None:
        self._awake.set()

    async def run(self) -> None:
        """Work until cancelled; neither an outage of the database nor a bug stops it."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                claimed = await self._claim_due()
                for each in claimed:
                    self._sending += 1
                    tasks.create_task(self._send(each))
                if not claimed:
                    await self._rest()

    async def _claim_due(self) -> list[Claimed]:
        """Due emails, as many as there are free slots."""
        free = self._at_once - self._sending
        if not free:
            return []
        claimed, outcome = list[Claimed](), "ok"
        try:
            claimed = await self._delivery.claim_due(
                free, of_organizations=max(free - self._for_accounts, 0)
            )
        except Exception as failure:
            outcome = _outcome(failure)
        if self._metrics is not None:
            self._metrics.note_run("deliver_emails", outcome, len(claimed))
        return claimed

    async def _send(self, claimed: Claimed) -> None:
        try:
            outcome = await self._delivery.deliver(claimed)
            if self._metrics is not None:
                self._metrics.note_email(outcome)
        except Exception as failure:  # it is tried again after its lease expires
            _outcome(failure)
        finally:
            self._sending -= 1
            self.wake()

    async def _rest(self) -> None:
        # Not `wait_for`: before Python 3.12 it loses a cancellation that arrives together with its
        # result, and the service would never stop.
        try:
            async with asyncio.timeout(_POLL_SECONDS):
                await self._awake.wait()
        except TimeoutError:
            return
        self._awake.clear()


def _outcome(failure: Exception) -> str:
    """The outcome for metrics; a bug is logged."""
    cause = cause_of(failure)
    if cause is not None:
        return cause.code  # requests report it; the worker only waits
    log.error("the worker failed; it continues", exc_info=failure)
    return "failed"
