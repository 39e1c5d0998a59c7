"""Workspace: a part of an organization, open to its members or private."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tenantry.access.authority import RoleRef
from tenantry.events.model import Change, Snapshot, Target
from tenantry.kit.ids import Kind
from tenantry.kit.refusals import Conflict, Invalid

OPEN, PRIVATE = "organization", "private"


class SlugTaken(Conflict):
    """Another workspace of the organization has this slug."""

    code = "slug_taken"
    detail = "A workspace of this organization has this slug already."


class WorkspaceUnknown(Invalid):
    """The organization has no such workspace that the caller may see."""

    code = "workspace_unknown"

    def __init__(self) -> None:
        super().__init__("#/workspaces", "There is no such workspace that you can see here.")


class WorkspaceArchived(Conflict):
    """The workspace can be read, and nothing else."""

    code = "workspace_archived"
    detail = "The workspace is archived."


@dataclass(frozen=True, slots=True)
class Workspace:
    """A part of an organization. `role` is the caller's own there, where they hold one."""

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
        """What events tell of it."""
        return {
            "name": self.name,
            "slug": self.slug,
            "description": self.description,
            "is_default": self.is_default,
            "visibility": self.visibility,
            "metadata": dict(self.metadata),
        }

    def target(self) -> Target:
        """The workspace as the object of an event."""
        return Target(Kind.WORKSPACE, self.id, self.name)

    def made(self) -> Change:
        """That it was created."""
        return Change.made(Kind.WORKSPACE, self.id, self.snapshot())
