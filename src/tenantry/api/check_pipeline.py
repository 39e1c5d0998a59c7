"""From a question to its answer: whoever bears a credential may ask, and enters nothing."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, Self

from tenantry.api import parsing
from tenantry.api.authentication import admitted, caller
from tenantry.api.context import Here
from tenantry.api.operations import Operation
from tenantry.api.rendering import render
from tenantry.api.v1.fields import Body
from tenantry.authz.authorization import Exchange
from tenantry.authz.check_caller import Asking
from tenantry.credentials.tokens.external_identity import NewSubject
from tenantry.http.request import Request
from tenantry.http.response import Reply
from tenantry.http.service import Service
from tenantry.kit.refusals import Refusal
from tenantry.postgres.transaction import Tx


class Glanced(Body):
    """A body that may be so large that it is first looked at quickly."""

    @classmethod
    @abstractmethod
    def at_a_glance(cls, body: bytes) -> Self | None:
        """The body where it is plainly flawless; None: look closely."""


class AskingHere(Here):
    """A request that asks about access."""

    def __init__(self, service: Service, request: Request, asking: Asking) -> None:
        super().__init__(service, request, {})
        self.asking = asking


async def answer(service: Service, operation: Operation, request: Request) -> Reply:
    """Run one operation that asks. Whatever it refuses is raised."""
    who = await caller(service, request)
    read = await _received(operation, request)
    if not isinstance(who, NewSubject):
        asking = Asking(who, service.database.exchange)
        return await _answered(service, operation, request, asking, read)
    subject = who

    async def ask_first(tx: Tx) -> Reply:
        exchange: Exchange = tx.exchange
        asking = Asking(await admitted(tx, request, subject), exchange)
        return await _answered(service, operation, request, asking, read)

    return await service.database.run(ask_first)


async def _answered(
    service: Service,
    operation: Operation,
    request: Request,
    asking: Asking,
    read: Callable[[], Any],
) -> Reply:
    try:
        body = read()
    except Refusal:
        await asking.enter()  # what is wrong is told to nobody whose session is over
        raise
    here = AskingHere(service, request, asking)
    return render(operation, request, service, await operation.handler(here, body=body))


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
