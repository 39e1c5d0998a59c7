"""Here: what a handler is given about the request that it answers."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from tenantry.authz.authority import Actor, Authority, Operator, OperatorRequired
from tenantry.authz.authorization import AuthorizedReader
from tenantry.http.account_context import account_context
from tenantry.http.conditional import ensure_match, etag
from tenantry.http.encoding import encode
from tenantry.http.problems import PreconditionRequired
from tenantry.http.rate_headers import rate_limiter_of
from tenantry.http.request import Request
from tenantry.http.response import Header
from tenantry.http.service import Service
from tenantry.identity.accounts.context import AccountContext
from tenantry.kit.expectations import Expectation
from tenantry.kit.languages import accepted
from tenantry.kit.refusals import NotFound, Unauthenticated
from tenantry.platform.context import OrganizationContext, PersonContext, UseCaseContext
from tenantry.platform.mail.actions import Outbox
from tenantry.platform.rate_limits.actions import RateLimiter
from tenantry.postgres.transaction import Tx
from tenantry.postgres.unit_of_work import UnitOfWork

P = TypeVar("P")
T = TypeVar("T")

REVISION = b"tenantry-revision"


class RequestContext:
    """A request that anybody may make."""

    def __init__(self, service: Service, request: Request) -> None:
        self.service = service
        self.request = request
        self.who: Actor | None = None
        self.revisions: dict[UUID, int] = {}
        """To what this request raised the revisions of organizations, in the order of acts."""

    @property
    def work(self) -> UnitOfWork:
        """Runs the acts of a request that has no transaction of its own."""
        return UnitOfWork(self.service.database, self.request.id, self.revisions)

    def set_principal(self, entered: Actor | Operator | Authority) -> None:
        """Note which person it is, where it is one."""
        who = entered if isinstance(entered, Actor) else entered.actor
        self.who = who if isinstance(who, Actor) else None

    @property
    def actor(self) -> Actor:
        """The signed-in user. Unauthenticated."""
        if self.who is None:
            raise Unauthenticated
        return self.who

    @property
    def revision_header(self) -> list[Header]:
        """The revision that the act brought: of the path's organization, or of the only one."""
        revisions = self.revisions
        only = next(iter(revisions.values())) if len(revisions) == 1 else None
        org_id = self.request.org_id
        revision = only if org_id is None else revisions.get(org_id)
        return [] if revision is None else [(REVISION, str(revision).encode())]

    @property
    def rate_limiter(self) -> RateLimiter:
        """The rate limiter of this request; the response has its headers."""
        return rate_limiter_of(self.service, self.request)

    @property
    def account(self) -> AccountContext:
        """For acts on accounts, which open transactions of their own."""
        return account_context(self.service, self.request, self.outbox, self.work)

    @property
    def outbox(self) -> Outbox:
        """Where emails are queued; in the caller's language unless the organization has one."""
        return self.service.outbox.in_languages(accepted(self.request.header(b"accept-language")))

    async def run(self, act: Callable[[Tx], Awaitable[T]]) -> T:
        """The result of an act that is the whole of a transaction."""
        return await self.work.run(act)


class ReadContext(RequestContext):
    """A request that reads: `reading` lets its first fetch in, or refuses it."""

    def __init__(self, service: Service, request: Request, reader: AuthorizedReader) -> None:
        super().__init__(service, request)
        self.reading = reader


class WriteContext(RequestContext):
    """A request that writes, in the one transaction that the reply waits for."""

    def __init__(
        self,
        service: Service,
        request: Request,
        tx: Tx,
        entered: Actor | Operator | Authority,
    ) -> None:
        super().__init__(service, request)
        self.tx = tx
        self.revisions = tx.revisions
        self._entered = entered
        self.status: int | None = None
        """The status to answer with, where it is not the one that the operation declares."""
        self.set_principal(entered)

    @property
    def authority(self) -> Authority:
        """With what right, in the organization of the path."""
        if not isinstance(self._entered, Authority):
            raise NotFound
        return self._entered

    @property
    def in_organization(self) -> OrganizationContext:
        """The context of a use case in the organization of the path."""
        return self._use_case(self.authority)

    @property
    def as_person(self) -> PersonContext:
        """The context of a use case of the signed-in user. Unauthenticated."""
        return self._use_case(self.actor)

    def _use_case(self, principal: P) -> UseCaseContext[P]:
        limits = self.service.limits
        return UseCaseContext(self.tx, principal, self.outbox, self.rate_limiter, limits)

    @property
    def operator(self) -> Operator:
        """Who acts, as one who runs the service. OperatorRequired."""
        if not isinstance(self._entered, Operator):
            raise OperatorRequired
        return self._entered

    def if_match(self, view: Callable[[T], object], *, is_required: bool = False) -> Expectation[T]:
        """PreconditionFailed where If-Match names another version than the view of what is there;
        PreconditionRequired where it names none and has to."""

        def ensure(present: T) -> None:
            if is_required and b"if-match" not in self.request.headers:
                raise PreconditionRequired
            ensure_match(self.request, etag(encode(view(present))))

        return ensure
