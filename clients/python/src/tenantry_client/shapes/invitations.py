"""Shapes of calls about invitations: written from openapi.json, by `make openapi`."""

from typing import Literal, NotRequired, TypedDict

from tenantry_client.shapes.shared import Inviter, Named, RoleRef, WorkspaceGrant


class FieldProblem(TypedDict):
    """One value that is not acceptable."""

    pointer: str
    detail: str


class InvitationWorkspace(TypedDict):
    """A role that the invited person gets in one workspace."""

    workspace_id: str
    role: str


class InvitationCreate(TypedDict):
    """An invitation."""

    email: str
    role: NotRequired[str]
    workspaces: NotRequired[list[InvitationWorkspace]]
    expires_in_days: NotRequired[int]
    message: NotRequired[str]


class Invitation(TypedDict):
    """A seat with a role, offered to an address."""

    id: str
    organization_id: str
    email: str
    role: RoleRef
    workspaces: list[WorkspaceGrant]
    status: Literal["pending", "accepted", "declined", "revoked", "expired"]
    invited_by: Inviter
    expires_at: str
    delivery: Literal["queued", "sent", "failed"]
    blocked_by: Literal["inviter_cannot_grant"] | None
    created_at: str
    updated_at: str


class Problem(TypedDict):
    """What went wrong (RFC 9457). `code` is stable: programs look at it."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: NotRequired[list[FieldProblem]]
    required_permission: NotRequired[str | None]


class InvitationOutcome(TypedDict):
    """What became of one item; `email` is null where it had none that could be read."""

    email: str | None
    status: Literal["created", "refused"]
    invitation: Invitation | None
    problem: Problem | None


class InvitationOutcomes(TypedDict):
    """What became of each item, in the order in which they were sent."""

    results: list[InvitationOutcome]


class InvitationPreview(TypedDict):
    """What the holder of a token may know before they sign in."""

    organization: Named
    email: str
    role: Named
    invited_by: Named
    expires_at: str
