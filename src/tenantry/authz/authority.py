"""Actors and their authority."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from tenantry.authz.builtin_permissions import Permission
from tenantry.kit.ids import Kind
from tenantry.kit.refusals import Conflict, Forbidden


class CannotGrantRole(Forbidden):
    """The role has permissions that the caller lacks."""

    code = "cannot_grant_role"
    detail = "The role has permissions that you do not have yourself."


class AccountUnverified(Conflict):
    """The request relies on the address of the account, which is not confirmed."""

    code = "account_unverified"
    detail = "Verify your email address first, using the link in the email we sent you."


class OperatorRequired(Forbidden):
    code = "operator_required"
    detail = "Only operators of this service can do this."


class PersonRequired(Forbidden):
    """Only a signed-in person may do this, not a key."""

    code = "person_required"
    detail = "Keys cannot do this. Sign in as a person."


Viewer = UUID | bytes
"""Whose visibility applies: a person's, by id; a key's, by the digest of its secret."""


@dataclass(frozen=True, slots=True)
class RoleRef:
    """A role as it is shown inside other resources."""

    id: UUID
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, for one request."""

    id: UUID
    session_id: UUID
    name: str
    email: str
    email_verified: bool

    def ensure_verified(self) -> None:
        """AccountUnverified if their address is not confirmed."""
        if not self.email_verified:
            raise AccountUnverified


@dataclass(frozen=True, slots=True)
class KeyOwner:
    """The owner of a member's own key, in whose name it invites."""

    id: UUID
    name: str
    email_verified: bool


@dataclass(frozen=True, slots=True)
class KeyActor:
    """An API key, for one request: a member's own, or a service account's."""

    key_id: UUID
    kind: Kind
    """The actor in events: the key, or its service account."""
    id: UUID
    name: str
    digest: bytes
    """The digest of the secret in the request; the key is authorized again with it."""
    owner: KeyOwner | None = None
    """The member who owns it; None for a service account's key."""


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """The product itself, with a key that operators created.

    It can check access in every organization, and do nothing else.
    """

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """The recipient of an email, who may have no account."""

    email: str


@dataclass(frozen=True, slots=True)
class Operator:
    """An actor who runs the service. This gives them no permission in any organization."""

    actor: Actor


@dataclass(frozen=True, slots=True)
class System:
    """The service itself, for example when it deletes expired data."""


@dataclass(frozen=True, slots=True)
class Authority:
    actor: Actor | KeyActor
    org_id: UUID
    membership_id: UUID | None
    """The actor's; a key has none."""
    role: RoleRef
    permission: Permission
    workspace_role: RoleRef | None = None
    """The role in the workspace of the request, if there is one."""

    @property
    def person(self) -> Actor:
        """The actor if it is a person. PersonRequired."""
        if isinstance(self.actor, KeyActor):
            raise PersonRequired
        return self.actor

    def ensure_person(self) -> None:
        _ = self.person

    @property
    def inviter(self) -> Actor | KeyOwner:
        """The person in whose name invitations are sent. PersonRequired for a service account."""
        if not isinstance(self.actor, KeyActor):
            return self.actor
        if self.actor.owner is None:
            raise PersonRequired
        return self.actor.owner

    def ensure_inviter(self) -> None:
        """PersonRequired if there is no inviter."""
        _ = self.inviter

    @property
    def viewer(self) -> Viewer:
        return self.actor.digest if isinstance(self.actor, KeyActor) else self.actor.id


@dataclass(frozen=True, slots=True)
class LockedAuthority:
    """An authority rechecked under the organization's lock, with its effective permissions.

    Comparing a caller's permissions with those they grant is safe only under the lock.
    """

    authority: Authority
    permissions: frozenset[str]

    def ensure_can_grant(self, permissions: Iterable[str]) -> None:
        """CannotGrantRole if the caller lacks any of these permissions."""
        ensure_covers(self.permissions, permissions)


def ensure_covers(own: Iterable[str], given: Iterable[str]) -> None:
    """CannotGrantRole unless all of `given` is in `own`."""
    missing = sorted(set(given) - set(own))
    if missing:
        raise CannotGrantRole(missing_permissions=missing)
