"""Shapes of calls about me: written from openapi.json, by `make openapi`."""

from typing import Literal, TypedDict

from tenantry_client.shapes.shared import Inviter, Named, RoleRef, WorkspaceGrant


class MyInvitation(TypedDict):
    """An invitation, with the name of the organization."""

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
    organization: Named


class Session(TypedDict):
    """A session; `is_current` marks the one of this request."""

    id: str
    user_agent: str
    network: str
    is_current: bool
    created_at: str
    refreshed_at: str
    expires_at: str
