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
    """CannotGrantRole if the role has permissions that the caller lacks; as `ensure_may_leave`."""
    locked.ensure_can_grant(facts.role_permissions)
    ensure_may_leave(facts)


def ensure_may_leave(facts: MembershipFacts) -> None:
    """PersonalOrganization for its owner; LastAdmin."""
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
    """CannotGrantRole if the present or the new role has permissions that the caller lacks.

    RoleUnknown; ExpiryPassed, which would be a removal without an email.
    """
    locked.ensure_can_grant(facts.role_permissions)
    if role is None:
        raise RoleUnknown
    locked.ensure_can_grant(role.permissions)
    if expires_at is not None and expires_at <= now:
        raise ExpiryPassed
    return role


def ensure_may_become(facts: MembershipFacts, proposed: Membership) -> None:
    """PersonalOrganization for its owner; LastAdmin."""
    if facts.owns_organization:
        raise PersonalOrganization
    if is_last_admin(facts) and not proposed.is_lasting_admin:
        raise LastAdmin


def is_last_admin(facts: MembershipFacts) -> bool:
    return facts.is_lasting_admin and facts.other_admins == 0
