"""Retention: how many days data is kept, as the operator configures it."""

from dataclasses import dataclass

KEEP = 0
"""For ever."""


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
    """Since their last use; only those that nobody else relies on."""
