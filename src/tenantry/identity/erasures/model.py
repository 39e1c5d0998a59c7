"""Erasure: what is left to erase of a person, and the progress so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Erasure:
    """A deleted person; their erasure is locked, so no other worker works on it."""

    user_id: UUID
    email: str | None
    """Their address, if they had verified it."""
    requested_at: datetime
    """When the account was deleted: after that, the address may be someone else's."""
    events_after: UUID
    """The last event read of the current organization."""
    answers_after: datetime
    """The time of the last stored answer that was read."""


@dataclass(frozen=True, slots=True)
class Mention:
    """An organization whose events name the person, and the ids that they use."""

    org_id: UUID
    subject_ids: Sequence[UUID]
