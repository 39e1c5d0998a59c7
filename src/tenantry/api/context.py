"""The contexts of API calls. A handler's context decides how it accesses the database."""

from collections.abc import Callable
from typing import TypeVar

from tenantry.authz.authority import Actor, Authority, Operator, OperatorRequired
from tenantry.authz.authorized_reader import AuthorizedReader, CheckCaller
from tenantry.http.conditional import ensure_match, etag
from tenantry.http.context import HttpContext
from tenantry.http.failures import PreconditionRequired
from tenantry.http.request import Request
from tenantry.http.response import Header, encode
from tenantry.http.service import Service
from tenantry.kit.expectations import Expectation
from tenantry.kit.refusals import NotFound, Unauthenticated
from tenantry.platform.context import OrganizationContext, PersonContext
from tenantry.postgres.transaction import Tx

T = TypeVar("T")

REVISION = b"tenantry-revision"


class RequestContext(HttpContext):
    """A call whose handler opens its own transactions, so that none stays open during slow work."""

    principal: Actor | None = None

    def set_principal(self, authorized: Actor | Operator | Authority) -> None:
        actor = authorized if isinstance(authorized, Actor) else authorized.actor
        self.principal = actor if isinstance(actor, Actor) else None

    @property
    def actor(self) -> Actor:
        """The signed-in user. Unauthenticated."""
        if self.principal is None:
            raise Unauthenticated
        return self.principal

    @property
    def revision_header(self) -> list[Header]:
        """The revision that the call wrote: of the path's organization, or the only one."""
        revisions = self.revisions
        only = next(iter(revisions.values())) if len(revisions) == 1 else None
        org_id = self.request.org_id
        revision = only if org_id is None else revisions.get(org_id)
        return [] if revision is None else [(REVISION, str(revision).encode())]


class ReadContext(RequestContext):
    """A read: each message of `reading` is authorized."""

    def __init__(self, service: Service, request: Request, reader: AuthorizedReader) -> None:
        super().__init__(service, request)
        self.reading = reader


class CheckContext(RequestContext):
    """An access check: one message by any valid credential, without a tenant."""

    def __init__(self, service: Service, request: Request, asking: CheckCaller) -> None:
        super().__init__(service, request)
        self.asking = asking


class WriteContext(RequestContext):
    """A write: one authorized transaction, committed before the response."""

    def __init__(
        self,
        service: Service,
        request: Request,
        tx: Tx,
        authorized: Actor | Operator | Authority,
    ) -> None:
        super().__init__(service, request)
        self.tx = tx
        self.revisions = tx.revisions
        self._authorized = authorized
        self.status: int | None = None
        """The status of the response, if it differs from the declared one."""
        self.set_principal(authorized)

    @property
    def authority(self) -> Authority:
        """The authority in the path's organization. NotFound if the path has none."""
        if not isinstance(self._authorized, Authority):
            raise NotFound
        return self._authorized

    @property
    def in_organization(self) -> OrganizationContext:
        return self.use_case(self.tx, self.authority)

    @property
    def as_person(self) -> PersonContext:
        """The context of a use case of the signed-in user. Unauthenticated."""
        return self.use_case(self.tx, self.actor)

    @property
    def operator(self) -> Operator:
        """The caller as an operator. OperatorRequired."""
        if not isinstance(self._authorized, Operator):
            raise OperatorRequired
        return self._authorized

    def if_match(self, view: Callable[[T], object], *, is_required: bool = False) -> Expectation[T]:
        """Compares If-Match with the current view: PreconditionFailed if the versions differ,
        PreconditionRequired if the header is missing and required."""

        def ensure(present: T) -> None:
            if is_required and b"if-match" not in self.request.headers:
                raise PreconditionRequired
            ensure_match(self.request, etag(encode(view(present))))

        return ensure


CONTEXTS = (ReadContext, CheckContext, WriteContext, RequestContext)
