"""Logs: one line per record, as JSON or text, without any content of requests.

A line has methods, templates of routes, statuses, times and ids. Queries, headers, bodies and
addresses are never logged (a client's network address only if the operator enables it). An
exception is logged by its type and its frames, because its message may quote input.
"""

import logging
import re
import sys
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import orjson

from tenantry.authz.authority import KeyActor, ServiceKey
from tenantry.http.request import Request
from tenantry.kit.ids import Kind, show

Format = Literal["json", "text"]
Write = Callable[[str], object]

REQUESTS = "tenantry.requests"

_OURS = "tenantry"
_EXTRAS = ("request_id", "reason")
"""The fields that a record may have in addition to its message."""


_IN_FILE = '  File "'
_FRAME = re.compile(_IN_FILE + r'(.+?)", line (\d+), in (\S+)')


class OneLine(logging.Formatter):
    def __init__(self, form: Format) -> None:
        super().__init__()
        self._form: Format = form

    def format(self, record: logging.LogRecord) -> str:
        fields = {name: vars(record)[name] for name in _EXTRAS if name in vars(record)}
        message = record.getMessage()
        if record.name.partition(".")[0] != _OURS:
            # Further lines of another library's message may contain values.
            message = _without_words(message) or message.partition("\n")[0]
        if trace_id := _trace_id():
            fields["trace_id"] = trace_id
        if record.exc_info and record.exc_info[1] is not None:
            fields["exception"] = _described(record.exc_info[1])
        when = datetime.fromtimestamp(record.created, UTC)
        return line(self._form, when, record.levelname.lower(), record.name, message, fields)


class RequestLog:
    """Writes a line for each request that got a response, or whose client disconnected."""

    def __init__(self, form: Format, write: Write, *, clients: bool = False) -> None:
        """`clients`: log the network address that each request came from."""
        self._form: Format = form
        self._write = write
        self._clients = clients

    def __call__(self, request: Request, seconds: float) -> None:
        fields: dict[str, Any] = {
            "method": request.method,
            "route": request.route,
            "status": request.status,
            "outcome": request.outcome,
            "duration_ms": round(seconds * 1000, 3),
            "request_id": request.id,
        }
        if request.user_id is not None:
            fields["user_id"] = show(Kind.USER, request.user_id)
        if request.key is not None:
            fields["key_id"] = _key_id(request.key)
        if request.org_id is not None:
            fields["organization_id"] = show(Kind.ORGANIZATION, request.org_id)
        if self._clients:
            fields["client_address"] = request.client.network
        if trace_id := _trace_id():
            fields["trace_id"] = trace_id
        self._write(line(self._form, datetime.now(UTC), "info", REQUESTS, "request", fields) + "\n")


def _trace_id() -> str | None:
    """The current trace, if OpenTelemetry is in use."""
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:
        return None
    context = trace.get_current_span().get_span_context()
    return format(context.trace_id, "032x") if context.is_valid else None


def _key_id(key: KeyActor | ServiceKey) -> str:
    if isinstance(key, ServiceKey):
        return show(Kind.SERVICE_KEY, key.id)
    return show(Kind.API_KEY, key.key_id)


def line(
    form: Format, when: datetime, level: str, logger: str, message: str, fields: Mapping[str, Any]
) -> str:
    if form == "json":
        members = {"time": when, "level": level, "logger": logger, "message": message, **fields}
        return orjson.dumps(members, option=orjson.OPT_UTC_Z, default=str).decode()
    time = when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    pairs = " ".join(f"{name}={value}" for name, value in fields.items())
    return f"{time} {level} {logger} {' '.join(message.split())} {pairs}".rstrip()


def _without_words(text: str) -> str | None:
    """Type and frames of a formatted traceback, which uvicorn logs when a start fails."""
    frames = _FRAME.findall(text)
    raised = re.search(r"^[A-Za-z_][\w.]*", text[text.rfind(_IN_FILE) :], re.M)
    if not text.startswith("Traceback ") or not frames or raised is None:
        return None
    places = (f"{name} ({file}:{line})" for file, line, name in frames[:-13:-1])
    return f"{raised[0]} in {' < '.join(places)}"


def _described(failure: BaseException) -> str:
    """Types and frames of an exception and its causes, the last first."""
    chain = list[str]()
    cause: BaseException | None = failure
    while cause is not None and len(chain) < 10:
        frames = traceback.extract_tb(cause.__traceback__)[-12:]
        places = " < ".join(f"{each.name} ({each.filename}:{each.lineno})" for each in frames[::-1])
        chain.append(f"{type(cause).__module__}.{type(cause).__qualname__} in {places}")
        cause = cause.__cause__ or cause.__context__
    return "; after ".join(chain)
