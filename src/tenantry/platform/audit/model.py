"""Events: who did what to which objects, and what changed."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self, cast
from uuid import UUID

from tenantry.kit.ids import Kind, show
from tenantry.kit.refusals import TooManyRequests

Snapshot = Mapping[str, Any]

ERASED_NAME = "Deleted user"
"""Replaces the name of a person whose account was deleted."""
ERASED_EMAIL = "deleted@user.invalid"
"""Replaces their address; this domain can never exist (RFC 2606, section 2)."""


@dataclass(frozen=True, slots=True)
class Target:
    """An object that an event is about, with its name at that time."""

    kind: Kind
    id: UUID
    name: str

    def shown(self) -> dict[str, Any]:
        return {"type": NOUNS[self.kind], "id": show(self.kind, self.id), "name": self.name}


@dataclass(frozen=True, slots=True)
class Change:
    """One object that changed: `before` is None if it was created, `after` if it was removed.

    An update has only the members that changed; of a member that is an object itself, such as
    metadata, only the keys that changed, with None for a key that is absent (as in RFC 7396).
    """

    noun: str
    id: str
    before: Snapshot | None
    after: Snapshot | None

    @classmethod
    def made(cls, kind: Kind, id: UUID, after: Snapshot) -> "Change":
        return cls(NOUNS[kind], show(kind, id), None, after)

    @classmethod
    def updated(cls, kind: Kind, id: UUID, before: Snapshot, after: Snapshot) -> "Change":
        """An object was updated; only the differences are kept."""
        was, now = _differing({key: before.get(key) for key in after}, after)
        return cls(NOUNS[kind], show(kind, id), was, now)

    @classmethod
    def restated(cls, kind: Kind, id: UUID, before: Snapshot, after: Snapshot) -> "Change":
        """An object was updated; all given members are kept, whether or not they differ."""
        return cls(NOUNS[kind], show(kind, id), before, after)

    @classmethod
    def removed(cls, kind: Kind, id: UUID, before: Snapshot) -> "Change":
        return cls(NOUNS[kind], show(kind, id), before, None)

    def shown(self) -> dict[str, Any]:
        return {"type": self.noun, "id": self.id, "before": self.before, "after": self.after}


class AuditedObject(ABC):
    """An object whose changes events record."""

    __slots__ = ()
    KIND: ClassVar[Kind]
    id: UUID

    @abstractmethod
    def snapshot(self) -> Snapshot:
        """What events record of it."""

    def made(self) -> Change:
        return Change.made(self.KIND, self.id, self.snapshot())

    def became(self, changed: Self) -> Change:
        return Change.updated(self.KIND, self.id, self.snapshot(), changed.snapshot())

    def ended(self) -> Change:
        return Change.removed(self.KIND, self.id, self.snapshot())


def _differing(before: Snapshot, after: Snapshot) -> tuple[dict[str, Any], dict[str, Any]]:
    """The members of each object in which they differ."""
    was, now = dict[str, Any](), dict[str, Any]()
    for key in {**before, **after}:
        old, new = before.get(key), after.get(key)
        if old != new:
            if isinstance(old, Mapping) and isinstance(new, Mapping):
                old, new = _differing(cast("Snapshot", old), cast("Snapshot", new))
            was[key], now[key] = old, new
    return was, now


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of the audit log."""

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
    workspace_id: UUID | None = None
    """The workspace that it is about, if any: only those who can see it see the event."""


class EventBudgetSpent(TooManyRequests):
    """The organization has used its daily budget of event bytes."""

    code = "event_budget_spent"
    detail = (
        "This organization's audit log has reached its limit for today. Wait as long as Retry-After"
        " says, make fewer changes at once, or ask your operator for a higher limit"
        " (TENANTRY_LIMIT_EVENTS_MB). Removing, revoking and leaving still work."
    )


@dataclass(frozen=True, slots=True)
class Subject:
    """A person to erase from an organization's events, and what names them there."""

    user_id: UUID
    shown: frozenset[str]
    """Their ids as shown in events: the person's, and those of their memberships."""
    email: str | None
    """Their address, if they had verified it."""


NOUNS = {
    Kind.USER: "user",
    Kind.ORGANIZATION: "organization",
    Kind.WORKSPACE: "workspace",
    Kind.ROLE: "role",
    Kind.MEMBERSHIP: "member",
    Kind.INVITATION: "invitation",
    Kind.SESSION: "session",
    Kind.API_KEY: "api_key",
    Kind.SERVICE_ACCOUNT: "service_account",
    Kind.SERVICE_KEY: "service_key",
}
