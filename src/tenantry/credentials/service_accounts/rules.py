"""Whether a service account may be created, changed or deleted."""

from tenantry.authz.authority import LockedAuthority
from tenantry.credentials.service_accounts.model import ServiceAccount
from tenantry.kit.limits import Limits, ensure_room


def ensure_creatable(
    locked: LockedAuthority, account: ServiceAccount, *, present: int, limits: Limits
) -> None:
    """CannotGrantRole if it had permissions that the caller lacks; LimitReached."""
    locked.ensure_can_grant(account.weight)
    ensure_room("service_accounts", limits.service_accounts, present)


def ensure_changeable(
    locked: LockedAuthority, account: ServiceAccount, changed: ServiceAccount
) -> None:
    """CannotGrantRole if it has permissions that the caller lacks, before or after the change."""
    locked.ensure_can_grant([*account.weight, *changed.weight])


def ensure_deletable(locked: LockedAuthority, account: ServiceAccount) -> None:
    """CannotGrantRole if it has permissions that the caller lacks."""
    locked.ensure_can_grant(account.weight)
