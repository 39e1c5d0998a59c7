"""Checks and decisions, effective permissions, and members with a permission."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from tenantry.authz.authority import RoleRef
from tenantry.kit.refusals import Conflict, Invalid

ALLOWED_BY = {
    "role": ("role",),
    "workspace_role": ("workspace_role",),
    "both": ("role", "workspace_role"),
    "key": ("key",),
}
"""The roles that allow it, by the outcome of a check."""
MISSING = {
    "membership": "membership",
    "account": "account",
    "suspended": "active_membership",
    "expired": "active_membership",
    "workspace": "workspace",
    "permission": "permission",
    "declaration": "declaration",
}
"""The first thing that is missing, by the outcome of a check."""
DENIED = "denied"
"""The outcome for a member who may not ask about others."""


class RevisionUnknown(Conflict):
    """The organization has not reached the revision that a check requires."""

    code = "revision_unknown"
    detail = "This organization has not reached that revision; it belongs to another organization."


class UserRequired(Invalid):
    """A service key must name the user to check."""

    code = "user_required"

    def __init__(self, pointer: str) -> None:
        super().__init__(pointer, "A service key must name the user to check.")


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """Whether users (the caller if None) have permissions in organizations or workspaces.

    Stored by column, with ids as 32 hexadecimal digits, because creating an object for each of a
    thousand checks would take longer than the checks.
    """

    org_ids: Sequence[str]
    workspace_ids: Sequence[str | None]
    user_ids: Sequence[str | None]
    permissions: Sequence[str]
    freshness: Sequence[int | None]
    """Minimum revisions of the organizations; empty if there are none."""


class Decision(NamedTuple):
    """The outcome of a check with its reasons; ids are hexadecimal digits."""

    outcome: str
    revision: int | None
    """The organization's; None for a non-member."""
    membership_id: str | None
    role_id: str | None
    role_key: str | None
    role_name: str | None
    archived: bool | None
    """The workspace's; None without a workspace, or if it is not visible."""
    workspace_role_id: str | None
    workspace_role_key: str | None
    workspace_role_name: str | None

    @property
    def allowed(self) -> bool:
        return self.outcome in ALLOWED_BY


class PermissionsRow(NamedTuple):
    """A member's roles in an organization and in one workspace, and their permissions."""

    revision: int
    membership_id: UUID
    user_id: UUID
    state: str
    """`active`, or why the membership does not count."""
    role: RoleRef
    permissions: list[str]
    workspace_id: UUID
    visibility: str
    archived: bool
    workspace_role: RoleRef | None
    workspace_permissions: list[str] | None
    workspaces_count: int


WORKSPACES_PER_PAGE = 100
"""The maximum number of workspaces on a page of effective permissions."""


@dataclass(frozen=True, slots=True)
class WorkspacePermissions:
    workspace_id: UUID
    archived: bool
    role: RoleRef | None
    permissions: list[str]


@dataclass(frozen=True, slots=True)
class EffectivePermissions:
    """A member's permissions in an organization, and in each workspace that they can see."""

    org_id: UUID
    membership_id: UUID
    user_id: UUID
    role: RoleRef
    permissions: list[str]
    workspaces: Sequence[WorkspacePermissions]
    """The permissions in the workspaces of one page, by workspace id."""
    workspaces_count: int
    has_more: bool
    """Whether there are further pages."""
    revision: int


@dataclass(frozen=True, slots=True)
class MemberWithPermission:
    """A member with a permission, and the roles that grant it."""

    id: UUID
    user_id: UUID
    email: str
    name: str
    role: RoleRef
    workspace_role: RoleRef | None
    allowed_by: tuple[str, ...]
