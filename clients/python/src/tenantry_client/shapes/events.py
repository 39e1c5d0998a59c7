"""Shapes of calls about events: written from openapi.json, by `make openapi`."""

from typing import Any, TypedDict


class Actor(TypedDict):
    """Who did it, by the name that they had then."""

    type: str
    id: str | None
    name: str


class Change(TypedDict):
    """One object that was touched: `before` is null where it was made, `after` where it went."""

    type: str
    id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class Target(TypedDict):
    """What it was done to, by the name that it had then."""

    type: str
    id: str
    name: str


class Event(TypedDict):
    """Who did what, and what changed by it."""

    id: str
    organization_id: str
    action: str
    actor: Actor
    targets: list[Target]
    occurred_at: str
    request_id: str | None
    changes: list[Change]
