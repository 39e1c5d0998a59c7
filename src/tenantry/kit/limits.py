"""Limits: how many of a thing there may be; what an operator decides, as one frozen value."""

from dataclasses import dataclass

from tenantry.kit.refusals import Conflict


class LimitReached(Conflict):
    """There are as many as there may be; `limit` says of what, `maximum` how many that is."""

    code = "limit_reached"

    def __init__(self, limit: str, maximum: int) -> None:
        super().__init__(
            f"Limit reached: {maximum:,} {limit.replace('_', ' ')}.", limit=limit, maximum=maximum
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that there may be of each thing, counted under the lock before one is added."""

    members: int = 10_000
    """Of one organization, suspended and expired ones counted."""
    pending_invitations: int = 1_000
    """Of one organization, those past their time not counted."""
    custom_roles: int = 100
    """Of one organization, not counting the three default ones."""
    workspaces: int = 1_000
    """Of one organization, archived ones counted."""
    api_keys: int = 1_000
    """Of one organization, expired ones counted."""
    service_accounts: int = 100
    """Of one organization."""
    organizations_per_user: int = 100
    """That one person has made and that are not purged, the personal one not counted."""
    event_bytes_a_day: int = 64_000_000
    """That events of one organization may take: all at once or over the day; 0: no limit."""


def ensure_room(limit: str, maximum: int, present: int) -> None:
    """LimitReached where one more would be too many; `limit` is the name that callers are told."""
    if present >= maximum:
        raise LimitReached(limit, maximum)
