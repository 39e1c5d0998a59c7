"""The sweeper: deletes what no longer counts, every now and then."""

import asyncio
import logging

from psycopg import OperationalError

from tenantry.database.pool import Database, DatabaseUnavailable
from tenantry.rates import actions as rates

log = logging.getLogger("tenantry.jobs")

_PERIOD_SECONDS = 60.0


class Sweeper:
    """One background task a process; several pass over what another is deleting."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run(self) -> None:
        """Sweep until cancelled; an outage of the database or a single bug ends nothing."""
        while True:
            try:
                while await rates.sweep(self._database):
                    continue
            except (OperationalError, DatabaseUnavailable):
                pass  # requests tell of the outage; here there is only to wait
            except Exception:
                log.exception("the sweeper failed; it goes on")
            await asyncio.sleep(_PERIOD_SECONDS)
