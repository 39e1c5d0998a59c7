"""Calls about workspace members: written from openapi.json, by `make openapi`."""

from typing import Literal

from tenantry_client.listing import AsyncListing
from tenantry_client.sending import ApiCall, AsyncCalls, given, quoted
from tenantry_client.shapes.workspace_members import WorkspaceMember


class WorkspaceMembers(AsyncCalls):
    """Calls about workspace members."""

    def list(
        self,
        org_id: str,
        workspace_id: str,
        *,
        limit: int | None = None,
        after: str | None = None,
        before: str | None = None,
        order: Literal["asc", "desc"] | None = None,
    ) -> AsyncListing[WorkspaceMember]:
        """List the members who have a role in a workspace, in the order in which they joined."""
        return self._list(
            ApiCall(
                "GET",
                f"/api/v1/organizations/{quoted(org_id)}/workspaces/{quoted(workspace_id)}/members",
                query=given(limit=limit, after=after, before=before, order=order),
                repeatable=True,
            )
        )

    async def put(
        self, org_id: str, workspace_id: str, member_id: str, *, role: str
    ) -> WorkspaceMember:
        """Give a member a role in a workspace; the response is 201 if they had none there."""
        return await self._send(
            ApiCall(
                "PUT",
                f"/api/v1/organizations/{quoted(org_id)}/workspaces/{quoted(workspace_id)}/members/{quoted(member_id)}",
                json=given(role=role),
                repeatable=True,
            )
        )

    async def remove(self, org_id: str, workspace_id: str, member_id: str) -> None:
        """Remove a member's role in a workspace; their role in the organization is unchanged."""
        await self._send(
            ApiCall(
                "DELETE",
                f"/api/v1/organizations/{quoted(org_id)}/workspaces/{quoted(workspace_id)}/members/{quoted(member_id)}",
                repeatable=True,
            )
        )
