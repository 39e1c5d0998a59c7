"""Calls about me: written from openapi.json, by `make openapi`."""

from typing import Literal

from tenantry_client.listing import AsyncListing
from tenantry_client.sending import ABSENT, Absent, ApiCall, AsyncCalls, changed, given, quoted
from tenantry_client.shapes.me import MyInvitation, Session
from tenantry_client.shapes.shared import EffectivePermissions, Member, User


class Me(AsyncCalls):
    """Calls about me."""

    def list_invitations(
        self,
        *,
        limit: int | None = None,
        after: str | None = None,
        before: str | None = None,
        order: Literal["asc", "desc"] | None = None,
    ) -> AsyncListing[MyInvitation]:
        """List the open invitations to your address, from all organizations."""
        return self._list(
            ApiCall(
                "GET",
                "/api/v1/me/invitations",
                query=given(limit=limit, after=after, before=before, order=order),
                repeatable=True,
            )
        )

    async def accept_invitation(self, invitation_id: str) -> Member:
        """Accept an invitation to your verified address; accepting again returns the same
        member.
        """
        return await self._send(
            ApiCall("POST", f"/api/v1/me/invitations/{quoted(invitation_id)}/accept")
        )

    async def decline_invitation(self, invitation_id: str) -> None:
        """Decline an invitation to your verified address."""
        await self._send(ApiCall("POST", f"/api/v1/me/invitations/{quoted(invitation_id)}/decline"))

    async def get(self) -> User:
        """Get your account."""
        return await self._send(ApiCall("GET", "/api/v1/me", repeatable=True))

    async def update(self, *, name: str | Absent = ABSENT, if_match: str | None = None) -> User:
        """Change your account: your name."""
        return await self._send(
            ApiCall("PATCH", "/api/v1/me", json=changed(name=name), if_match=if_match)
        )

    async def delete(self) -> None:
        """Delete your account, with your personal organization and everything in it."""
        await self._send(ApiCall("DELETE", "/api/v1/me", repeatable=True))

    def list_sessions(
        self,
        *,
        limit: int | None = None,
        after: str | None = None,
        before: str | None = None,
        order: Literal["asc", "desc"] | None = None,
    ) -> AsyncListing[Session]:
        """List your sessions."""
        return self._list(
            ApiCall(
                "GET",
                "/api/v1/me/sessions",
                query=given(limit=limit, after=after, before=before, order=order),
                repeatable=True,
            )
        )

    async def end_session(self, session_id: str) -> None:
        """End one of your sessions; its tokens are refused from the next request on."""
        await self._send(
            ApiCall("DELETE", f"/api/v1/me/sessions/{quoted(session_id)}", repeatable=True)
        )

    async def permissions(
        self, *, after: str | None = None, organization_id: str | None = None
    ) -> EffectivePermissions:
        """Get your permissions in an organization and in each workspace that you can see."""
        return await self._send(
            ApiCall(
                "GET",
                "/api/v1/me/permissions",
                query=given(after=after, organization_id=organization_id),
                repeatable=True,
            )
        )
