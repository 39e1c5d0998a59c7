"""Acts done straight in the rooms, by somebody whom an organization has let in."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

from tenantry.access.authority import Authority
from tenantry.access.credentials import Claims
from tenantry.access.entrance import Entrance
from tenantry.access.permissions import Permission
from tenantry.database.transaction import Tx
from tenantry.web.service import Service
from tests.cast import Player


@asynccontextmanager
async def acting(
    service: Service, who: Player, org_id: UUID, permission: Permission
) -> AsyncGenerator[tuple[Tx, Authority]]:
    """A transaction, and what this person may do in it."""
    entrance = Entrance(Claims(who.actor.id, who.actor.session_id), permission, org_id)
    async with service.database.transaction(entrance.call()) as (tx, (answer,)):
        yield tx, entrance.authority(answer)
