"""Events as a file: CSV (RFC 4180) for spreadsheets, or one JSON object a line for programs."""

import csv
import io
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from tenantry.authz.authorization import AuthorizedReader
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
# What a spreadsheet would take for a formula, were it the first letter of a name.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BOM = "\ufeff".encode()  # without it, Excel reads UTF-8 as the code page of its country


@dataclass(frozen=True, slots=True)
class Format:
    """How a file of events is written."""

    media_type: str
    head: bytes
    written: Callable[[Sequence[Event]], bytes]


async def chunks(
    reader: AuthorizedReader, first: Page[Event], action: str | None, format: Format
) -> AsyncGenerator[bytes]:
    """The whole file, page by page; the first page is read already."""
    page = first
    yield format.head + format.written(page.items)
    while page.after is not None:
        wanted = PageRequest(len(first.items), after=page.after)
        page = await events.list_events(reader, wanted, action=action)
        yield format.written(page.items)


def shown(event: Event) -> dict[str, Any]:
    """An event as the API shows it."""
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


def _lines(items: Sequence[Event]) -> bytes:
    return b"".join(_json(shown(event)) + b"\n" for event in items)


def _table(items: Sequence[Event]) -> bytes:
    return _written([_row(shown(event)) for event in items])


def _row(event: dict[str, Any]) -> list[str]:
    actor = event["actor"]
    return [
        event["id"],
        _json(event["occurred_at"]).decode().strip('"'),
        event["action"],
        actor["type"],
        actor["id"] or "",
        _harmless(actor["name"]),
        _json(event["targets"]).decode(),
        _json(event["changes"]).decode(),
        _harmless(event["request_id"] or ""),
    ]


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _written(rows: Sequence[Sequence[str]]) -> bytes:
    kept = io.StringIO()
    csv.writer(kept).writerows(rows)
    return kept.getvalue().encode()


FORMATS: Mapping[str, Format] = {
    "csv": Format("text/csv; charset=utf-8", _BOM + _written([_COLUMNS]), _table),
    "jsonl": Format("application/jsonl", b"", _lines),
}
"""By the ending of the file's name."""
