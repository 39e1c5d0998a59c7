"""Roles, and people who give them, made of nothing but their permissions."""

from collections.abc import Iterable
from datetime import UTC, datetime

from hypothesis import strategies as st

from tenantry.authz.authority import Actor, Authority, LockedAuthority
from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.roles.model import Role
from tenantry.kit.ids import new_id

NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)

permissions = st.frozensets(st.sampled_from([each.value for each in Permission]))


def role_of(given: Iterable[str], key: str = "some") -> Role:
    """A role of these permissions."""
    return Role(new_id(), new_id(), key, key.title(), "", sorted(given), False, NOW, NOW)


def grantor_of(own: Iterable[str]) -> LockedAuthority:
    """Somebody whose role has these permissions."""
    actor = Actor(new_id(), new_id(), "Alice", "alice@example.com", email_verified=True)
    role = role_of(own)
    authority = Authority(actor, new_id(), new_id(), role.ref, Permission.MEMBER_INVITE)
    return LockedAuthority(authority, frozenset(own))
