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


def ensure_removable(locked: LockedAuthority, facts: MembershipFacts) -> None:
    """Refuse what would take a role above one's own, or lock the organization out of itself."""
    locked.ensure_can_grant(facts.role_permissions)
    ensure_may_leave(facts)


def ensure_may_leave(facts: MembershipFacts) -> None:
    """Refuse to lock the organization out of itself, or to part it from its owner."""
    if facts.owns_organization:
        raise PersonalOrganization
    if is_last_admin(facts):
        raise LastAdmin


def ensure_proposable(
    locked: LockedAuthority,
    facts: MembershipFacts,
    role: Role | None,
    *,
    expires_at: datetime | None,
    now: datetime,
) -> Role:
    """Refuse what reaches above one's own role: in what the member has, or in what they shall have.

    RoleUnknown if it does not exist; and an end in the past, which would be a removal without a
    notification.
    """
    locked.ensure_can_grant(facts.role_permissions)
    if role is None:
        raise RoleUnknown
    locked.ensure_can_grant(role.permissions)
    if expires_at is not None and expires_at <= now:
        raise ExpiryPassed
    return role


def ensure_may_become(facts: MembershipFacts, proposed: Membership) -> None:
    """Refuse what would leave an organization without its owner, or without a permanent Admin."""
    if facts.owns_organization:
        raise PersonalOrganization
    if is_last_admin(facts) and not proposed.is_lasting_admin:
        raise LastAdmin


def is_last_admin(facts: MembershipFacts) -> bool:
    return facts.is_lasting_admin and facts.other_admins == 0
