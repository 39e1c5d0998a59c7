"""From a question to its answer: whoever bears a credential may ask, and enters nothing."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, Self

from tenantry.api import parsing
from tenantry.api.authentication import admitted, caller
from tenantry.api.context import RequestContext
from tenantry.api.fields import Body
from tenantry.api.operations import Operation
from tenantry.api.rendering import render
from tenantry.authz.authorization import Executor
from tenantry.authz.check_caller import CheckCaller
from tenantry.credentials.tokens.external_identity import ExternalIdentity
from tenantry.http.request import Request
from tenantry.http.response import Reply
from tenantry.http.service import Service
from tenantry.kit.refusals import Refusal
from tenantry.postgres.transaction import Tx
from tenantry.postgres.unit_of_work import UnitOfWork


class Glanced(Body):
    """A body that may be so large that it is first looked at quickly."""

    @classmethod
    @abstractmethod
    def at_a_glance(cls, body: bytes) -> Self | None:
        """The body where it is plainly flawless; None: look closely."""


class CheckContext(RequestContext):
    """A request that asks about access."""

    def __init__(self, service: Service, request: Request, asking: CheckCaller) -> None:
        super().__init__(service, request)
        self.asking = asking


async def answer(service: Service, operation: Operation, request: Request) -> Reply:
    """Run one operation that asks. Whatever it refuses is raised."""
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
        await asking.ensure_active()  # what is wrong is told to nobody whose session is over
        raise
    ctx = CheckContext(service, request, asking)
    return render(operation, request, service, await operation.handler(ctx, body=body))


async def _received(operation: Operation, request: Request) -> Callable[[], Any]:
    """What gives the body by its model, or refuses it, once it is known who asks."""
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
