"""A call as a value, and its senders: the base of the generated modules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol
from urllib.parse import quote

from tenantry_client.listing import AsyncListing, Listing


class Absent(Enum):
    """A member of a patch that is not sent: it stays as it is, where null would take it away."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One request to Tenantry, not sent yet."""

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict[str, Any])
    json: Mapping[str, Any] | None = None
    form: Mapping[str, Any] | None = None
    if_match: str | None = None
    keyed: bool = False
    """Whether Tenantry knows it again by its Idempotency-Key."""
    key: str | None = None
    """That key, where the caller has chosen one."""
    repeatable: bool = False
    """Whether it may be sent again when no one knows what became of it."""


class Sender(Protocol):
    """Who sends calls and waits for the answers."""

    def send(self, call: ApiCall) -> Any:
        """The answer's body; a typed problem is raised where it is refused."""
        ...


class AsyncSender(Protocol):
    """Who sends calls and awaits the answers."""

    async def send(self, call: ApiCall) -> Any:
        """The answer's body; a typed problem is raised where it is refused."""
        ...


class Calls:
    """The calls about one noun, for callers that wait."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def _send(self, call: ApiCall) -> Any:
        return self._sender.send(call)

    def _list(self, call: ApiCall) -> Listing[Any]:
        return Listing(lambda query: self._sender.send(_with(call, query)), call.query)


class AsyncCalls:
    """The calls about one noun, for callers that await."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def _send(self, call: ApiCall) -> Any:
        return await self._sender.send(call)

    def _list(self, call: ApiCall) -> AsyncListing[Any]:
        return AsyncListing(lambda query: self._sender.send(_with(call, query)), call.query)


def _with(call: ApiCall, query: Mapping[str, Any]) -> ApiCall:
    return ApiCall(call.method, call.path, query=query, repeatable=call.repeatable)


def given(**members: Any) -> dict[str, Any]:
    """The members that the caller has said something about; None says nothing."""
    return {name: value for name, value in members.items() if value is not None}


def changed(**members: Any) -> dict[str, Any]:
    """The members of a patch; None is null, which takes something away."""
    return {name: value for name, value in members.items() if value is not ABSENT}


def quoted(identity: str) -> str:
    """An id as part of a path. ValueError if it would change the path."""
    if identity in ("", ".", ".."):
        raise ValueError("an id is needed here")
    return quote(identity, safe="")
