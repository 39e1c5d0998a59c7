"""Retention: how many days data is kept, as the operator configures it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

KEEP = 0
"""For ever."""


class Candidate(NamedTuple):
    """An organization or user that a sweep examines, and whether it has data to delete."""

    id: UUID
    is_due: bool


def due(candidates: Sequence[Candidate], most: int) -> tuple[list[UUID], UUID | None]:
    """The due ones among `most` candidates, and the id to continue after; None at the end."""
    after = candidates[-1].id if len(candidates) == most else None
    return [each.id for each in candidates if each.is_due], after


@dataclass(frozen=True, slots=True)
class Retention:
    """Numbers of days; KEEP means forever. docs/retention.md lists the fixed periods."""

    events: int = 400
    """Events of organizations: a whole year is always available."""
    account_events: int = 400
    """Events of people's accounts."""
    invitations: int = 400
    """Since they were answered or revoked, or expired."""
    unverified_accounts: int = 90
    """Since their last use; only accounts that no one else depends on."""
