"""API keys, and the errors about them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tenantry.authz.authority import RoleRef
from tenantry.credentials.service_accounts.model import weight
from tenantry.kit.ids import Kind, show
from tenantry.kit.refusals import Conflict, Forbidden, Invalid
from tenantry.kit.secrets import Secret
from tenantry.platform.audit.model import AuditedObject, Snapshot, Target


class KeyOfAnother(Forbidden):
    """A member's own key acts in the member's name, so no one else may see its secret."""

    code = "key_of_another"
    detail = "This key belongs to another member. You can revoke it, but not rotate it."


class KeyExpired(Conflict):
    code = "api_key_expired"
    detail = "This key has expired. Create a new one."


class RoleMissing(Invalid):
    """A member's own key needs a role."""

    code = "validation_failed"

    def __init__(self) -> None:
        super().__init__("#/role", "A personal key needs a role.")


class RoleOfAccount(Invalid):
    """Keys of a service account have its role and its workspace."""

    code = "validation_failed"

    def __init__(self, pointer: str) -> None:
        super().__init__(pointer, "Leave this out: the keys of a service account have its role.")


@dataclass(frozen=True, slots=True)
class Holder:
    """The owner of a key: a member or a service account."""

    kind: Kind
    id: UUID
    """The id of the user, or of the service account."""
    name: str
    membership_id: UUID | None = None
    """The member's; the key ends with this membership. None for a service account."""


@dataclass(frozen=True, slots=True)
class ApiKey(AuditedObject):
    """An API key, without its secret."""

    KIND = Kind.API_KEY

    id: UUID
    org_id: UUID
    name: str
    hint: str
    """The beginning of the newest secret."""
    holder: Holder
    role: RoleRef
    role_permissions: frozenset[str]
    workspace_id: UUID | None
    expires_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def weight(self) -> list[str]:
        """The permissions of its role, which a caller needs in order to manage the key."""
        return weight(self.role_permissions, self.workspace_id)

    def snapshot(self) -> Snapshot:
        """Its values in events. A service account's key has no role or workspace of its own."""
        member_id, there = self.holder.membership_id, self.workspace_id
        is_own = member_id is not None
        return {
            "name": self.name,
            "hint": self.hint,
            "expires_at": self.expires_at,
            "member_id": show(Kind.MEMBERSHIP, member_id) if member_id else None,
            "service_account_id": None if is_own else show(Kind.SERVICE_ACCOUNT, self.holder.id),
            "role": self.role.key if is_own else None,
            "workspace_id": show(Kind.WORKSPACE, there) if is_own and there else None,
        }

    def target(self) -> Target:
        return Target(Kind.API_KEY, self.id, self.name)


@dataclass(frozen=True, slots=True)
class Issued:
    """A key with its secret, which is shown only once."""

    key: ApiKey
    secret: Secret
