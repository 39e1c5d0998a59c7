"""Calls about members: written from openapi.json, by `make openapi`."""

from typing import Literal

from tenantry_client.listing import Listing
from tenantry_client.sending import ABSENT, Absent, ApiCall, Calls, changed, given, quoted
from tenantry_client.shapes.shared import EffectivePermissions, Member, WorkspaceGrant


class Members(Calls):
    """Calls about members."""

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        after: str | None = None,
        before: str | None = None,
        order: Literal["asc", "desc"] | None = None,
        email: str | None = None,
        role: str | None = None,
    ) -> Listing[Member]:
        """List the members of an organization; `email` and `role` filter them."""
        return self._list(
            ApiCall(
                "GET",
                f"/api/v1/organizations/{quoted(org_id)}/members",
                query=given(
                    limit=limit, after=after, before=before, order=order, email=email, role=role
                ),
                repeatable=True,
            )
        )

    def get(self, org_id: str, member_id: str) -> Member:
        """Get a member of an organization."""
        return self._send(
            ApiCall(
                "GET",
                f"/api/v1/organizations/{quoted(org_id)}/members/{quoted(member_id)}",
                repeatable=True,
            )
        )

    def update(
        self,
        org_id: str,
        member_id: str,
        *,
        role: str | Absent = ABSENT,
        status: Literal["active", "suspended"] | Absent = ABSENT,
        expires_at: str | Absent | None = ABSENT,
        if_match: str | None = None,
    ) -> Member:
        """Change a member's role, status or end date."""
        return self._send(
            ApiCall(
                "PATCH",
                f"/api/v1/organizations/{quoted(org_id)}/members/{quoted(member_id)}",
                json=changed(role=role, status=status, expires_at=expires_at),
                if_match=if_match,
            )
        )

    def remove(self, org_id: str, member_id: str) -> None:
        """Remove a member; they lose access to the organization from their next request on."""
        self._send(
            ApiCall(
                "DELETE",
                f"/api/v1/organizations/{quoted(org_id)}/members/{quoted(member_id)}",
                repeatable=True,
            )
        )

    def list_workspaces(
        self,
        org_id: str,
        member_id: str,
        *,
        limit: int | None = None,
        after: str | None = None,
        before: str | None = None,
        order: Literal["asc", "desc"] | None = None,
    ) -> Listing[WorkspaceGrant]:
        """List a member's roles in workspaces that you can see, ordered by workspace id."""
        return self._list(
            ApiCall(
                "GET",
                f"/api/v1/organizations/{quoted(org_id)}/members/{quoted(member_id)}/workspaces",
                query=given(limit=limit, after=after, before=before, order=order),
                repeatable=True,
            )
        )

    def leave(self, org_id: str) -> None:
        """Leave an organization; the last Admin and the owner of a personal organization
        cannot.
        """
        self._send(
            ApiCall("DELETE", f"/api/v1/organizations/{quoted(org_id)}/members/me", repeatable=True)
        )

    def permissions(
        self, org_id: str, member_id: str, *, after: str | None = None
    ) -> EffectivePermissions:
        """Get a member's permissions in the organization and in each workspace that both of you
        can see.
        """
        return self._send(
            ApiCall(
                "GET",
                f"/api/v1/organizations/{quoted(org_id)}/members/{quoted(member_id)}/permissions",
                query=given(after=after),
                repeatable=True,
            )
        )
