"""OperatingGuest: who runs the service, as the handlers of their pages see them."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from uuid import UUID

from tenantry.authz.authority import Operator, OperatorRequired
from tenantry.authz.authorization import Entrance, Reading
from tenantry.console.user_pages import Guest
from tenantry.postgres.transaction import Tx


class OperatingGuest(Guest):
    """Somebody who runs the service, at a page for that."""

    def __init__(self, guest: Guest, ids: Mapping[str, UUID]) -> None:
        super().__init__(guest.visit, guest.screens, guest.claims, guest.actor, guest.organizations)
        self.is_operator = guest.is_operator
        self.ids = ids
        """The ids of the path, by name."""

    @property
    def reading(self) -> Reading:
        """A read as an operator. OperatorRequired."""
        entrance = Entrance(self.claims, for_operators=True)
        return Reading(entrance, self.service.database.exchange)

    @asynccontextmanager
    async def operating(self) -> AsyncGenerator[tuple[Tx, Operator]]:
        """The transaction of an operator's act, who is held. OperatorRequired."""
        entrance = Entrance(self.claims, holds=True, for_operators=True)
        opened = self.service.database.transaction(entrance.call(), about=self.ids.get("org_id"))
        async with opened as (tx, (answer,)):
            tx.request_id = self.visit.request_id
            person = entrance.person(answer)
            if not isinstance(person, Operator):
                raise OperatorRequired
            yield tx, person
        self.visit.has_kept = True
