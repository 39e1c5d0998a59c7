"""Whether a service account may be created, changed or deleted."""

from tenantry.authz.authority import LockedAuthority
from tenantry.credentials.service_accounts.model import ServiceAccount
from tenantry.kit.limits import Limits, ensure_room


def ensure_creatable(
    locked: LockedAuthority, account: ServiceAccount, *, present: int, limits: Limits
) -> None:
    """CannotGrantRole if it could do what the caller cannot; LimitReached."""
    locked.ensure_can_grant(account.weight)
    ensure_room("service_accounts", limits.service_accounts, present)


def ensure_changeable(
    locked: LockedAuthority, account: ServiceAccount, changed: ServiceAccount
) -> None:
    """CannotGrantRole if it can do, before or after, what the caller cannot."""
    locked.ensure_can_grant([*account.weight, *changed.weight])


def ensure_deletable(locked: LockedAuthority, account: ServiceAccount) -> None:
    """CannotGrantRole if it can do what the caller cannot."""
    locked.ensure_can_grant(account.weight)
