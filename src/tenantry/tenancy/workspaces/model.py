"""Workspace: a part of an organization, open to its members or private."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tenantry.authz.authority import RoleRef
from tenantry.kit.ids import Kind, show
from tenantry.kit.metadata import MetadataChanges
from tenantry.kit.refusals import Conflict, Invalid
from tenantry.platform.audit.model import AuditedObject, Change, Snapshot, Target

OPEN, PRIVATE = "organization", "private"


class WorkspaceSlugTaken(Conflict):
    code = "slug_taken"
    detail = "Another workspace of this organization already has this slug."


class WorkspaceUnknown(Invalid):
    code = "workspace_unknown"

    def __init__(self) -> None:
        super().__init__("#/workspaces", "There is no such workspace, or you cannot see it.")


class WorkspaceArchived(Conflict):
    code = "workspace_archived"
    detail = "The workspace is archived."


class DefaultWorkspace(Conflict):
    code = "default_workspace"
    detail = "The default workspace cannot be archived, deleted or made private."


@dataclass(frozen=True, slots=True)
class Workspace(AuditedObject):
    """A part of an organization. `role` is the caller's in it, if any."""

    KIND = Kind.WORKSPACE

    id: UUID
    org_id: UUID
    name: str
    slug: str
    description: str
    is_default: bool
    visibility: str
    metadata: Mapping[str, str]
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime
    role: RoleRef | None = None

    def snapshot(self) -> Snapshot:
        return {
            "name": self.name,
            "slug": self.slug,
            "description": self.description,
            "is_default": self.is_default,
            "visibility": self.visibility,
            "metadata": dict(self.metadata),
            "archived_at": self.archived_at,
        }

    def target(self) -> Target:
        return Target(Kind.WORKSPACE, self.id, self.name)


class WorkspaceChanges(MetadataChanges, total=False):
    """The fields that change; absent ones stay."""

    name: str
    slug: str
    description: str
    visibility: str


@dataclass(frozen=True, slots=True)
class WorkspaceMember:
    """A member of the organization with a role in one workspace; `id` is the membership's."""

    id: UUID
    org_id: UUID
    workspace_id: UUID
    user_id: UUID
    email: str
    name: str
    role: RoleRef
    created_at: datetime
    updated_at: datetime

    def target(self) -> Target:
        return Target(Kind.MEMBERSHIP, self.id, self.name)

    def snapshot(self) -> Snapshot:
        return grant_snapshot(self.id, self.role.key)


@dataclass(frozen=True, slots=True)
class WorkspaceSeat:
    """A member and their role in a workspace, if any, read under the organization's lock."""

    workspace: Target
    is_archived: bool
    user_id: UUID
    email: str
    name: str
    present: WorkspaceMember | None
    present_permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class PlacedMember:
    member: WorkspaceMember
    is_new: bool


def grant_snapshot(membership_id: UUID, role: str) -> Snapshot:
    return {"member_id": show(Kind.MEMBERSHIP, membership_id), "role": role}


def grant_change(workspace_id: UUID, before: Snapshot | None, after: Snapshot | None) -> Change:
    """A role in a workspace was given, changed or removed."""
    return Change("workspace_member", show(Kind.WORKSPACE, workspace_id), before, after)
