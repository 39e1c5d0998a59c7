"""Calls about invitations: written from openapi.json, by `make openapi`."""

from collections.abc import Sequence
from typing import Literal

from tenantry_client.listing import AsyncListing
from tenantry_client.sending import ApiCall, AsyncCalls, given, quoted
from tenantry_client.shapes.invitations import (
    Invitation,
    InvitationCreate,
    InvitationOutcomes,
    InvitationPreview,
    InvitationWorkspace,
)
from tenantry_client.shapes.shared import Member


class Invitations(AsyncCalls):
    """Calls about invitations."""

    async def create(
        self,
        org_id: str,
        *,
        email: str,
        role: str | None = None,
        workspaces: Sequence[InvitationWorkspace] | None = None,
        expires_in_days: int | None = None,
        message: str | None = None,
        idempotency_key: str | None = None,
    ) -> Invitation:
        """Invite a person by email; the email is sent as soon as the invitation is created."""
        return await self._send(
            ApiCall(
                "POST",
                f"/api/v1/organizations/{quoted(org_id)}/members/invite",
                json=given(
                    email=email,
                    role=role,
                    workspaces=workspaces,
                    expires_in_days=expires_in_days,
                    message=message,
                ),
                keyed=True,
                key=idempotency_key,
            )
        )

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        after: str | None = None,
        before: str | None = None,
        order: Literal["asc", "desc"] | None = None,
        status: Literal["pending", "accepted", "declined", "revoked", "expired"] | None = None,
    ) -> AsyncListing[Invitation]:
        """List the invitations of an organization; `status` filters them."""
        return self._list(
            ApiCall(
                "GET",
                f"/api/v1/organizations/{quoted(org_id)}/invitations",
                query=given(limit=limit, after=after, before=before, order=order, status=status),
                repeatable=True,
            )
        )

    async def get(self, org_id: str, invitation_id: str) -> Invitation:
        """Get an invitation of an organization."""
        return await self._send(
            ApiCall(
                "GET",
                f"/api/v1/organizations/{quoted(org_id)}/invitations/{quoted(invitation_id)}",
                repeatable=True,
            )
        )

    async def revoke(self, org_id: str, invitation_id: str) -> None:
        """Revoke an open invitation: the link in its email stops working at once."""
        await self._send(
            ApiCall(
                "DELETE",
                f"/api/v1/organizations/{quoted(org_id)}/invitations/{quoted(invitation_id)}",
                repeatable=True,
            )
        )

    async def resend(self, org_id: str, invitation_id: str) -> Invitation:
        """Send a pending or expired invitation again, with a new link and seven more days."""
        return await self._send(
            ApiCall(
                "POST",
                f"/api/v1/organizations/{quoted(org_id)}/invitations/{quoted(invitation_id)}/resend",
            )
        )

    async def preview(self, *, token: str) -> InvitationPreview:
        """Show what an invitation offers, without accepting it."""
        return await self._send(
            ApiCall("POST", "/api/v1/invitations/preview", json=given(token=token))
        )

    async def accept(self, *, token: str) -> Member:
        """Accept an invitation to your address; accepting again returns the same member."""
        return await self._send(
            ApiCall("POST", "/api/v1/invitations/accept", json=given(token=token))
        )

    async def decline(self, *, token: str) -> None:
        """Decline an invitation with its token; the inviter can see that it was declined."""
        await self._send(ApiCall("POST", "/api/v1/invitations/decline", json=given(token=token)))

    async def create_batch(
        self,
        org_id: str,
        *,
        invitations: Sequence[InvitationCreate],
        idempotency_key: str | None = None,
    ) -> InvitationOutcomes:
        """Invite up to 100 people at once; each is invited or refused independently."""
        return await self._send(
            ApiCall(
                "POST",
                f"/api/v1/organizations/{quoted(org_id)}/invitations/batch",
                json=given(invitations=invitations),
                keyed=True,
                key=idempotency_key,
            )
        )
