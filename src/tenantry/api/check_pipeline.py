"""From a check to its answer: any valid credential may ask, and no tenant is set."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, Self

from tenantry.api import parsing
from tenantry.api.authentication import admitted, caller
from tenantry.api.context import RequestContext
from tenantry.api.rendering import render
from tenantry.api.routing.operations import Operation
from tenantry.api.schemas.fields import Body
from tenantry.authz.authorization import Executor
from tenantry.authz.readers import CheckCaller
from tenantry.credentials.tokens.external_identity import ExternalIdentity
from tenantry.http.request import Request
from tenantry.http.response import Reply
from tenantry.http.service import Service
from tenantry.kit.refusals import Refusal
from tenantry.postgres.transaction import Tx
from tenantry.postgres.unit_of_work import UnitOfWork


class Glanced(Body):
    """A body that may be so large that it is first read by a fast path."""

    @classmethod
    @abstractmethod
    def at_a_glance(cls, body: bytes) -> Self | None:
        """The body if it is plainly valid; None if it needs full validation."""


class CheckContext(RequestContext):
    """The context of an access check."""

    def __init__(self, service: Service, request: Request, asking: CheckCaller) -> None:
        super().__init__(service, request)
        self.asking = asking


async def answer(service: Service, operation: Operation, request: Request) -> Reply:
    """Run one access check. Errors are raised."""
    who = await caller(service, request)
    read = await _received(operation, request)
    if not isinstance(who, ExternalIdentity):
        asking = CheckCaller(who, service.database.execute)
        return await _answered(service, operation, request, asking, read)
    subject = who

    async def ask_first(tx: Tx) -> Reply:
        exchange: Executor = tx.exchange
        asking = CheckCaller(await admitted(tx, request, subject), exchange)
        return await _answered(service, operation, request, asking, read)

    return await UnitOfWork(service.database, request.id).run(ask_first)


async def _answered(
    service: Service,
    operation: Operation,
    request: Request,
    asking: CheckCaller,
    read: Callable[[], Any],
) -> Reply:
    try:
        body = read()
    except Refusal:
        await asking.ensure_active()  # only callers with an active session learn what is wrong
        raise
    ctx = CheckContext(service, request, asking)
    return render(operation, request, service, await operation.handler(ctx, body=body))


async def _received(operation: Operation, request: Request) -> Callable[[], Any]:
    """A function that returns the validated body or raises, for when the caller is known."""
    try:
        raw = await parsing.raw_bytes(operation, request)
    except Refusal as broken:
        refusal = broken

        def refuse() -> Any:
            raise refusal

        return refuse
    model: Any = operation.body

    def read() -> Any:
        parsing.no_query(request)
        known = model.at_a_glance(raw) if issubclass(model, Glanced) else None
        return known or parsing.body_of(model, parsing.strict(raw))

    return read
