"""Organization: a tenant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tenantry.authz.authority import RoleRef
from tenantry.kit.ids import Kind, show
from tenantry.kit.metadata import MetadataChanges
from tenantry.kit.refusals import Conflict
from tenantry.platform.audit.model import AuditedObject, Snapshot, Target

PERSONAL, TEAM = "personal", "team"
RESTORABLE = timedelta(days=30)
"""How long a deleted organization can be restored; the directory's functions say the same."""
FIRST_REVISION = 1
"""What orders the changes of access in an organization begins with this one."""


class SlugTaken(Conflict):
    """Another organization has this slug, or had it and may still be restored."""

    code = "slug_taken"
    detail = "Another organization already has this slug."


@dataclass(frozen=True, slots=True)
class Brief:
    """Name and slug of an organization."""

    id: UUID
    name: str
    slug: str


class SoleAdmin(Conflict):
    code = "sole_admin"
    detail = "You are the only permanent Admin of some organizations. Name another, or delete them."

    def __init__(self, organizations: Sequence[Brief]) -> None:
        super().__init__(
            organizations=[
                {"id": show(Kind.ORGANIZATION, each.id), "name": each.name, "slug": each.slug}
                for each in organizations
            ]
        )


class LeavesNoAdmin(SoleAdmin):
    """The same for an operator, who may confirm and do it anyway."""

    detail = (
        "This person is the only Admin of some organizations. Have another member made an Admin"
        " first, or confirm that no one can manage them."
    )


@dataclass(frozen=True, slots=True)
class Organization(AuditedObject):
    """A tenant. `role` is the caller's in it."""

    KIND = Kind.ORGANIZATION

    id: UUID
    name: str
    slug: str
    kind: str
    locale: str
    metadata: Mapping[str, str]
    default_workspace_id: UUID
    created_at: datetime
    updated_at: datetime
    role: RoleRef

    def snapshot(self) -> Snapshot:
        return {
            "name": self.name,
            "slug": self.slug,
            "kind": self.kind,
            "locale": self.locale,
            "metadata": dict(self.metadata),
        }

    def target(self) -> Target:
        return Target(Kind.ORGANIZATION, self.id, self.name)


class OrganizationChanges(MetadataChanges, total=False):
    """The fields that change; absent ones stay."""

    name: str
    slug: str
    locale: str


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of what an organization has, as far as the caller can see it."""

    members: int
    pending_invitations: int
    workspaces: int
    roles: int


class OrganizationDeleted(Conflict):
    code = "organization_deleted"
    detail = "This organization has been deleted. Restore it first."


class OrganizationHasAdmin(Conflict):
    code = "organization_has_admin"
    detail = "This organization has an Admin who can sign in and can make other members Admins."


@dataclass(frozen=True, slots=True)
class OperatedOrganization:
    """An organization as operators see it: from outside, with nothing of what is in it."""

    id: UUID
    name: str
    slug: str
    kind: str
    members: int
    workspaces: int
    created_at: datetime
    deleted_at: datetime | None
    disabled_at: datetime | None
    status_reason: str | None
    """Why an operator last disabled, enabled, deleted or restored it, or named an Admin."""

    def suspension(self) -> Snapshot:
        return {"disabled_at": self.disabled_at, "status_reason": self.status_reason}

    def ending(self) -> Snapshot:
        return {"deleted_at": self.deleted_at, "status_reason": self.status_reason}

    def target(self) -> Target:
        return Target(Kind.ORGANIZATION, self.id, self.name)
