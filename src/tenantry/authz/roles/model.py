"""Roles, and the three default ones of every organization."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tenantry.authz.authority import RoleRef
from tenantry.authz.builtin_permissions import ADMIN, DEVELOPER, VIEWER, Permission
from tenantry.kit.ids import Kind
from tenantry.kit.refusals import Conflict, Invalid
from tenantry.platform.audit.model import AuditedObject, Snapshot, Target

RoleName = UUID | str
"""A role's name in requests: its id or its key."""


class RoleUnknown(Invalid):
    code = "role_unknown"

    def __init__(self) -> None:
        super().__init__("#/role", "This organization has no such role.")


class RoleKeyTaken(Conflict):
    code = "role_key_taken"
    detail = "Another role of this organization already has this key."


class DefaultRole(Conflict):
    """Default roles cannot be changed."""

    code = "default_role"
    detail = "Default roles cannot be changed or deleted."


class RoleInUse(Conflict):
    """Members, keys or invitations have the role; `uses` has their numbers."""

    code = "role_in_use"
    detail = "The role is in use. Name the one that takes its place: `?replace_with=`."

    def __init__(self, uses: Mapping[str, int]) -> None:
        super().__init__()
        self.extra = dict(uses)


@dataclass(frozen=True, slots=True)
class Role(AuditedObject):
    """A named set of permissions."""

    KIND = Kind.ROLE

    id: UUID
    org_id: UUID
    key: str
    name: str
    description: str
    permissions: list[str]
    is_default: bool
    created_at: datetime
    updated_at: datetime

    @property
    def ref(self) -> RoleRef:
        return RoleRef(self.id, self.key, self.name)

    def snapshot(self) -> Snapshot:
        return {
            "key": self.key,
            "name": self.name,
            "description": self.description,
            "permissions": self.permissions,
        }

    def target(self) -> Target:
        return Target(Kind.ROLE, self.id, self.name)


@dataclass(frozen=True, slots=True)
class Blueprint:
    key: str
    name: str
    description: str
    permissions: list[str]


def _default(key: str, name: str, description: str) -> Blueprint:
    held = [each for each in Permission if key == ADMIN or key in each.definition.held_by]
    return Blueprint(key, name, description, [each.value for each in held])


DEFAULT_ROLES = (
    _default(ADMIN, "Admin", "Manages everything in the organization."),
    _default(DEVELOPER, "Developer", "Sees all members and works in workspaces."),
    _default(VIEWER, "Viewer", "Sees the organization and changes nothing."),
)
