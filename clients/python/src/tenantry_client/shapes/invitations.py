"""Shapes of calls about invitations: written from openapi.json, by `make openapi`."""

from typing import Literal, NotRequired, TypedDict

from tenantry_client.shapes.shared import Inviter, Named, RoleRef, WorkspaceGrant


class FieldProblem(TypedDict):
    """One invalid value."""

    pointer: str
    detail: str


class InvitationWorkspace(TypedDict):
    """A role in one workspace."""

    workspace_id: str
    role: str


class InvitationCreate(TypedDict):
    """A new invitation."""

    email: str
    role: NotRequired[str]
    workspaces: NotRequired[list[InvitationWorkspace]]
    expires_in_days: NotRequired[int]
    message: NotRequired[str]


class Invitation(TypedDict):
    """An invitation to join an organization with a role."""

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
    """The result of one item; `email` is null if it had no readable address."""

    email: str | None
    status: Literal["created", "refused"]
    invitation: Invitation | None
    problem: Problem | None


class InvitationOutcomes(TypedDict):
    """The result of each item, in the order of the request."""

    results: list[InvitationOutcome]


class InvitationPreview(TypedDict):
    """What the holder of a token may see before they sign in."""

    organization: Named
    email: str
    role: Named
    invited_by: Named
    expires_at: str
