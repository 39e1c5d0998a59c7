"""May this membership end, or go on on other terms?"""

from datetime import datetime

from tenantry.authz.authority import LockedAuthority
from tenantry.authz.roles.model import Role, RoleUnknown
from tenantry.tenancy.memberships.model import (
    ExpiryPassed,
    LastAdmin,
    Membership,
    MembershipFacts,
    PersonalOrganization,
)


def ensure_removable(locked: LockedAuthority, standing: MembershipFacts) -> None:
    """Refuse what would take a role above one's own, or lock the organization out of itself."""
    locked.ensure_can_grant(standing.role_permissions)
    ensure_may_leave(standing)


def ensure_may_leave(standing: MembershipFacts) -> None:
    """Refuse to lock the organization out of itself, or to part it from its owner."""
    if standing.owns_organization:
        raise PersonalOrganization
    if is_last_admin(standing):
        raise LastAdmin


def ensure_proposable(
    locked: LockedAuthority,
    standing: MembershipFacts,
    role: Role | None,
    *,
    expires_at: datetime | None,
    now: datetime,
) -> Role:
    """Refuse what reaches above one's own role: in what the member has, or in what they shall have.

    RoleUnknown if it does not exist; and an end in the past, which would be a removal without a
    notification.
    """
    locked.ensure_can_grant(standing.role_permissions)
    if role is None:
        raise RoleUnknown
    locked.ensure_can_grant(role.permissions)
    if expires_at is not None and expires_at <= now:
        raise ExpiryPassed
    return role


def ensure_may_become(standing: MembershipFacts, proposed: Membership) -> None:
    """Refuse what would leave an organization without its owner, or without a permanent Admin."""
    if standing.owns_organization:
        raise PersonalOrganization
    if is_last_admin(standing) and not proposed.is_lasting_admin:
        raise LastAdmin


def is_last_admin(standing: MembershipFacts) -> bool:
    """Whether no one else is a permanent Admin."""
    return standing.is_lasting_admin and standing.other_admins == 0
