"""Looks every few seconds at what nobody tells of by itself: the pool and the outbox."""

import asyncio
import logging

from psycopg import OperationalError

from tenantry.database.pool import Database, DatabaseUnavailable
from tenantry.mail import actions as mail
from tenantry.web.metrics import Metrics

log = logging.getLogger("tenantry.jobs")

PERIOD_SECONDS = 2.0


async def keep_sampling(metrics: Metrics, database: Database) -> None:
    """Note pool and outbox until cancelled; while the database is away, the pool alone."""
    while True:
        metrics.note_lines(database.usage)
        try:
            metrics.note_letters(await mail.count_waiting(database))
        except (OperationalError, DatabaseUnavailable):
            log.debug("the outbox cannot be counted: the database is away")
        await asyncio.sleep(PERIOD_SECONDS)
