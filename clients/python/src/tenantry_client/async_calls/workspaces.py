"""Calls about workspaces: written from openapi.json, by `make openapi`."""

from typing import Literal

from tenantry_client.listing import AsyncListing
from tenantry_client.sending import ABSENT, Absent, ApiCall, AsyncCalls, changed, given, quoted
from tenantry_client.shapes.shared import Workspace


class Workspaces(AsyncCalls):
    """Calls about workspaces."""

    async def create(
        self,
        org_id: str,
        *,
        name: str,
        slug: str | None = None,
        description: str | None = None,
        visibility: Literal["organization", "private"] | None = None,
        metadata: dict[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Workspace:
        """Create a workspace; you join it with the Admin role."""
        return await self._send(
            ApiCall(
                "POST",
                f"/api/v1/organizations/{quoted(org_id)}/workspaces",
                json=given(
                    name=name,
                    slug=slug,
                    description=description,
                    visibility=visibility,
                    metadata=metadata,
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
        archived: Literal["true", "false"] | None = None,
    ) -> AsyncListing[Workspace]:
        """List the workspaces that you can see; `archived=true` includes archived ones."""
        return self._list(
            ApiCall(
                "GET",
                f"/api/v1/organizations/{quoted(org_id)}/workspaces",
                query=given(
                    limit=limit, after=after, before=before, order=order, archived=archived
                ),
                repeatable=True,
            )
        )

    async def get(self, org_id: str, workspace_id: str) -> Workspace:
        """Get a workspace that you can see."""
        return await self._send(
            ApiCall(
                "GET",
                f"/api/v1/organizations/{quoted(org_id)}/workspaces/{quoted(workspace_id)}",
                repeatable=True,
            )
        )

    async def update(
        self,
        org_id: str,
        workspace_id: str,
        *,
        name: str | Absent = ABSENT,
        slug: str | Absent = ABSENT,
        description: str | Absent = ABSENT,
        visibility: Literal["organization", "private"] | Absent = ABSENT,
        metadata: dict[str, str | None] | Absent | None = ABSENT,
        if_match: str | None = None,
    ) -> Workspace:
        """Change a workspace's name, slug, description, visibility or metadata."""
        return await self._send(
            ApiCall(
                "PATCH",
                f"/api/v1/organizations/{quoted(org_id)}/workspaces/{quoted(workspace_id)}",
                json=changed(
                    name=name,
                    slug=slug,
                    description=description,
                    visibility=visibility,
                    metadata=metadata,
                ),
                if_match=if_match,
            )
        )

    async def delete(self, org_id: str, workspace_id: str) -> None:
        """Delete a workspace for good; open invitations no longer offer it."""
        await self._send(
            ApiCall(
                "DELETE",
                f"/api/v1/organizations/{quoted(org_id)}/workspaces/{quoted(workspace_id)}",
                repeatable=True,
            )
        )

    async def archive(self, org_id: str, workspace_id: str) -> Workspace:
        """Archive a workspace: it becomes read-only, and lists leave it out."""
        return await self._send(
            ApiCall(
                "POST",
                f"/api/v1/organizations/{quoted(org_id)}/workspaces/{quoted(workspace_id)}/archive",
            )
        )

    async def unarchive(self, org_id: str, workspace_id: str) -> Workspace:
        """Unarchive a workspace."""
        return await self._send(
            ApiCall(
                "POST",
                f"/api/v1/organizations/{quoted(org_id)}/workspaces/{quoted(workspace_id)}/unarchive",
            )
        )
