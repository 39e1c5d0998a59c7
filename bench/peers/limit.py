"""The limit: no framework, asyncpg, one message a request, and the same promises at the database.

Row security, the live session, membership and permission are all checked; the token is verified
once and then remembered, as ours is. What a framework, a schema or an error page would cost is not
here: no one should write a service so, but no one can be much faster in Python either.
"""

import os
import re
import time
from hashlib import blake2b
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from joserfc import jwt
from joserfc.jwk import ECKey
from uuid_utils.compat import uuid7

from bench.peers.turns import Turns
from bench.population import ROLES

KEY = ECKey.import_key(os.environ["BENCH_SIGNING_KEY"])
ISSUER = os.environ["BENCH_ISSUER"]
CLAIMS = jwt.JWTClaimsRegistry(
    iss={"essential": True, "value": ISSUER}, aud={"essential": True, "value": ISSUER}
)
CONNECTIONS = 8
READ = "select * from read_workspace($1, $2, $3, $4)"
CHECK = """
    select allowed, membership::text, role::text, role_key, role_name, place::text
      from check_access($1, $2, $3, $4, $5)
"""
CREATE = "select create_organization($1, $2, $3, $4, $5, $6)"
PACKS = orjson.dumps(
    [{"key": k, "name": k.title(), "permissions": p} for k, p in ROLES.items()]
).decode()
WORKSPACE = re.compile("/api/v1/organizations/([0-9a-f-]{36})/workspaces/([0-9a-f-]{36})")
SLUG = re.compile("[a-z0-9](-?[a-z0-9])*")
COLUMNS = (
    *("id", "name", "slug", "description", "is_default", "visibility", "metadata"),
    *("archived_at", "created_at", "updated_at"),
)

Caller = tuple[UUID, UUID]
verified: dict[str, tuple[Caller, float]] = {}
turns: Turns


class Refused(Exception):
    """A status without a body."""


def caller_of(headers: list[tuple[bytes, bytes]]) -> Caller:
    """Session and user of the bearer token; Refused(401) where it is not ours."""
    for name, value in headers:
        if name == b"authorization":
            token = value[7:].decode()
            caller, expires = verified.get(token) or verify(token)
            if expires > time.time():
                return caller
    raise Refused(401)


def verify(token: str) -> tuple[Caller, float]:
    """The dear part, once a token."""
    try:
        claims = jwt.decode(token, KEY, algorithms=["ES256"]).claims
        CLAIMS.validate(claims)
        known = (UUID(claims["sid"]), UUID(claims["sub"])), claims["exp"]
    except (ValueError, KeyError) as broken:
        raise Refused(401) from broken
    verified[token] = known
    return known


async def read_workspace(caller: Caller, org_id: str, workspace_id: str) -> bytes:
    """One workspace."""
    line = await turns.take()
    try:
        row = await line.fetchrow(READ, *caller, UUID(org_id), UUID(workspace_id))
    finally:
        turns.give(line)
    if row is None:
        raise Refused(404)
    if not row["granted"]:
        raise Refused(403)
    body = dict(zip(COLUMNS, row, strict=False))
    body["id"], body["organization_id"] = workspace_id, org_id
    return orjson.dumps(body, option=orjson.OPT_UTC_Z)


async def check(caller: Caller, questions: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Each question's answer, with its reason."""
    line = await turns.take()
    try:
        rows = await line.fetch(
            CHECK,
            *caller,
            [UUID(each["organization_id"]) for each in questions],
            [UUID(each["workspace_id"]) for each in questions],
            [each["permission"] for each in questions],
        )
    finally:
        turns.give(line)
    if not rows:
        raise Refused(401)
    return [decision(*row) for row in rows]


def decision(allowed: bool, *found: Any) -> dict[str, Any]:
    """One answer."""
    membership, role, key, name, place = found
    shown = {"id": role, "key": key, "name": name}
    told = {"membership": {"id": membership}, "role": shown, "workspace": {"id": place}}
    return {"allowed": allowed, "explanation": told}


async def create_organization(caller: Caller, receive: Any) -> bytes:
    """An organization with all that belongs to it."""
    name, slug = wanted(await body_of(receive))
    ids = [uuid7() for _ in range(7)]
    line = await turns.take()
    try:
        made = await line.fetchval(CREATE, *caller, ids, name, slug, PACKS)
    except asyncpg.UniqueViolationError as taken:
        raise Refused(409) from taken
    finally:
        turns.give(line)
    if made is None:
        raise Refused(401)
    role = {"id": ids[2], "key": "admin", "name": "Admin"}
    view = {"id": ids[0], "name": name, "slug": slug, "kind": "team", "locale": "en",
            "metadata": {}, "default_workspace_id": ids[1], "role": role,
            "created_at": made, "updated_at": made}  # fmt: skip
    return orjson.dumps(view, option=orjson.OPT_UTC_Z)


async def body_of(receive: Any) -> bytes:
    """The whole body."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


def wanted(body: bytes) -> tuple[str, str]:
    """Name and slug. Refused(422) where they are not what they should be."""
    try:
        sent = orjson.loads(body)
        name, slug = sent["name"].strip(), sent["slug"]
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        raise Refused(422) from broken
    if not 1 <= len(name) <= 100 or not 2 <= len(slug) <= 48 or not SLUG.fullmatch(slug):
        raise Refused(422)
    return name, slug


async def answer(scope: Any, receive: Any) -> tuple[int, bytes]:
    """Status and body of one request."""
    caller = caller_of(scope["headers"])
    path = scope["path"]
    if scope["method"] == "GET" and (found := WORKSPACE.fullmatch(path)):
        return 200, await read_workspace(caller, *found.groups())
    if path == "/api/v1/check":
        (told,) = await check(caller, [orjson.loads(await body_of(receive))])
        return 200, orjson.dumps(told)
    if path == "/api/v1/check/batch":
        questions = orjson.loads(await body_of(receive))["checks"]
        return 200, orjson.dumps({"results": await check(caller, questions)})
    if scope["method"] == "POST" and path == "/api/v1/organizations":
        return 201, await create_organization(caller, receive)
    raise Refused(404)


async def app(scope: Any, receive: Any, send: Any) -> None:
    """The whole service, as ASGI."""
    if scope["type"] == "lifespan":
        return await live(receive, send)
    try:
        status, body = await answer(scope, receive)
    except Refused as refused:
        status, body = refused.args[0], b""
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"etag", b'"' + blake2b(body, digest_size=16).hexdigest().encode() + b'"'),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
    return None


async def _text(line: asyncpg.Connection) -> None:
    await line.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=str, decoder=orjson.loads, format="text"
    )


async def live(receive: Any, send: Any) -> None:
    """Connect on start, disconnect on shutdown."""
    global turns
    await receive()
    dsn = os.environ["BENCH_DATABASE_URL"]
    lines = [await asyncpg.connect(dsn) for _ in range(CONNECTIONS)]
    for line in lines:
        await _text(line)
    turns = Turns(lines)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    for line in lines:
        await line.close()
    await send({"type": "lifespan.shutdown.complete"})
