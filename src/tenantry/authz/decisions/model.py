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
"""What allows it, by the outcome of a check."""
MISSING = {
    "membership": "membership",
    "account": "account",
    "suspended": "active_membership",
    "expired": "active_membership",
    "workspace": "workspace",
    "permission": "permission",
    "declaration": "declaration",
}
"""The first link that is missing, by the outcome of a check."""
DENIED = "denied"
"""The outcome for a member who may not ask about others."""


class RevisionUnknown(Conflict):
    """The organization has not reached the revision that a check requires."""

    code = "revision_unknown"
    detail = "This organization has not reached that revision; it belongs to another organization."


class UserRequired(Invalid):
    """A service key has no user of its own to check."""

    code = "user_required"

    def __init__(self, pointer: str) -> None:
        super().__init__(pointer, "A service key asks about a user: name one.")


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """May users (the caller if None) do this in organizations, or in workspaces of theirs?

    By columns, ids in 32 hexadecimal digits: there may be a thousand, and so many objects would
    cost more than all answers.
    """

    org_ids: Sequence[str]
    workspace_ids: Sequence[str | None]
    user_ids: Sequence[str | None]
    permissions: Sequence[str]
    freshness: Sequence[int | None]
    """Revisions that the decisions must take into account; empty if none must."""


class Decision(NamedTuple):
    """The outcome of a check, and what it rests on; ids are in hexadecimal digits."""

    outcome: str
    revision: int | None
    """Of the organization; None for a stranger."""
    membership_id: str | None
    role_id: str | None
    role_key: str | None
    role_name: str | None
    archived: bool | None
    """Of the workspace; None without one, or if it is not visible."""
    workspace_role_id: str | None
    workspace_role_key: str | None
    workspace_role_name: str | None

    @property
    def allowed(self) -> bool:
        return self.outcome in ALLOWED_BY


class PermissionsRow(NamedTuple):
    """A member's roles in an organization and in one workspace, and what they permit."""

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
"""How many workspaces a page of effective permissions has."""


@dataclass(frozen=True, slots=True)
class WorkspacePermissions:
    workspace_id: UUID
    archived: bool
    role: RoleRef | None
    permissions: list[str]


@dataclass(frozen=True, slots=True)
class EffectivePermissions:
    """What a member may do in an organization, and in each workspace that they see."""

    org_id: UUID
    membership_id: UUID
    user_id: UUID
    role: RoleRef
    permissions: list[str]
    workspaces: Sequence[WorkspacePermissions]
    """Those of one page, by their ids."""
    workspaces_count: int
    has_more: bool
    """Whether others come after those."""
    revision: int


@dataclass(frozen=True, slots=True)
class MemberWithPermission:
    """A member who can do something, and by which of their roles."""

    id: UUID
    user_id: UUID
    email: str
    name: str
    role: RoleRef
    workspace_role: RoleRef | None
    allowed_by: tuple[str, ...]
