"""How a line of the page of routes becomes an operation."""

from typing import Any

from tenantry.api.operations import Access, Handler, Mode, Operation, Requirement

PREFIX = "/api/v1"


def _call(mode: Mode, call: str, handler: Handler, access: Access, **more: Any) -> Operation:
    method, path = call.split(" ")
    noun = handler.__module__.rpartition(".")[2]
    id = more.pop("id", f"{noun}.{handler.__name__}")
    more.setdefault("tags", (id.partition(".")[0],))
    more.setdefault("status", 204 if handler.__annotations__["return"] is None else 200)
    return Operation(method, PREFIX + path, handler, id, access, mode, **more)


def reads(path: str, handler: Handler, access: Access, *refusals: int, **more: Any) -> Operation:
    """A call that reads, in one message with its entrance."""
    return _call(Mode.READ, f"GET {path}", handler, access, refusals=refusals, **more)


def writes(call: str, handler: Handler, access: Access, *refusals: int, **more: Any) -> Operation:
    """A call that writes, in one transaction."""
    return _call(Mode.WRITE, call, handler, access, refusals=refusals, **more)


def creates(
    path: str, handler: Handler, access: Access, *refusals: int, at: str, **more: Any
) -> Operation:
    """A call that makes something, which is found at `at` afterwards."""
    made: dict[str, Any] = {"status": 201, "creates": PREFIX + at}
    return writes(f"POST {path}", handler, access, *refusals, 409, **made, **more)


def asks(path: str, handler: Handler, *refusals: int, **more: Any) -> Operation:
    """A call that asks about access: by whoever bears a credential, and it changes nothing."""
    return _call(Mode.ASK, f"POST {path}", handler, Requirement.BEARER, refusals=refusals, **more)


def free(call: str, handler: Handler, access: Access, *refusals: int, **more: Any) -> Operation:
    """A call that opens its own transactions."""
    return _call(Mode.FREE, call, handler, access, refusals=refusals, **more)
