"""The last use of each key: collected in memory, and written in the background."""

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
"""Used instead of an organization's id, for service keys."""


class KeyUses:
    """Collects the last use of each key, and writes it at most once a minute.

    If the process is killed, uses that were not written are lost. Nothing depends on them: they
    only show people which keys are no longer needed.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted: dict[UUID, dict[UUID, datetime]] = {}

    def note(self, key_id: UUID, org_id: UUID | None = None) -> None:
        """Note that a key was used now; a service key has no organization."""
        self._noted.setdefault(org_id or _PRODUCT, {})[key_id] = datetime.now(UTC)

    async def run(self) -> None:
        """Write until cancelled; an outage does not stop it."""
        while True:
            await asyncio.sleep(PERIOD_SECONDS)
            await self.write()

    async def write(self) -> None:
        """Write the collected uses; drop them if the database is unavailable."""
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
