"""From a request to a response: authentication, errors in their order, and what is committed.

The order is always 401, then 413, 415, 400, then 404, 403, 422, 412, 409, so that strangers learn
nothing about what exists, nor how to write a body for a call that they may not make.
"""

from collections.abc import Awaitable
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel

from tenantry.api import check_pipeline, parsing
from tenantry.api.authentication import admitted, caller, note_use
from tenantry.api.context import ReadContext, RequestContext, WriteContext
from tenantry.api.idempotency import Record, key_of
from tenantry.api.rendering import render
from tenantry.api.routing.operations import Mode, Operation
from tenantry.api.schemas.fields import Body
from tenantry.authz.authority import Actor, Authority, Operator, OperatorRequired
from tenantry.authz.authorization import (
    AnyAuthorization,
    AuthorizedReader,
    Executor,
    authorization_of,
)
from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.claims import Credentials
from tenantry.authz.key_authorization import NOWHERE
from tenantry.credentials.tokens.external_identity import ExternalIdentity
from tenantry.http.access import PathValues, Requirement, path_values
from tenantry.http.context import HttpContext
from tenantry.http.request import Request
from tenantry.http.response import Reply
from tenantry.http.service import Service
from tenantry.kit.refusals import NotFound, Refusal
from tenantry.postgres.connection import Result
from tenantry.postgres.transaction import Tx
from tenantry.postgres.unit_of_work import UnitOfWork

Ids = PathValues | None


class Write(NamedTuple):
    """A call that writes, as far as it can be read before it is known who comes in."""

    service: Service
    operation: Operation
    request: Request
    ids: Ids
    body: tuple[bytes, Any]
    """As it came, and its values."""
    refusal: Refusal | None
    """What is wrong with the body, to be told to those alone who are signed in."""


async def answer(
    service: Service, operation: Operation, request: Request, values: tuple[str, ...]
) -> Reply:
    """Run one operation. Whatever it refuses is raised."""
    ids = path_values(zip(operation.parameters, values, strict=True))
    request.org_id = ids.get("org_id") if ids else None
    if operation.mode is Mode.READ:
        return await _read(service, operation, request, ids)
    if operation.mode is Mode.ASK:
        return await check_pipeline.answer(service, operation, request)
    if operation.mode is Mode.WRITE:
        return await _write(service, operation, request, ids)
    return await _free(service, operation, request)


async def _read(service: Service, operation: Operation, request: Request, ids: Ids) -> Reply:
    who = await caller(service, request)
    if not isinstance(who, ExternalIdentity):
        exchange = service.database.execute
        return await _read_as(service, operation, request, ids, who, exchange)

    async def read_first(tx: Tx) -> Reply:
        claims = await admitted(tx, request, who)
        return await _read_as(service, operation, request, ids, claims, tx.exchange)

    return await UnitOfWork(service.database, request.id).run(read_first)


async def _read_as(
    service: Service,
    operation: Operation,
    request: Request,
    ids: Ids,
    credentials: Credentials,
    exchange: Executor,
) -> Reply:
    reader = AuthorizedReader(_entrance(operation, credentials, ids), exchange)
    if not reader.authorization.is_possible:
        await reader.authorize()  # which refuses
    arguments: dict[str, Any] = {}
    try:
        if operation.query is not None:
            arguments["query"] = parsing.query_of(operation.query, request)
        else:
            parsing.no_query(request)
    except Refusal as refusal:
        await reader.authorize()
        raise refusal
    if ids is None:
        await reader.authorize()
        raise NotFound
    ctx = ReadContext(service, request, reader)
    view = await _run(operation, ctx, ids, arguments)
    note_use(service, request)
    return render(operation, request, service, view)


async def _write(service: Service, operation: Operation, request: Request, ids: Ids) -> Reply:
    who = await caller(service, request)
    body, refusal = await _received(operation, request)
    write = Write(service, operation, request, ids, body, refusal)
    ctx = HttpContext(service, request)
    if isinstance(who, ExternalIdentity):
        return await ctx.work.run(lambda tx: _write_first(write, who, tx), about=request.org_id)
    authorization = _entrance(operation, who, ids)
    return await ctx.run_authorized(
        authorization, lambda tx, entered: _written(write, tx, authorization, entered)
    )


async def _write_first(write: Write, subject: ExternalIdentity, tx: Tx) -> Reply:
    """A write that also creates the caller's account."""
    claims = await admitted(tx, write.request, subject)
    authorization = _entrance(write.operation, claims, write.ids)
    (entered,) = await tx.execute(authorization.statement())
    return await _written(write, tx, authorization, entered)


async def _written(write: Write, tx: Tx, authorization: AnyAuthorization, entered: Result) -> Reply:
    service, operation, request, ids, (raw, values), refusal = write
    who = _admitted(authorization, entered, refusal)
    if ids is None:
        raise NotFound
    arguments = _arguments(operation, request, values)
    _permit(who, arguments.get("body"))
    record = _record(operation, request, authorization.caller_id(entered), raw)
    replayed = await record.replay(tx) if record else None
    if replayed is not None:
        return replayed
    note_use(service, request)
    ctx = WriteContext(service, request, tx, who)
    view = await _run(operation, ctx, ids, arguments)
    reply = render(operation, request, service, view)
    reply.status = ctx.status or reply.status
    reply.headers += ctx.revision_header
    if record is not None:
        record.keep(tx, reply)
    return reply


async def _free(service: Service, operation: Operation, request: Request) -> Reply:
    ctx = RequestContext(service, request)
    if operation.access is Requirement.SIGNED_IN:
        who = await caller(service, request)
        body, refusal = await _received(operation, request)
        if isinstance(who, ExternalIdentity):
            # What follows opens transactions of its own, so this one goes before them.
            subject = who
            who = await ctx.run(lambda tx: admitted(tx, request, subject))
        authorization = authorization_of(who)
        (entered,) = await service.database.execute([authorization.statement()])
        ctx.set_principal(_admitted(authorization, entered, refusal))
    else:
        body, refusal = await _received(operation, request)
    if refusal is not None:
        raise refusal
    arguments = _arguments(operation, request, body[1])
    reply = render(operation, request, service, await operation.handler(ctx, **arguments))
    reply.headers += ctx.revision_header
    return reply


def _run(
    operation: Operation, ctx: RequestContext, ids: PathValues, arguments: dict[str, Any]
) -> Awaitable[Any]:
    taken = {name: ids[name] for name in operation.takes}
    return operation.handler(ctx, **taken, **arguments)


def _arguments(operation: Operation, request: Request, body: Any) -> dict[str, Any]:
    """Query and body by their models. Unacceptable."""
    arguments: dict[str, Any] = {}
    if operation.query is not None:
        arguments["query"] = parsing.query_of(operation.query, request)
    elif not operation.form:  # what OAuth does not know is ignored there
        parsing.no_query(request)
    if operation.body is not None:
        arguments["body"] = parsing.body_of(operation.body, body)
    return arguments


def _entrance(operation: Operation, who: Credentials, ids: Ids) -> AnyAuthorization:
    if not isinstance(operation.access, Permission):
        return authorization_of(
            who,
            holds=operation.mode is Mode.WRITE,
            for_operators=operation.access is Requirement.OPERATOR,
        )
    known = ids or {}
    org_id = known.get("org_id", NOWHERE)
    return authorization_of(
        who,
        operation.access,
        org_id,
        known.get("workspace_id"),
        restores=operation.restores,
    )


def _admitted(
    authorization: AnyAuthorization, entered: Result, refusal: Refusal | None
) -> Actor | Operator | Authority:
    """Who came in; what is wrong with the body is told only to those who are signed in."""
    authorization.caller_id(entered)
    if refusal is not None:
        raise refusal
    return (
        authorization.person(entered)
        if authorization.permission is None
        else authorization.authority(entered)
    )


def _record(operation: Operation, request: Request, caller_id: UUID, body: bytes) -> Record | None:
    if not operation.takes_key:
        return None
    return Record.of(request, caller_id, body, is_secret=operation.secret)


def _permit(who: Actor | Operator | Authority, body: BaseModel | None) -> None:
    """OperatorRequired where a body asks for what only operators may: told before a replay."""
    if isinstance(body, Body) and body.for_operators and not isinstance(who, Operator):
        raise OperatorRequired


async def _received(
    operation: Operation, request: Request
) -> tuple[tuple[bytes, Any], Refusal | None]:
    """The body, or what cannot be read, which is not told before it is known who asks."""
    if operation.body is None:
        return (b"", None), None
    try:
        body = await parsing.raw_body(operation, request)
        if operation.takes_key:
            key_of(request)
        return body, None
    except Refusal as refusal:
        return (b"", None), refusal
