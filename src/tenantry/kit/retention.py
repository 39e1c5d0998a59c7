"""Retention: how many days data is kept, as the operator configures it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

KEEP = 0
"""For ever."""


class Candidate(NamedTuple):
    """What a sweep looks at next: an organization or a user, and whether it has anything to do."""

    id: UUID
    is_due: bool


def due(candidates: Sequence[Candidate], most: int) -> tuple[list[UUID], UUID | None]:
    """Those that are due of up to `most`, and the id to continue after; None at the end."""
    after = candidates[-1].id if len(candidates) == most else None
    return [each.id for each in candidates if each.is_due], after


@dataclass(frozen=True, slots=True)
class Retention:
    """Numbers of days; KEEP means for ever. Fixed periods are listed in docs/retention.md."""

    events: int = 400
    """Events of organizations: a whole year is always available."""
    account_events: int = 400
    """Events of people's accounts."""
    invitations: int = 400
    """Since they were answered, were revoked, or expired."""
    unverified_accounts: int = 90
    """Since their last use; only those that no one else relies on."""
