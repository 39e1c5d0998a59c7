"""May this membership end, or go on on other terms?"""

from datetime import datetime

from tenantry.authz.authority import Granter
from tenantry.authz.roles.model import Role, RoleUnknown
from tenantry.tenancy.memberships.model import (
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
    role: Role | None,
    *,
    expires_at: datetime | None,
    now: datetime,
) -> Role:
    """Refuse what reaches above one's own role: in what the member has, or in what they shall have.

    RoleUnknown where that is not there; and an end in the past, which would be a removal that tells
    nobody.
    """
    granter.must_be_able_to_grant(standing.role_permissions)
    if role is None:
        raise RoleUnknown
    granter.must_be_able_to_grant(role.permissions)
    if expires_at is not None and expires_at <= now:
        raise ExpiryPassed
    return role


def may_become(standing: Standing, proposed: Membership) -> None:
    """Refuse what would leave an organization without its owner, or without an Admin who lasts."""
    if standing.owns_organization:
        raise PersonalOrganization
    if is_last_admin(standing) and not proposed.is_lasting_admin:
        raise LastAdmin


def is_last_admin(standing: Standing) -> bool:
    """Whether nobody else keeps the organization manageable."""
    return standing.is_lasting_admin and standing.other_admins == 0
