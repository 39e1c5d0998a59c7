"""Idempotency-Key: the same call again gives the first answer again, for 24 hours."""

import re
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import orjson
from psycopg import errors

from tenantry.http.failures import BadHeader, KeyReused
from tenantry.http.request import Request
from tenantry.http.response import Reply
from tenantry.kit.refusals import Conflict
from tenantry.platform.idempotency.actions import KEPT
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx

_KEY = re.compile(r"[\x21-\x7e]{1,255}")

# Two calls with one key: the second waits for the first here, for a moment only.
_PATIENCE = Statement("select set_config('lock_timeout', $1, true)")
_CLAIM = Statement("""
    insert into idempotency_keys (user_id, key, fingerprint, created_at) values ($1, $2, $3, $4)
    on conflict (user_id, key) do update
       set fingerprint = $3, created_at = $4, status = null, headers = null, body = null
     where idempotency_keys.created_at <= $5
""")
_FIND = Statement("""
    select fingerprint, status, headers, body from idempotency_keys where user_id = $1 and key = $2
""")
_KEEP = Statement("""
    update idempotency_keys set status = $3, headers = $4, body = $5 where user_id = $1 and key = $2
""")


class IdempotencyInFlight(Conflict):
    """The first call with this key is not answered yet."""

    code = "idempotency_in_flight"
    detail = "The first request with this Idempotency-Key is still being answered. Try again soon."


class SecretAlreadyShown(Conflict):
    """The first answer had a secret in it, which is kept nowhere; `id` says of what."""

    code = "secret_already_shown"
    detail = "The secret was in the first answer to this request, and is shown once."


def key_of(request: Request) -> str | None:
    """The key of a request; None where there is none. BadHeader."""
    if b"idempotency-key" not in request.headers:
        return None
    key = request.header(b"idempotency-key")
    if not _KEY.fullmatch(key):
        raise BadHeader("Idempotency-Key has 1 to 255 visible ASCII characters.")
    return key


@dataclass(frozen=True, slots=True)
class Record:
    """A key that a caller gave, with what it was given for."""

    user_id: UUID
    key: str
    fingerprint: bytes
    is_secret: bool
    """Whether the answer has a secret in it: of that, nothing is kept but the `id`."""

    @classmethod
    def of(
        cls, request: Request, user_id: UUID, body: bytes, *, is_secret: bool = False
    ) -> "Record | None":
        """The record of a request; None where no key was given. BadHeader."""
        key = key_of(request)
        if key is None:
            return None
        line = f"{request.method} {request.path.rstrip('/')}\n".encode()
        return cls(user_id, key, sha256(line + body).digest(), is_secret)

    async def replay(self, tx: Tx) -> Reply | None:
        """The answer to the same call before; None for the first. KeyReused, IdempotencyInFlight,
        SecretAlreadyShown.

        The key is taken in the act's own transaction: kept with it, or gone with it.
        """
        try:
            tx.enqueue(_PATIENCE("1s"))
            claim = _CLAIM(self.user_id, self.key, self.fingerprint, tx.now, tx.now - KEPT)
            is_first = await tx.count(claim) == 1
        except errors.LockNotAvailable:
            raise IdempotencyInFlight from None
        if is_first:
            tx.enqueue(_PATIENCE("5s"))
            return None
        row = await tx.row(_FIND(self.user_id, self.key))
        if row is None or row[0] != self.fingerprint:
            raise KeyReused
        _, status, headers, body = row
        if self.is_secret:
            raise SecretAlreadyShown(**orjson.loads(body))
        kept = [(name.encode(), value.encode()) for name, value in headers.items()]
        return Reply(status, body, [*kept, (b"idempotency-replayed", b"true")])

    def keep(self, tx: Tx, reply: Reply) -> None:
        """Keep the answer with the act."""
        if self.is_secret:
            told = {"id": orjson.loads(reply.body)["id"]}
            tx.enqueue(_KEEP(self.user_id, self.key, reply.status, {}, orjson.dumps(told)))
            return
        headers = {name.decode(): value.decode() for name, value in reply.headers}
        tx.enqueue(_KEEP(self.user_id, self.key, reply.status, headers, reply.body))
