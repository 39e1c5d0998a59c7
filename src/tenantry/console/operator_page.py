"""OperatingGuest: who runs the service, as the handlers of their pages see them."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from uuid import UUID

from tenantry.authz.authority import Operator, OperatorRequired
from tenantry.authz.authorization import Authorization, AuthorizedReader
from tenantry.console.user_pages import UserPage
from tenantry.postgres.transaction import Tx


class OperatorPage(UserPage):
    """Somebody who runs the service, at a page for that."""

    def __init__(self, page: UserPage, ids: Mapping[str, UUID]) -> None:
        super().__init__(page.visit, page.screens, page.claims, page.actor, page.organizations)
        self.is_operator = page.is_operator
        self.ids = ids
        """The ids of the path, by name."""

    @property
    def reading(self) -> AuthorizedReader:
        """A read as an operator. OperatorRequired."""
        authorization = Authorization(self.claims, for_operators=True)
        return AuthorizedReader(authorization, self.service.database.execute)

    @asynccontextmanager
    async def operating(self) -> AsyncGenerator[tuple[Tx, Operator]]:
        """The transaction of an operator's act, who is held. OperatorRequired."""
        authorization = Authorization(self.claims, holds=True, for_operators=True)
        opened = self.service.database.transaction(
            authorization.statement(), about=self.ids.get("org_id")
        )
        async with opened as (tx, (answer,)):
            tx.request_id = self.visit.request_id
            person = authorization.person(answer)
            if not isinstance(person, Operator):
                raise OperatorRequired
            yield tx, person
        self.visit.has_kept = True
