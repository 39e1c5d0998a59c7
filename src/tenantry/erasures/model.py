"""Erasure: what is left to remove of a person, and how far that has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Erasure:
    """A person who has gone; their rows are locked, and this is the only one at work on them."""

    user_id: UUID
    email: str | None
    """Their address, where they had proven that it was their own."""
    requested_at: datetime
    """When the account was deleted: whoever has the address since is somebody else."""
    events_after: UUID
    """The last event of the organization in hand that was looked at."""
    answers_after: datetime
    """When the last kept answer that was looked at was kept."""


@dataclass(frozen=True, slots=True)
class Mention:
    """An organization whose events name the person, and by which ids."""

    org_id: UUID
    subject_ids: Sequence[UUID]
