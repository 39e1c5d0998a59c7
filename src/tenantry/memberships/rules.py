"""May this membership end, or go on on other terms?"""

from collections.abc import Iterable
from datetime import datetime

from tenantry.access.authority import Granter
from tenantry.memberships.model import (
    ExpiryPassed,
    LastAdmin,
    Membership,
    PersonalOrganization,
    Standing,
)


def may_be_removed(granter: Granter, standing: Standing) -> None:
    """Refuse what would take a role above one's own, or lock the organization out of itself."""
    granter.must_be_able_to_grant(standing.role_permissions)
    may_leave(standing)


def may_leave(standing: Standing) -> None:
    """Refuse to lock the organization out of itself, or to part it from its owner."""
    if standing.owns_organization:
        raise PersonalOrganization
    if is_last_admin(standing):
        raise LastAdmin


def may_be_proposed(
    granter: Granter,
    standing: Standing,
    *,
    permissions: Iterable[str],
    expires_at: datetime | None,
    now: datetime,
) -> None:
    """Refuse what reaches above one's own role: in what the member has, or in what they shall have.

    And an end in the past, which would be a removal that tells nobody.
    """
    granter.must_be_able_to_grant(standing.role_permissions)
    granter.must_be_able_to_grant(permissions)
    if expires_at is not None and expires_at <= now:
        raise ExpiryPassed


def may_become(standing: Standing, proposed: Membership) -> None:
    """Refuse what would leave an organization without its owner, or without an Admin who lasts."""
    if standing.owns_organization:
        raise PersonalOrganization
    if is_last_admin(standing) and not proposed.is_lasting_admin:
        raise LastAdmin


def is_last_admin(standing: Standing) -> bool:
    """Whether nobody else keeps the organization manageable."""
    return standing.is_lasting_admin and standing.other_admins == 0
