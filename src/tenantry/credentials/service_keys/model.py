"""Service key: the product's own secret, of no organization."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tenantry.kit.ids import Kind
from tenantry.kit.refusals import Conflict, Invalid
from tenantry.kit.secrets import Secret
from tenantry.platform.audit.model import AuditedObject, Snapshot


class ServiceKeyExpired(Conflict):
    code = "service_key_expired"
    detail = "This key has expired. Create a new one."


class ServiceKeyExpiryPassed(Invalid):
    """The expiry of a new key must be in the future."""

    code = "expiry_passed"

    def __init__(self) -> None:
        super().__init__("#/expires_at", "must be in the future")


@dataclass(frozen=True, slots=True)
class StoredKey(AuditedObject):
    """A service key, without its secret."""

    KIND = Kind.SERVICE_KEY

    id: UUID
    name: str
    hint: str
    """The beginning of the newest secret."""
    expires_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime
    updated_at: datetime

    def snapshot(self) -> Snapshot:
        return {"name": self.name, "hint": self.hint, "expires_at": self.expires_at}


@dataclass(frozen=True, slots=True)
class IssuedServiceKey:
    """A key with its secret, which is shown only once."""

    key: StoredKey
    secret: Secret
