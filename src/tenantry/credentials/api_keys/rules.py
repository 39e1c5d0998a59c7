"""Whether a key may be created, rotated, renamed or revoked."""

from datetime import datetime
from uuid import UUID

from tenantry.authz.authority import Authority, KeyActor, LockedAuthority
from tenantry.credentials.api_keys.model import ApiKey, KeyExpired, KeyOfAnother
from tenantry.kit.limits import Limits, ensure_room
from tenantry.tenancy.memberships.model import ExpiryPassed


def ensure_creatable(
    locked: LockedAuthority, key: ApiKey, *, present: int, limits: Limits, now: datetime
) -> None:
    """CannotGrantRole if it had permissions that the caller lacks; ExpiryPassed, LimitReached."""
    locked.ensure_can_grant(key.weight)
    if key.expires_at is not None and key.expires_at <= now:
        raise ExpiryPassed
    ensure_room("api_keys", limits.api_keys, present)


def ensure_renewable(locked: LockedAuthority, key: ApiKey, now: datetime) -> None:
    """KeyOfAnother, CannotGrantRole, KeyExpired."""
    if key.holder.membership_id is not None and not _is_own(locked.authority, key):
        raise KeyOfAnother
    locked.ensure_can_grant(key.weight)
    if key.expires_at is not None and key.expires_at <= now:
        raise KeyExpired


def ensure_manageable(locked: LockedAuthority, key: ApiKey) -> None:
    """CannotGrantRole if the key has permissions that the caller lacks, unless it is their own.

    This includes renaming, because others decide by the name which keys to revoke.
    """
    if not _is_own(locked.authority, key) and _acting_key(locked.authority) != key.id:
        locked.ensure_can_grant(key.weight)


def _is_own(authority: Authority, key: ApiKey) -> bool:
    own = authority.membership_id
    return own is not None and key.holder.membership_id == own


def _acting_key(authority: Authority) -> UUID | None:
    return authority.actor.key_id if isinstance(authority.actor, KeyActor) else None
