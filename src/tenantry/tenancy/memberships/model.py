"""Membership: a person in one organization; and what a list of members shows of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self, TypedDict
from uuid import UUID

from tenantry.authz.authority import Actor, RoleRef
from tenantry.authz.builtin_permissions import ADMIN
from tenantry.identity.users.model import User
from tenantry.kit.ids import Kind, show
from tenantry.kit.refusals import Conflict, Invalid
from tenantry.platform.audit.model import AuditedObject, Change, Snapshot, Target

ACTIVE, SUSPENDED = "active", "suspended"


class AlreadyMember(Conflict):
    code = "already_member"
    detail = "This person is already a member of the organization."


class LastAdmin(Conflict):
    code = "last_admin"
    detail = "An organization needs an active Admin whose membership does not expire."


class PersonalOrganization(Conflict):
    code = "personal_organization"
    detail = "A personal organization stays with its owner."


class ExpiryPassed(Invalid):
    code = "expiry_passed"

    def __init__(self) -> None:
        super().__init__("#/expires_at", "Choose a time in the future.")


EMBEDDED_WORKSPACES = 20
"""How many workspace roles a member includes; the others have a list of their own."""


@dataclass(frozen=True, slots=True)
class WorkspaceGrant:
    """A role that a member, or an invited person, has in one workspace."""

    workspace_id: UUID
    role: RoleRef

    @property
    def id(self) -> UUID:
        """The workspace's, for pages of a list."""
        return self.workspace_id


@dataclass(frozen=True, slots=True)
class Person:
    """What members see of each other."""

    id: UUID
    email: str
    name: str

    @classmethod
    def of(cls, person: Actor | User) -> Self:
        return cls(person.id, person.email, person.name)


@dataclass(frozen=True, slots=True)
class Membership(AuditedObject):
    KIND = Kind.MEMBERSHIP

    id: UUID
    org_id: UUID
    user: Person
    role: RoleRef
    status: str
    expires_at: datetime | None
    created_at: datetime
    updated_at: datetime
    workspaces: Sequence[WorkspaceGrant] = ()
    """The first ones, by workspace id."""
    workspaces_count: int = 0
    """How many the reader can see."""

    def snapshot(self) -> Snapshot:
        return {
            "user_id": show(Kind.USER, self.user.id),
            "role": self.role.key,
            "status": self.status,
            "expires_at": self.expires_at,
        }

    @property
    def is_lasting_admin(self) -> bool:
        """An active Admin whose membership does not expire: one must be left."""
        return self.role.key == ADMIN and self.status == ACTIVE and self.expires_at is None

    def target(self) -> Target:
        return Target(Kind.MEMBERSHIP, self.id, self.user.name)


@dataclass(frozen=True, slots=True)
class Removed:
    """A membership that ended, with the changes for the event."""

    membership: Membership
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class MembershipFacts:
    """What decides whether a membership may end or change, read under the organization's lock."""

    role_permissions: frozenset[str]
    owns_organization: bool
    other_admins: int
    is_lasting_admin: bool


class Terms(TypedDict, total=False):
    """The role, status and end date that change; absent ones stay."""

    role: UUID | str
    status: str
    expires_at: datetime | None
