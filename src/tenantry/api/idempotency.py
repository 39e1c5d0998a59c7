"""Idempotency-Key: for 24 hours, a repeated call gets the response to the first one."""

import re
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import orjson

from tenantry.http.failures import BadHeader
from tenantry.http.request import Request
from tenantry.http.response import Reply
from tenantry.kit.refusals import Conflict
from tenantry.platform.idempotency import actions
from tenantry.platform.idempotency.model import IdempotencyKey
from tenantry.postgres.transaction import Tx

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class SecretAlreadyShown(Conflict):
    """The first response contained a secret, which is not stored; `id` is the key's id."""

    code = "secret_already_shown"
    detail = "The secret was in the first response to this request; it is shown only once."


def key_of(request: Request) -> str | None:
    """The Idempotency-Key of a request; None if it has none. BadHeader."""
    if b"idempotency-key" not in request.headers:
        return None
    key = request.header(b"idempotency-key")
    if not _KEY.fullmatch(key):
        raise BadHeader("Idempotency-Key must have 1 to 255 visible ASCII characters.")
    return key


@dataclass(frozen=True, slots=True)
class RepeatableCall:
    key: IdempotencyKey
    is_secret: bool
    """Whether the response contains a secret: then only its `id` is stored."""

    @classmethod
    def of(
        cls, request: Request, caller_id: UUID, body: bytes, *, is_secret: bool
    ) -> "RepeatableCall | None":
        """None if the request has no key. BadHeader."""
        key = key_of(request)
        if key is None:
            return None
        line = f"{request.method} {request.path.rstrip('/')}\n".encode()
        return cls(IdempotencyKey(caller_id, key, sha256(line + body).digest()), is_secret)

    async def replay(self, tx: Tx) -> Reply | None:
        """The stored response to the same call; None for the first. KeyReused, IdempotencyInFlight,
        SecretAlreadyShown."""
        first = await actions.replay(tx, self.key)
        if first is None:
            return None
        if self.is_secret:
            raise SecretAlreadyShown(**orjson.loads(first.body))
        headers = [(name.encode(), value.encode()) for name, value in first.headers.items()]
        return Reply(first.status, first.body, [*headers, (b"idempotency-replayed", b"true")])

    def keep(self, tx: Tx, reply: Reply) -> None:
        headers = {name.decode(): value.decode() for name, value in reply.headers}
        body = reply.body
        if self.is_secret:
            headers, body = {}, orjson.dumps({"id": orjson.loads(body)["id"]})
        actions.keep(tx, self.key, reply.status, headers, body)
