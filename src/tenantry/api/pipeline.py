"""From a request to a response: authentication, errors in their order, and what is committed.

The order is always 401, then 413, 415, 400, then 404, 403, 422, 428, 412, 409, so that strangers
learn nothing about what exists, nor how to write a body for a call that they may not make.
"""

from collections.abc import Awaitable
from typing import Any

from tenantry.api import parsing
from tenantry.api.authentication import authenticate, note_key_use, provision
from tenantry.api.context import CheckContext, ReadContext, RequestContext, WriteContext
from tenantry.api.idempotency import RepeatableCall, key_of
from tenantry.api.rendering import render
from tenantry.api.routing.operations import Operation
from tenantry.api.schemas.fields import Body
from tenantry.authz.authority import Actor, Authority, Operator, OperatorRequired
from tenantry.authz.authorization import AnyAuthorization, authorization_of
from tenantry.authz.authorized_reader import AuthorizedReader, CheckCaller
from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.claims import Credentials
from tenantry.authz.key_authorization import NOWHERE
from tenantry.credentials.tokens.external_identity import ExternalIdentity
from tenantry.http.access import Requirement, path_values
from tenantry.http.context import HttpContext
from tenantry.http.request import Request
from tenantry.http.response import Reply
from tenantry.http.service import Service
from tenantry.kit.refusals import NotFound, Refusal
from tenantry.postgres.connection import Result
from tenantry.postgres.reader import Executor
from tenantry.postgres.transaction import Tx


class ApiCall:
    """A call, parsed as far as possible before its caller is known."""

    __slots__ = ("body", "body_error", "ids", "operation", "raw", "request", "service")

    def __init__(
        self, service: Service, operation: Operation, request: Request, values: tuple[str, ...]
    ) -> None:
        self.service = service
        self.operation = operation
        self.request = request
        self.ids = path_values(zip(operation.parameters, values, strict=True))
        request.org_id = self.ids.get("org_id") if self.ids else None
        self.raw = b""
        self.body: Any = None
        self.body_error: Refusal | None = None
        """The error of the body; only authenticated callers see it."""

    async def receive(self) -> None:
        operation, request = self.operation, self.request
        model: Any = operation.body
        try:
            self.raw = await parsing.raw_bytes(operation, request)
            if operation.context is CheckContext:
                parsing.no_query(request)
                self.body = parsing.check_of(model, self.raw)
            else:
                self.body = parsing.values(operation, self.raw)
                if operation.takes_key:
                    key_of(request)
        except Refusal as refusal:
            self.body_error = refusal

    def authorization(self, credentials: Credentials) -> AnyAuthorization:
        operation, access = self.operation, self.operation.access
        if not isinstance(access, Permission):
            return authorization_of(
                credentials,
                holds=operation.context is WriteContext,
                for_operators=access is Requirement.OPERATOR,
            )
        ids = self.ids or {}
        org_id, workspace_id = ids.get("org_id", NOWHERE), ids.get("workspace_id")
        return authorization_of(
            credentials, access, org_id, workspace_id, restores=operation.restores
        )

    def principal(
        self, authorization: AnyAuthorization, result: Result
    ) -> Actor | Operator | Authority:
        """The caller with their authority. Raises, in this order: 401, the error of the body, 404,
        403."""
        authorization.caller_id(result)
        if self.body_error is not None:
            raise self.body_error
        if authorization.permission is None:
            return authorization.person(result)
        return authorization.authority(result)

    def arguments(self) -> dict[str, Any]:
        """Query and body as their models. Unacceptable."""
        operation, request = self.operation, self.request
        arguments: dict[str, Any] = {}
        if operation.query is not None:
            arguments["query"] = parsing.query_of(operation.query, request)
        elif request.query and not operation.form:  # OAuth ignores unknown parameters
            parsing.no_query(request)
        if operation.body is not None:
            arguments["body"] = parsing.body_of(operation.body, self.body)
        return arguments

    def run(self, ctx: RequestContext, arguments: dict[str, Any]) -> Awaitable[Any]:
        """Call the handler. NotFound if an id of the path is malformed."""
        if self.ids is None:
            raise NotFound
        ids = {name: self.ids[name] for name in self.operation.takes}
        return self.operation.handler(ctx, **ids, **arguments)


async def answer(
    service: Service, operation: Operation, request: Request, values: tuple[str, ...]
) -> Reply:
    """Run one operation. Errors are raised."""
    call = ApiCall(service, operation, request, values)
    if operation.context is WriteContext:
        return await _write(call)
    if operation.context is RequestContext:
        return await _act(call)
    return await _read(call)


async def _read(call: ApiCall) -> Reply:
    """A read or a check: one message. For a new user, one transaction that also creates them."""
    service, request = call.service, call.request
    caller = await authenticate(service, request)
    if call.operation.body is not None:
        await call.receive()
    read = _check_as if call.operation.context is CheckContext else _read_as
    if not isinstance(caller, ExternalIdentity):
        return await read(call, caller, service.database.execute)

    async def provision_and_read(tx: Tx) -> Reply:
        return await read(call, await provision(tx, request, caller), tx.execute)

    return await HttpContext(service, request).run(provision_and_read)


async def _read_as(call: ApiCall, credentials: Credentials, execute: Executor) -> Reply:
    reader = AuthorizedReader(call.authorization(credentials), execute)
    try:
        if call.ids is None or not reader.authorization.is_possible:
            raise NotFound
        arguments = call.arguments()
    except Refusal:
        await reader.authorize()  # whose errors come first
        raise
    view = await call.run(ReadContext(call.service, call.request, reader), arguments)
    note_key_use(call.service, call.request)
    return render(call.operation, call.request, call.service, view)


async def _check_as(call: ApiCall, credentials: Credentials, execute: Executor) -> Reply:
    caller = CheckCaller(credentials, execute)
    if call.body_error is not None:
        await caller.ensure_active()
        raise call.body_error
    ctx = CheckContext(call.service, call.request, caller)
    view = await call.operation.handler(ctx, body=call.body)
    return render(call.operation, call.request, call.service, view)


async def _write(call: ApiCall) -> Reply:
    caller = await authenticate(call.service, call.request)
    if call.operation.body is not None:
        await call.receive()
    ctx = HttpContext(call.service, call.request)
    if not isinstance(caller, ExternalIdentity):
        authorization = call.authorization(caller)
        return await ctx.run_authorized(
            authorization, lambda tx, result: _write_as(call, tx, authorization, result)
        )

    async def provision_and_write(tx: Tx) -> Reply:
        authorization = call.authorization(await provision(tx, call.request, caller))
        (result,) = await tx.execute([authorization.statement()])
        return await _write_as(call, tx, authorization, result)

    return await ctx.work.run(provision_and_write, about=call.request.org_id)


async def _write_as(
    call: ApiCall, tx: Tx, authorization: AnyAuthorization, result: Result
) -> Reply:
    service, request, operation = call.service, call.request, call.operation
    principal = call.principal(authorization, result)
    if call.ids is None:
        raise NotFound
    arguments = call.arguments()
    body = arguments.get("body")
    if isinstance(body, Body) and body.for_operators and not isinstance(principal, Operator):
        raise OperatorRequired
    repeatable = None
    if operation.takes_key:
        caller_id = authorization.caller_id(result)
        repeatable = RepeatableCall.of(request, caller_id, call.raw, is_secret=operation.secret)
    first = await repeatable.replay(tx) if repeatable else None
    if first is not None:
        return first
    note_key_use(service, request)
    ctx = WriteContext(service, request, tx, principal)
    reply = render(operation, request, service, await call.run(ctx, arguments))
    reply.status = ctx.status or reply.status
    reply.headers += ctx.revision_header
    if repeatable is not None:
        repeatable.keep(tx, reply)
    return reply


async def _act(call: ApiCall) -> Reply:
    """A call whose handler opens its own transactions."""
    service, request, operation = call.service, call.request, call.operation
    ctx = RequestContext(service, request)
    is_public = operation.access is Requirement.ANYONE
    caller = None if is_public else await authenticate(service, request)
    if operation.body is not None:
        await call.receive()
    if caller is not None:
        if isinstance(caller, ExternalIdentity):
            identity = caller
            caller = await ctx.run(lambda tx: provision(tx, request, identity))
        authorization = authorization_of(caller)
        (result,) = await service.database.execute([authorization.statement()])
        ctx.set_principal(call.principal(authorization, result))
    if call.body_error is not None:
        raise call.body_error
    reply = render(operation, request, service, await call.run(ctx, call.arguments()))
    reply.headers += ctx.revision_header
    return reply
