"""Limits on the number of members, workspaces and so on, as the operator configures them."""

from dataclasses import dataclass

from tenantry.kit.refusals import Conflict


class LimitReached(Conflict):
    """The limit named `limit`, of `maximum`, is reached."""

    code = "limit_reached"

    def __init__(self, limit: str, maximum: int) -> None:
        super().__init__(
            f"Limit reached: {maximum:,} {limit.replace('_', ' ')}.", limit=limit, maximum=maximum
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """The maximum number of each resource, checked under the lock before one is added."""

    members: int = 10_000
    """Per organization, including suspended and expired ones."""
    pending_invitations: int = 1_000
    """Per organization, without expired ones."""
    custom_roles: int = 100
    """Per organization, without the three default ones."""
    workspaces: int = 1_000
    """Per organization, including archived ones."""
    api_keys: int = 1_000
    """Per organization, including expired ones."""
    service_accounts: int = 100
    """Per organization."""
    organizations_per_user: int = 100
    """Created by one person and not purged, without the personal one."""
    event_bytes_a_day: int = 64_000_000
    """Bytes of events per organization and day; 0 for no limit."""


def ensure_room(limit: str, maximum: int, present: int) -> None:
    """LimitReached if one more would exceed the maximum; `limit` is the name in the error."""
    if present >= maximum:
        raise LimitReached(limit, maximum)
