"""Shapes of calls about events: written from openapi.json, by `make openapi`."""

from typing import Any, TypedDict


class Actor(TypedDict):
    """Who did it, with their name at that time."""

    type: str
    id: str | None
    name: str


class Change(TypedDict):
    """One changed object: `before` is null if it was created, `after` if it was deleted."""

    type: str
    id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class Target(TypedDict):
    """What it was done to, with its name at that time."""

    type: str
    id: str
    name: str


class Event(TypedDict):
    """Who did what, and what changed."""

    id: str
    organization_id: str
    action: str
    actor: Actor
    targets: list[Target]
    occurred_at: str
    request_id: str | None
    changes: list[Change]
