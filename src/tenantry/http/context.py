"""The context of a request's handler; the contexts of the API and the console extend it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar
from uuid import UUID

from tenantry.authz.authorization import AnyAuthorization
from tenantry.authz.claims import Claims
from tenantry.http.request import Request
from tenantry.http.service import Service
from tenantry.identity.accounts.context import AccountContext
from tenantry.kit.languages import accepted
from tenantry.platform.context import UseCaseContext
from tenantry.platform.mail.actions import Outbox
from tenantry.platform.rate_limits.actions import RateLimiter
from tenantry.postgres.connection import Result
from tenantry.postgres.transaction import Tx
from tenantry.postgres.unit_of_work import UnitOfWork

P = TypeVar("P")
T = TypeVar("T")


class HttpContext:
    def __init__(self, service: Service, request: Request) -> None:
        self.service = service
        self.request = request
        self.revisions: dict[UUID, int] = {}
        """The revisions that this request wrote, by organization."""

    @property
    def work(self) -> UnitOfWork:
        """Runs this request's units of work, each as one transaction."""
        return UnitOfWork(self.service.database, self.request.id, self.revisions)

    async def run(self, act: Callable[[Tx], Awaitable[T]]) -> T:
        """Run `act` as one transaction; returns its result."""
        return await self.work.run(act)

    async def run_authorized(
        self, authorization: AnyAuthorization, act: Callable[[Tx, Result], Awaitable[T]]
    ) -> T:
        """`run` with the authorization in the transaction's first message."""
        claims = authorization.claims
        about = self.request.org_id or (claims.user_id if isinstance(claims, Claims) else None)
        return await self.work.run_authorized(authorization.statement(), act, about=about)

    def use_case(self, tx: Tx, principal: P) -> UseCaseContext[P]:
        return UseCaseContext(tx, principal, self.outbox, self.rate_limiter, self.service.limits)

    @property
    def rate_limiter(self) -> RateLimiter:
        """The rate limiter of this request; the response has its headers."""
        request = self.request
        if request.rate_limiter is None:
            request.rate_limiter = self.service.rate_limiters.limiter_for(request.client.network)
        return request.rate_limiter

    @property
    def languages(self) -> Sequence[str]:
        """The caller's languages, the preferred one first."""
        return accepted(self.request.header(b"accept-language"))

    @property
    def outbox(self) -> Outbox:
        """Queues emails in the organization's language, or in the caller's if it chose none."""
        return self.service.outbox.in_languages(self.languages)

    @property
    def account(self) -> AccountContext:
        """For use cases of accounts, which open their own transactions."""
        return AccountContext(
            work=self.work,
            passwords=self.service.passwords.until(self.request.wait_for_disconnect),
            rate_limiter=self.rate_limiter,
            outbox=self.outbox,
            client=self.request.client,
            sign_up=self.service.sign_up,
            limits=self.service.limits,
        )
