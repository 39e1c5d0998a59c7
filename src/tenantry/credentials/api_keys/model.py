"""API key: a secret by which a program acts in one organization; and its refusals."""

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
    """A member's own key may act in the member's name, so no one else is given its secret."""

    code = "key_of_another"
    detail = "This key belongs to another member. You can revoke it, but not rotate it."


class KeyExpired(Conflict):
    code = "api_key_expired"
    detail = "This key has expired. Create a new one."


class RoleMissing(Invalid):
    """A key of one's own has a role."""

    code = "validation_failed"

    def __init__(self) -> None:
        super().__init__("#/role", "A personal key needs a role.")


class RoleOfAccount(Invalid):
    """The keys of a service account have its role, and are bound as it is."""

    code = "validation_failed"

    def __init__(self, pointer: str) -> None:
        super().__init__(pointer, "Leave this out: the keys of a service account have its role.")


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose a key is: a member's own, or a service account's."""

    kind: Kind
    id: UUID
    """Of the person, or of the account."""
    name: str
    membership_id: UUID | None = None
    """The person's, on which the key rests."""


@dataclass(frozen=True, slots=True)
class ApiKey(AuditedObject):
    """A key, without its secret, which only its bearer knows."""

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
        """What its role permits: what its managers have to be permitted themselves."""
        return weight(self.role_permissions, self.workspace_id)

    def snapshot(self) -> Snapshot:
        """What events tell of it. A service account's key has no role or workspace of its own."""
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
    """A key with its secret, to be shown this once."""

    key: ApiKey
    secret: Secret
