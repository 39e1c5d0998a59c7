"""The unit of work: what a request does is one transaction, whichever interface it came by."""

from collections.abc import Awaitable, Callable, Hashable
from typing import TypeVar
from uuid import UUID

from tenantry.postgres.connection import Result
from tenantry.postgres.database import Database
from tenantry.postgres.statement import BoundStatement
from tenantry.postgres.transaction import Tx

T = TypeVar("T")


class UnitOfWork:
    """Runs acts, each as the whole of a transaction, from the start again after a deadlock or a
    serialization failure. So an act does nothing outside its transaction except by
    `Tx.after_commit`.
    """

    def __init__(
        self, database: Database, request_id: str, revisions: dict[UUID, int] | None = None
    ) -> None:
        """`revisions` receives the revisions that the last transaction wrote."""
        self.database = database
        self._request_id = request_id
        self._revisions = {} if revisions is None else revisions

    async def run(self, act: Callable[[Tx], Awaitable[T]], *, about: Hashable | None = None) -> T:
        """The result of an act that decides by itself who may do it.

        `about` is the key that it writes for, whose writes may use only a part of the connections.
        """
        return await self.database.run(lambda tx: act(self._attached(tx)), about=about)

    async def run_authorized(
        self,
        authorization: BoundStatement,
        act: Callable[[Tx, Result], Awaitable[T]],
        *,
        about: Hashable | None = None,
    ) -> T:
        """The same with a statement that authorizes in the transaction's first message; the act
        receives its result."""
        return await self.database.run_after(
            [authorization],
            lambda tx, results: act(self._attached(tx), results[0]),
            about=about,
        )

    def _attached(self, tx: Tx) -> Tx:
        self._revisions.clear()
        tx.request_id, tx.revisions = self._request_id, self._revisions
        return tx
