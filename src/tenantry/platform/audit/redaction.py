"""The workspaces that an event names, and the event without those that its reader cannot see.

An event about a workspace is shown completely or not at all. Others, such as a member's removal,
only mention workspaces: roles held there, what an invitation offers, where a key is bound.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from tenantry.kit.ids import Kind, parse
from tenantry.platform.audit.model import NOUNS, Event

_WORKSPACE = NOUNS[Kind.WORKSPACE]
_OF_A_WORKSPACE = (_WORKSPACE, "workspace_member")


def workspaces_named(events: Sequence[Event]) -> set[UUID]:
    """Every workspace that these events name."""
    named = [
        *(target["id"] for event in events for target in event.targets),
        *(
            each
            for event in events
            for change in event.changes
            for each in (*_touched(change), *_offered(change))
        ),
    ]
    return {found for each in named if (found := parse(Kind.WORKSPACE, each))}


def redacted(event: Event, seen: Collection[UUID]) -> Event:
    """The event as it is shown to a reader who can see only these workspaces.

    Changes of a hidden workspace, or of what is bound to it, are left out; so are the roles in it
    that an invitation offers.
    """

    def is_seen(named: str) -> bool:
        return parse(Kind.WORKSPACE, named) in seen

    changes = [
        {**change, **{side: _without(change[side], is_seen) for side in ("before", "after")}}
        for change in event.changes
        if all(map(is_seen, _touched(change)))
    ]
    targets = [
        target for target in event.targets if target["type"] != _WORKSPACE or is_seen(target["id"])
    ]
    return replace(event, targets=targets, changes=changes)


def _touched(change: Mapping[str, Any]) -> list[str]:
    """The workspaces that the whole change is about."""
    bound = [side.get("workspace_id") for side in _sides(change)]
    own = [change["id"]] if change["type"] in _OF_A_WORKSPACE else []
    return [*own, *filter(None, bound)]


def _offered(change: Mapping[str, Any]) -> list[str]:
    """The workspaces in which an invitation offers a role."""
    return [
        grant["workspace_id"] for side in _sides(change) for grant in side.get("workspaces") or ()
    ]


def _sides(change: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [side for side in (change["before"], change["after"]) if side is not None]


def _without(side: dict[str, Any] | None, is_seen: Callable[[str], bool]) -> dict[str, Any] | None:
    if side is None or not side.get("workspaces"):
        return side
    kept = [grant for grant in side["workspaces"] if is_seen(grant["workspace_id"])]
    return {**side, "workspaces": kept}
