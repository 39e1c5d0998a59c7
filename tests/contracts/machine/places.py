"""The same for roles and workspaces: how an organization answers changes to them."""

from collections.abc import Iterable

from tests.contracts.machine.foretelling import (
    counting,
    entering,
    entering_workspace,
    owned,
    owned_there,
)
from tests.contracts.machine.model import LIMITS, Organization


def _no(code: str, when: bool) -> str:
    return code if when else ""


def _beyond(own: frozenset[str], given: Iterable[str]) -> str:
    return _no("cannot_grant_role", not frozenset(given) <= own)


def making_role(org: Organization, who: str, permissions: frozenset[str]) -> str:
    custom = [each for each in org.roles.values() if not each.is_default]
    return (
        entering(org, who, "role:manage")
        or _beyond(owned(org, who), permissions)
        or _no("limit_reached", len(custom) >= LIMITS.custom_roles)
    )


def changing_role(org: Organization, who: str, role_id: str, permissions: frozenset[str]) -> str:
    role = org.role(role_id)
    entered = entering(org, who, "role:manage") or _no("not_found", role is None)
    if entered or role is None:
        return entered
    beyond = _beyond(owned(org, who), role.permissions | permissions)
    return beyond or _no("default_role", role.is_default)


def deleting_role(org: Organization, who: str, role_id: str, replacement_id: str | None) -> str:
    role = org.role(role_id)
    entered = entering(org, who, "role:manage") or _no("not_found", role is None)
    if entered or role is None:
        return entered
    other = org.role(replacement_id) if replacement_id else None
    given = role.permissions | (other.permissions if other else frozenset[str]())
    unknown = replacement_id is not None and (other is None or other is role)
    return (
        _beyond(owned(org, who), given)
        or _no("role_unknown", unknown)
        or _no("default_role", role.is_default)
        or _no("role_in_use", other is None and in_use(org, role.key))
    )


def in_use(org: Organization, key: str) -> bool:
    """Whether anybody holds the role, or is offered it."""
    return (
        any(member.role == key for member in org.members.values())
        or any(key in workspace.roles.values() for workspace in org.workspaces.values())
        or any(each.role == key or key in each.there.values() for each in org.open)
    )


def making_workspace(org: Organization, who: str) -> str:
    full = len(org.workspaces) >= LIMITS.workspaces
    return entering(org, who, "workspace:create") or _no("limit_reached", full)


def changing_workspace(org: Organization, who: str, workspace_id: str, private: bool) -> str:
    entered = entering_workspace(org, who, workspace_id, "workspace:update")
    if entered:
        return entered
    workspace = org.workspaces[workspace_id]
    archived = _no("workspace_archived", workspace.archived)
    return archived or _no("default_workspace", workspace.is_default and private)


def putting_aside(org: Organization, who: str, workspace_id: str, permission: str) -> str:
    """To archive a workspace, or to delete it."""
    entered = entering_workspace(org, who, workspace_id, permission)
    if entered:
        return entered
    return _no("default_workspace", org.workspaces[workspace_id].is_default)


def placing(
    org: Organization, who: str, workspace_id: str, member_id: str, role: str | None
) -> str:
    """To give a member a role in a workspace, or to take theirs where none is given."""
    entered = entering_workspace(org, who, workspace_id, "workspace:manage_members")
    if entered:
        return entered
    workspace, person = org.workspaces[workspace_id], org.person(member_id)
    present = workspace.roles.get(person) if person else None
    if person is None or (role is None and present is None):
        return "not_found"
    given = [every for each in (role, present) if each for every in org.permissions(each)]
    beyond = _beyond(owned_there(org, who, workspace_id), counting(given))
    return beyond or _no("workspace_archived", workspace.archived)
