"""Invitation: an offered seat; the facts that decide about it; and its refusals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from tenantry.authz.authority import RoleRef
from tenantry.authz.roles.model import Role, RoleName
from tenantry.kit.ids import Kind, show
from tenantry.kit.refusals import Conflict, Forbidden, Gone, Invalid
from tenantry.platform.audit.model import AuditedObject, Change, Snapshot, Target
from tenantry.tenancy.memberships.model import WorkspaceGrant
from tenantry.tenancy.workspaces.model import Workspace

LIFETIME = timedelta(days=7)

PENDING, ACCEPTED, DECLINED = "pending", "accepted", "declined"
REVOKED, EXPIRED = "revoked", "expired"

MOST_GRANTS = 500
"""The most workspace roles that the invitations of one batch may grant in total."""


class InvitationPending(Conflict):
    code = "invitation_pending"
    detail = "This address already has a pending invitation."

    def __init__(self, invitation_id: UUID) -> None:
        super().__init__(invitation_id=show(Kind.INVITATION, invitation_id))


class TooManyGrants(Invalid):
    code = "validation_failed"

    def __init__(self) -> None:
        super().__init__(
            "#/invitations", f"Grant at most {MOST_GRANTS} workspace roles in one request."
        )


class InvitationSpent(Gone):
    """The invitation can no longer be accepted; `code` says why."""

    def __init__(self, status: str) -> None:
        super().__init__("This invitation can no longer be accepted.")
        self.code = f"invitation_{status}"


class InvitationResent(Gone):
    code = "invitation_resent"
    detail = "This invitation was resent. Use the link in the newest email."


class InvitationForAnotherEmail(Forbidden):
    code = "invitation_for_another_email"
    detail = "This invitation was sent to another email address than your account's."


class InviterCannotGrant(Conflict):
    code = "inviter_cannot_grant"
    detail = "The person who invited you may no longer grant these roles. Ask for a new invitation."


class CannotGrantWorkspace(Forbidden):
    code = "cannot_grant_workspace"
    detail = (
        "The invitation grants a role in a workspace that you cannot see. Send a new invitation."
    )


@dataclass(frozen=True, slots=True)
class Inviter:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Invitation(AuditedObject):
    KIND = Kind.INVITATION

    id: UUID
    org_id: UUID
    email: str
    role: RoleRef
    status: str
    invited_by: Inviter
    expires_at: datetime
    delivery: str
    created_at: datetime
    updated_at: datetime
    workspaces: Sequence[WorkspaceGrant] = ()
    inviter_can_grant: bool = True
    """Whether the inviter may grant all of it now; only checked while it is open."""

    def snapshot(self) -> Snapshot:
        return {
            "email": self.email,
            "role": self.role.key,
            "status": self.status,
            "invited_by": show(Kind.USER, self.invited_by.id),
            "workspaces": [
                {"workspace_id": show(Kind.WORKSPACE, grant.workspace_id), "role": grant.role.key}
                for grant in self.workspaces
            ],
            "expires_at": self.expires_at,
        }

    def target(self) -> Target:
        return Target(Kind.INVITATION, self.id, self.email)


@dataclass(frozen=True, slots=True)
class MyInvitation:
    """An invitation as the invited person sees it."""

    invitation: Invitation
    organization_name: str

    @property
    def id(self) -> UUID:
        """The invitation's, for pages of a list."""
        return self.invitation.id


@dataclass(frozen=True, slots=True)
class AddressStatus:
    """An address's relation to an organization, read under the organization's lock."""

    is_member: bool
    pending_id: UUID | None
    pending_until: datetime | None
    members: int = 0
    """How many the organization has; counted no further than its limit."""
    pending: int = 0
    """How many invitations of it are open, counted in the same way."""


class Closed(NamedTuple):
    """An invitation that was closed or deleted, and its status before."""

    id: UUID
    status: str


@dataclass(frozen=True, slots=True)
class TokenOf:
    """What an email's token belongs to."""

    org_id: UUID
    invitation_id: UUID
    replaced: bool
    """Whether a newer email has replaced it."""


@dataclass(frozen=True, slots=True)
class InvitationRequest:
    email: str
    role: RoleName
    workspaces: Mapping[UUID, RoleName] = field(default_factory=dict[UUID, RoleName])
    lifetime: timedelta = LIFETIME
    message: str = ""


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """What decides about a request: the roles and visible workspaces that it names, as far as they
    exist, and the address."""

    roles: Mapping[RoleName, Role]
    workspaces: Mapping[UUID, Workspace]
    address: AddressStatus


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation that the rules allow, not yet written."""

    email: str
    role: Role
    workspaces: Mapping[UUID, Role]
    expires_at: datetime
    replaces: UUID | None
    """A pending invitation past its time, which counts as expired and makes room."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A workspace that an invitation offers, and the role in it, by name."""

    workspace: str
    role: str


@dataclass(frozen=True, slots=True)
class Offered:
    """An invitation with all that decides whether it can be accepted."""

    id: UUID
    org_id: UUID
    organization_name: str
    email: str
    status: str
    expires_at: datetime
    role: RoleRef
    role_permissions: frozenset[str]
    inviter: Inviter
    inviter_permissions: frozenset[str] | None
    """What the inviter could give now; None where they are no active member any more."""
    joined_as: UUID | None
    """The membership that it was accepted with; None where that is over, or it is not accepted."""
    joined_user_id: UUID | None
    message: str = ""

    def target(self) -> Target:
        return Target(Kind.INVITATION, self.id, self.email)

    def becomes(self, status: str) -> Change:
        return Change.updated(Kind.INVITATION, self.id, {"status": self.status}, {"status": status})


@dataclass(frozen=True, slots=True)
class OfferedWorkspace:
    """The role that an invitation gives in one workspace."""

    role: Role
    is_visible: bool
    """Whether the viewer can see the workspace: no one may offer what they cannot see."""
