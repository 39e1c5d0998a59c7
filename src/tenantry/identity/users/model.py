"""User: a person, known by one email address."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tenantry.kit.ids import Kind, show
from tenantry.kit.refusals import Conflict
from tenantry.platform.audit.model import AuditedObject, Change, Snapshot, Target


class EmailTaken(Conflict):
    code = "email_taken"
    detail = "This email address already has an account."


@dataclass(frozen=True, slots=True)
class User(AuditedObject):
    KIND = Kind.USER

    id: UUID
    email: str
    email_verified: bool
    name: str
    created_at: datetime
    updated_at: datetime
    disabled_at: datetime | None = None
    """When an operator disabled the account."""
    status_reason: str | None = None
    """Why an operator last disabled or enabled the account, or signed the person out."""

    def snapshot(self) -> Snapshot:
        """A person as events show them: without the address."""
        return {"name": self.name}

    def suspension(self) -> Snapshot:
        return {"disabled_at": self.disabled_at, "status_reason": self.status_reason}

    def target(self) -> Target:
        return Target(Kind.USER, self.id, self.name)


def deletion(user_id: UUID, reason: str) -> Change:
    """Why a person was deleted. Not a change of type `user`, since an erasure removes those."""
    return Change("deletion", show(Kind.USER, user_id), None, {"reason": reason})


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is checked against; the hash is None while the account has no password."""

    user_id: UUID
    password_hash: str | None
