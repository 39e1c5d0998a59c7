"""When keys were used last: noted in memory, and written beside the requests."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from tenantry.credentials.api_keys import endings
from tenantry.credentials.service_keys import actions as service_keys
from tenantry.postgres.database import Database
from tenantry.postgres.failures import cause_of
from tenantry.postgres.transaction import Tx
from tenantry.schema.tenant import set_tenant

log = logging.getLogger("tenantry.credentials.api_keys")

PERIOD_SECONDS = 60.0
_PRODUCT = UUID(int=0)
"""In place of an organization, for the keys of the product itself."""


class KeyUses:
    """Remembers for each key its last use, and writes it once a minute at most.

    What a process noted and did not write when it was killed is lost: it is a hint for people who
    tidy up, and decides nothing.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted: dict[UUID, dict[UUID, datetime]] = {}

    def note(self, key_id: UUID, org_id: UUID | None = None) -> None:
        """A key was used just now: in its organization, or the product's own."""
        self._noted.setdefault(org_id or _PRODUCT, {})[key_id] = datetime.now(UTC)

    async def run(self) -> None:
        """Write until cancelled; an outage ends nothing."""
        while True:
            await asyncio.sleep(PERIOD_SECONDS)
            await self.write()

    async def write(self) -> None:
        """Write what was noted. If the database is unavailable, it is dropped."""
        noted, self._noted = self._noted, {}
        for org_id, uses in noted.items():
            try:
                await self._write(org_id, uses)
            except Exception as failure:
                cause = cause_of(failure)
                if cause is None:
                    log.exception("the last uses of keys were not written")
                else:
                    log.debug("the last uses of keys were not written: %s", cause.code)

    async def _write(self, org_id: UUID, uses: Mapping[UUID, datetime]) -> None:
        async def note(tx: Tx) -> None:
            if org_id == _PRODUCT:
                service_keys.note_uses(tx, uses)
                return
            set_tenant(tx, org_id)
            endings.note_uses(tx, org_id, uses)

        await self._database.run(note, about=None if org_id == _PRODUCT else org_id)
