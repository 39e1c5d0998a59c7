"""Event: who did what to which things, and what changed by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tenantry.kit.ids import Kind, show

Snapshot = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """A thing that an event is about, by the name that it had then."""

    kind: Kind
    id: UUID
    name: str

    def shown(self) -> dict[str, Any]:
        """As it is stored and sent."""
        return {"type": NOUNS[self.kind], "id": show(self.kind, self.id), "name": self.name}


@dataclass(frozen=True, slots=True)
class Change:
    """One object that an act touched: None before it was made, None after it was removed.

    An update names in `before` and `after` the members that changed, and no others.
    """

    kind: Kind
    id: UUID
    before: Snapshot | None
    after: Snapshot | None

    def shown(self) -> dict[str, Any]:
        """As it is stored and sent."""
        return {
            "type": NOUNS[self.kind],
            "id": show(self.kind, self.id),
            "before": self.before,
            "after": self.after,
        }


@dataclass(frozen=True, slots=True)
class Event:
    """One act, as it is told afterwards."""

    id: UUID
    org_id: UUID
    action: str
    actor_type: str
    actor_id: UUID | None
    actor_name: str
    targets: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    occurred_at: datetime
    request_id: str | None


NOUNS = {
    Kind.USER: "user",
    Kind.ORGANIZATION: "organization",
    Kind.WORKSPACE: "workspace",
    Kind.ROLE: "role",
    Kind.MEMBERSHIP: "member",
    Kind.INVITATION: "invitation",
    Kind.SESSION: "session",
}


def difference(before: Snapshot, after: Snapshot) -> tuple[Snapshot, Snapshot]:
    """The members of two snapshots that differ, as they were and as they are."""
    keys = [key for key in after if before.get(key) != after[key]]
    return {key: before.get(key) for key in keys}, {key: after[key] for key in keys}
