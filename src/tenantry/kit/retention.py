"""Retention: for how many days what happened is kept; what an operator decides, as one value."""

from dataclasses import dataclass

KEEP = 0
"""For ever."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Days, each; KEEP keeps it. What has a limit of its own beside is in docs/retention.md."""

    events: int = 400
    """What happened in organizations: a whole year can always be looked at."""
    account_events: int = 400
    """What happened to people's accounts."""
    invitations: int = 400
    """Since they were answered, were revoked, or expired."""
    unverified_accounts: int = 90
    """Since they were used last; those alone that hold nothing anybody else relies on."""
