"""Use cases called directly, by an authorized member."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

from tenantry.authz.authority import Authority
from tenantry.authz.authorization import Authorization
from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.claims import Claims
from tenantry.http.service import Service
from tenantry.postgres.transaction import Tx
from tests.support.cast import Player


@asynccontextmanager
async def acting(
    service: Service, who: Player, org_id: UUID, permission: Permission
) -> AsyncGenerator[tuple[Tx, Authority]]:
    """A transaction, and what this person may do in it."""
    authorization = Authorization(Claims(who.actor.id, who.actor.session_id), permission, org_id)
    async with service.database.transaction(authorization.statement()) as (tx, (answer,)):
        yield tx, authorization.authority(answer)
