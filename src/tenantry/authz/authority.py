"""Who acts, and with what right."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from tenantry.authz.builtin_permissions import Permission
from tenantry.kit.ids import Kind
from tenantry.kit.refusals import Conflict, Forbidden


class CannotGrantRole(Forbidden):
    """The role holds permissions that the one who gives it does not have."""

    code = "cannot_grant_role"
    detail = "The role holds permissions that you do not have yourself."


class AccountUnverified(Conflict):
    """What is asked for rests on an address that the account has not proven to be its own."""

    code = "account_unverified"
    detail = "Confirm your email address first, with the link in the email that we sent you."


class OperatorRequired(Forbidden):
    """Only operators may do this."""

    code = "operator_required"
    detail = "Only operators of this service may do this."


class PersonRequired(Forbidden):
    """Only a person who is signed in may do this; a key was shown."""

    code = "person_required"
    detail = "A key cannot do this: it takes a person who is signed in."


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
    """A person who is signed in, for the length of one request."""

    id: UUID
    session_id: UUID
    name: str
    email: str
    email_verified: bool

    def ensure_verified(self) -> None:
        """AccountUnverified where what is asked for rests on the address."""
        if not self.email_verified:
            raise AccountUnverified


@dataclass(frozen=True, slots=True)
class KeyOwner:
    """The person whose own key acts: in whose name it offers something to others."""

    id: UUID
    name: str
    email_verified: bool


@dataclass(frozen=True, slots=True)
class KeyActor:
    """An organization's key, for the length of one request: a member's own, or an account's."""

    key_id: UUID
    kind: Kind
    """What acts, as events tell it: the key, or the service account that it is of."""
    id: UUID
    name: str
    digest: bytes
    """Of the secret that was shown, by which the key is seen again."""
    owner: KeyOwner | None = None
    """The member who owns it; None for a service account's key."""


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """The product itself, by a key that operators made: it may ask about access everywhere.

    It enters no organization, and changes nothing.
    """

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """The recipient of an email, who may have no account."""

    email: str


@dataclass(frozen=True, slots=True)
class Operator:
    """An actor who runs the service. It gives no right inside any organization."""

    actor: Actor


@dataclass(frozen=True, slots=True)
class System:
    """The service itself, where time alone brings something about."""


@dataclass(frozen=True, slots=True)
class Authority:
    """An actor who holds a permission in an organization."""

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
        """Who acts, where it has to be a person. PersonRequired."""
        if isinstance(self.actor, KeyActor):
            raise PersonRequired
        return self.actor

    def ensure_person(self) -> None:
        """PersonRequired where a key acts."""
        _ = self.person

    @property
    def inviter(self) -> Actor | KeyOwner:
        """In whose name something is offered to others. PersonRequired: an account has none."""
        if not isinstance(self.actor, KeyActor):
            return self.actor
        if self.actor.owner is None:
            raise PersonRequired
        return self.actor.owner

    def ensure_inviter(self) -> None:
        """PersonRequired where nothing can be offered to others, for it would be in no name."""
        _ = self.inviter

    @property
    def viewer(self) -> Viewer:
        """Whose visibility applies."""
        return self.actor.digest if isinstance(self.actor, KeyActor) else self.actor.id


@dataclass(frozen=True, slots=True)
class LockedAuthority:
    """An authority rechecked under the organization's lock, with its effective permissions.

    Only under the lock is it safe to compare what someone has with what they give away.
    """

    authority: Authority
    permissions: frozenset[str]

    def ensure_can_grant(self, permissions: Iterable[str]) -> None:
        """Refuse with CannotGrantRole where anything in `permissions` is not one's own."""
        ensure_covers(self.permissions, permissions)


def ensure_covers(own: Iterable[str], given: Iterable[str]) -> None:
    """CannotGrantRole unless all that is given is one's own."""
    missing = sorted(set(given) - set(own))
    if missing:
        raise CannotGrantRole(missing_permissions=missing)
