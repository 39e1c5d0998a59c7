"""The context of use cases on accounts."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from tenantry.authz.authority import Actor
from tenantry.authz.authorization import Authorization
from tenantry.authz.claims import Claims
from tenantry.identity.accounts.model import SignUpPolicy
from tenantry.identity.accounts.passwords import Passwords
from tenantry.identity.sessions.model import Client
from tenantry.kit.limits import Limits
from tenantry.platform.context import UseCaseContext
from tenantry.platform.mail.actions import Outbox
from tenantry.platform.rate_limits.actions import RateLimiter
from tenantry.postgres.connection import Result
from tenantry.postgres.database import Database
from tenantry.postgres.transaction import Tx
from tenantry.postgres.unit_of_work import UnitOfWork

P = TypeVar("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AccountContext:
    """For acts that open their own transactions: none stays open while a password is hashed.

    Each transaction is retried after a deadlock or a serialization failure.
    """

    passwords: Passwords
    """Hashes and checks passwords while the caller is connected."""
    rate_limiter: RateLimiter
    outbox: Outbox
    client: Client
    sign_up: SignUpPolicy
    limits: Limits
    work: UnitOfWork

    @property
    def database(self) -> Database:
        """For counting rates, and for reads."""
        return self.work.database

    def use_case(self, tx: Tx, principal: P) -> UseCaseContext[P]:
        """The context of one use case in a transaction of this request."""
        return UseCaseContext(tx, principal, self.outbox, self.rate_limiter, self.limits)

    async def run(self, act: Callable[[Tx], Awaitable[T]], *, about: UUID | None = None) -> T:
        return await self.work.run(act, about=about)

    async def run_as(
        self, actor: Actor, act: Callable[[Tx, Actor], Awaitable[T]], *, holds: bool = True
    ) -> T:
        """The same as a signed-in person. Unauthenticated if the session has ended.

        The person's row is locked against deletion, unless the act locks it by itself.
        """
        authorization = Authorization(Claims(actor.id, actor.session_id), holds=holds)

        async def authorized(tx: Tx, result: Result) -> T:
            return await act(tx, authorization.actor(result))

        return await self.work.run_authorized(authorization.statement(), authorized, about=actor.id)
