"""Samples process, pool and outbox every few seconds for the metrics."""

import asyncio
import logging

from tenantry.http.observability.metrics import Metrics
from tenantry.platform.mail import actions as mail
from tenantry.postgres.database import Database
from tenantry.postgres.failures import cause_of

log = logging.getLogger("tenantry.worker")

PERIOD_SECONDS = 2.0


async def keep_sampling(metrics: Metrics, database: Database) -> None:
    """Sample all three until cancelled; the outbox only while the database is available."""
    while True:
        metrics.note_process()
        metrics.note_connections(database.usage)
        try:
            metrics.note_emails(await mail.count_waiting(database))
        except Exception as failure:
            cause = cause_of(failure)
            if cause is None:
                raise
            log.debug("the outbox cannot be counted: %s", cause.code)
        await asyncio.sleep(PERIOD_SECONDS)
