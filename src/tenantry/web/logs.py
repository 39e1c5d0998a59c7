"""What is logged: one line a record, as JSON or as text, and nothing in it that somebody sent.

A line names methods, templates of routes, statuses, times and ids. Queries, headers, bodies and
addresses never get here, and of an exception only its type and where it was raised: its words may
quote what was sent.
"""

import logging
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import orjson

from tenantry.access.authority import KeyActor, ServiceKey
from tenantry.kit.ids import Kind, show
from tenantry.web.requests import Request

Format = Literal["json", "text"]
Write = Callable[[str], object]

REQUESTS = "tenantry.requests"

_OURS = "tenantry"
_EXTRAS = ("request_id", "reason")
"""What a record may carry besides its message."""


class OneLine(logging.Formatter):
    """Makes one line of a record."""

    def __init__(self, form: Format) -> None:
        super().__init__()
        self._form: Format = form

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        told = {name: vars(record)[name] for name in _EXTRAS if name in vars(record)}
        message = record.getMessage()
        if record.name.partition(".")[0] != _OURS:
            # What follows the first line of another library's message is the value of something.
            message = message.partition("\n")[0]
        if record.exc_info and record.exc_info[1] is not None:
            told["exception"] = _described(record.exc_info[1])
        when = datetime.fromtimestamp(record.created, UTC)
        return line(self._form, when, record.levelname.lower(), record.name, message, told)


class RequestLog:
    """Writes a line for each request that was answered, or left by its caller."""

    def __init__(self, form: Format, write: Write) -> None:
        self._form: Format = form
        self._write = write

    def __call__(self, request: Request, seconds: float) -> None:
        """Tell of one request."""
        told: dict[str, Any] = {
            "method": request.method,
            "route": request.route,
            "status": request.status,
            "outcome": request.outcome,
            "duration_ms": round(seconds * 1000, 3),
            "request_id": request.id,
        }
        if request.user_id is not None:
            told["user_id"] = show(Kind.USER, request.user_id)
        if request.key is not None:
            told["key_id"] = _key_id(request.key)
        if request.org_id is not None:
            told["organization_id"] = show(Kind.ORGANIZATION, request.org_id)
        self._write(line(self._form, datetime.now(UTC), "info", REQUESTS, "request", told) + "\n")


def _key_id(key: KeyActor | ServiceKey) -> str:
    if isinstance(key, ServiceKey):
        return show(Kind.SERVICE_KEY, key.id)
    return show(Kind.API_KEY, key.key_id)


def line(
    form: Format, when: datetime, level: str, logger: str, message: str, told: Mapping[str, Any]
) -> str:
    """One line, in one of the two forms."""
    if form == "json":
        members = {"time": when, "level": level, "logger": logger, "message": message, **told}
        return orjson.dumps(members, option=orjson.OPT_UTC_Z, default=str).decode()
    time = when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    pairs = " ".join(f"{name}={value}" for name, value in told.items())
    return f"{time} {level} {logger} {' '.join(message.split())} {pairs}".rstrip()


def _described(failure: BaseException) -> str:
    """Types and places of an exception and of what led to it, the last first."""
    told = list[str]()
    seen: BaseException | None = failure
    while seen is not None and len(told) < 10:
        frames = traceback.extract_tb(seen.__traceback__)[-12:]
        places = " < ".join(f"{each.name} ({each.filename}:{each.lineno})" for each in frames[::-1])
        told.append(f"{type(seen).__module__}.{type(seen).__qualname__} in {places}")
        seen = seen.__cause__ or seen.__context__
    return "; after ".join(told)
