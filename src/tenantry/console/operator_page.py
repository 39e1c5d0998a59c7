"""OperatorPage: what the handlers of operators' pages may use."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar
from uuid import UUID

from tenantry.authz.authority import Operator, OperatorRequired
from tenantry.authz.authorization import Authorization
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.console.user_pages import UserPage
from tenantry.postgres.connection import Result
from tenantry.postgres.transaction import Tx

T = TypeVar("T")


class OperatorPage(UserPage):
    def __init__(self, page: UserPage, ids: Mapping[str, UUID]) -> None:
        super().__init__(**vars(page))
        self.ids = ids
        """The ids of the path, by name."""

    @property
    def reading(self) -> AuthorizedReader:
        """A read as an operator. OperatorRequired."""
        authorization = Authorization(self.claims, for_operators=True)
        return AuthorizedReader(authorization, self.service.database.execute)

    async def write(self, act: Callable[[Tx, Operator], Awaitable[T]]) -> T:
        """Run one act of an operator, whose row is locked against deletion. OperatorRequired."""
        authorization = Authorization(self.claims, holds=True, for_operators=True)

        async def as_operator(tx: Tx, result: Result) -> T:
            person = authorization.person(result)
            if not isinstance(person, Operator):
                raise OperatorRequired
            return await act(tx, person)

        return await self.ctx.run_authorized(authorization, as_operator)
