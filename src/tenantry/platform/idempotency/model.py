"""Idempotency keys, their stored responses, and the erasure of people from them."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import orjson

from tenantry.kit.refusals import Conflict, Refusal


class IdempotencyInFlight(Conflict):
    """The first call with this key is still in progress."""

    code = "idempotency_in_flight"
    detail = "The first request with this Idempotency-Key is still in progress. Try again shortly."


class KeyReused(Refusal):
    """The key was used for another call."""

    code = "idempotency_key_reused"
    detail = "This Idempotency-Key was already used for a different request."


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """The caller's key for a call, with a digest of the call."""

    caller_id: UUID
    key: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The response to the first call with a key."""

    fingerprint: bytes
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Erased:
    """A person to erase from responses: their name and address there, and the replacements."""

    user_id: str
    """As answers show it."""
    email: str | None
    name_instead: str
    email_instead: str

    @property
    def search_texts(self) -> list[str]:
        """Search texts: a response that names the person contains at least one of them."""
        return [self.user_id, *([self.email] if self.email else [])]

    def without(self, body: bytes) -> bytes:
        """The response without the person's name and address."""
        return orjson.dumps(self._without(orjson.loads(body)))

    def _without(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._without(each) for each in cast("list[Any]", value)]
        if isinstance(value, dict):
            members = cast("dict[str, Any]", value)
            known = self._person if members.get("id") == self.user_id else {}
            return {
                key: known[key] if key in known else self._without(each)
                for key, each in members.items()
            }
        return self.email_instead if value is not None and value == self.email else value

    @property
    def _person(self) -> dict[str, str]:
        return {"name": self.name_instead, "email": self.email_instead}
