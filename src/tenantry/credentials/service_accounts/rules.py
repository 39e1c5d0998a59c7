"""May this service account be made, changed, ended? The same facts, the same verdict."""

from tenantry.authz.authority import Granter
from tenantry.credentials.service_accounts.model import ServiceAccount
from tenantry.kit.limits import Limits, must_have_room


def may_be_made(granter: Granter, account: ServiceAccount, *, present: int, limits: Limits) -> None:
    """CannotGrantRole where it could do what its maker cannot; LimitReached."""
    granter.must_be_able_to_grant(account.weight)
    must_have_room("service_accounts", limits.service_accounts, present)


def may_be_changed(granter: Granter, account: ServiceAccount, changed: ServiceAccount) -> None:
    """CannotGrantRole where it can do, or could then, what one cannot oneself."""
    granter.must_be_able_to_grant([*account.weight, *changed.weight])


def may_be_ended(granter: Granter, account: ServiceAccount) -> None:
    """CannotGrantRole where it can do what one cannot oneself."""
    granter.must_be_able_to_grant(account.weight)
