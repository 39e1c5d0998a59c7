"""Service account: a non-human identity in an organization."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tenantry.authz.authority import RoleRef
from tenantry.authz.builtin_permissions import counting_in_workspace
from tenantry.kit.ids import Kind, show
from tenantry.kit.refusals import Invalid
from tenantry.platform.audit.model import AuditedObject, Snapshot, Target


class ServiceAccountUnknown(Invalid):
    code = "service_account_unknown"

    def __init__(self) -> None:
        super().__init__("#/service_account_id", "This organization has no such service account.")


class BoundWorkspaceUnknown(Invalid):
    """The organization has no such workspace that the caller may see."""

    code = "workspace_unknown"

    def __init__(self) -> None:
        super().__init__("#/workspace_id", "There is no such workspace, or you cannot see it.")


def weight(permissions: Iterable[str], workspace_id: UUID | None) -> list[str]:
    """The permissions of a role that count in the organization, or in a workspace."""
    return list(permissions) if workspace_id is None else counting_in_workspace(permissions)


@dataclass(frozen=True, slots=True)
class ServiceAccount(AuditedObject):
    """A non-human identity, with a role in the organization or in one of its workspaces."""

    KIND = Kind.SERVICE_ACCOUNT

    id: UUID
    org_id: UUID
    name: str
    role: RoleRef
    role_permissions: frozenset[str]
    workspace_id: UUID | None
    created_at: datetime
    updated_at: datetime

    @property
    def weight(self) -> list[str]:
        """Its permissions, which a caller needs in order to manage it."""
        return weight(self.role_permissions, self.workspace_id)

    def snapshot(self) -> Snapshot:
        there = self.workspace_id
        return {
            "name": self.name,
            "role": self.role.key,
            "workspace_id": None if there is None else show(Kind.WORKSPACE, there),
        }

    def target(self) -> Target:
        return Target(Kind.SERVICE_ACCOUNT, self.id, self.name)
