"""The unit of work: a request's writes are one transaction, whichever interface received it."""

from collections.abc import Awaitable, Callable, Hashable
from typing import TypeVar
from uuid import UUID

from tenantry.postgres.connection import Result
from tenantry.postgres.database import Database
from tenantry.postgres.statement import BoundStatement
from tenantry.postgres.transaction import Tx

T = TypeVar("T")


class UnitOfWork:
    """Runs acts, each as one transaction, which is repeated after a deadlock or a serialization
    failure. So an act must have no effect outside its transaction except by `Tx.after_commit`.
    """

    def __init__(
        self, database: Database, request_id: str, revisions: dict[UUID, int] | None = None
    ) -> None:
        """`revisions` receives the revisions that the last transaction wrote."""
        self.database = database
        self._request_id = request_id
        self._revisions = {} if revisions is None else revisions

    async def run(self, act: Callable[[Tx], Awaitable[T]], *, about: Hashable | None = None) -> T:
        """Run an act that authorizes the caller itself; returns its result.

        `about` is the key that it writes for, whose writes share a part of the connections.
        """
        return await self.database.run(lambda tx: act(self._attached(tx)), about=about)

    async def run_authorized(
        self,
        authorization: BoundStatement,
        act: Callable[[Tx, Result], Awaitable[T]],
        *,
        about: Hashable | None = None,
    ) -> T:
        """The same with a statement for authorization in the transaction's first message; the act
        gets its result."""
        return await self.database.run_after(
            [authorization],
            lambda tx, results: act(self._attached(tx), results[0]),
            about=about,
        )

    def _attached(self, tx: Tx) -> Tx:
        self._revisions.clear()
        tx.request_id, tx.revisions = self._request_id, self._revisions
        return tx
