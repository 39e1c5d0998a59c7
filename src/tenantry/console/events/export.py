"""Events as a file: CSV (RFC 4180), or JSON Lines."""

import csv
import io
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.kit.ids import Kind, show
from tenantry.kit.page import Page, PageRequest
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Event

_ACTORS = {"api_key": Kind.API_KEY, "service_account": Kind.SERVICE_ACCOUNT}
_COLUMNS = (
    "id",
    "occurred_at",
    "action",
    "actor_type",
    "actor_id",
    "actor_name",
    "targets",
    "changes",
    "request_id",
)
# First characters that make a spreadsheet read a value as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BOM = "\ufeff".encode()  # without it, Excel reads UTF-8 as the local code page


@dataclass(frozen=True, slots=True)
class Format:
    media_type: str
    header: bytes
    encode: Callable[[Sequence[Event]], bytes]


async def chunks(
    reader: AuthorizedReader, first: Page[Event], action: str | None, format: Format
) -> AsyncGenerator[bytes]:
    """The file, page by page; the first page has been read."""
    page = first
    yield format.header + format.encode(page.items)
    while page.after is not None:
        wanted = PageRequest(len(first.items), after=page.after)
        page = await events.list_events(reader, wanted, action=action)
        yield format.encode(page.items)


def as_in_api(event: Event) -> dict[str, Any]:
    kind = _ACTORS.get(event.actor_type, Kind.USER)
    actor_id = show(kind, event.actor_id) if event.actor_id else None
    return {
        "id": show(Kind.EVENT, event.id),
        "organization_id": show(Kind.ORGANIZATION, event.org_id),
        "action": event.action,
        "actor": {"type": event.actor_type, "id": actor_id, "name": event.actor_name},
        "targets": event.targets,
        "occurred_at": event.occurred_at,
        "request_id": event.request_id,
        "changes": event.changes,
    }


def _json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def _json_lines(items: Sequence[Event]) -> bytes:
    return b"".join(_json(as_in_api(event)) + b"\n" for event in items)


def _csv_rows(items: Sequence[Event]) -> bytes:
    return _csv([_row(as_in_api(event)) for event in items])


def _row(event: dict[str, Any]) -> list[str]:
    actor = event["actor"]
    return [
        event["id"],
        _json(event["occurred_at"]).decode().strip('"'),
        event["action"],
        actor["type"],
        actor["id"] or "",
        _without_formula(actor["name"]),
        _json(event["targets"]).decode(),
        _json(event["changes"]).decode(),
        _without_formula(event["request_id"] or ""),
    ]


def _without_formula(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


FORMATS: Mapping[str, Format] = {
    "csv": Format("text/csv; charset=utf-8", _BOM + _csv([_COLUMNS]), _csv_rows),
    "jsonl": Format("application/jsonl", b"", _json_lines),
}
"""By file extension."""
