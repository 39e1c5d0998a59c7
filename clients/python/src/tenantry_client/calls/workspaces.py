"""Calls about workspaces: written from openapi.json, by `make openapi`."""

from typing import Literal

from tenantry_client.listing import Listing
from tenantry_client.sending import ABSENT, Absent, ApiCall, Calls, changed, given, quoted
from tenantry_client.shapes.shared import Workspace


class Workspaces(Calls):
    """Calls about workspaces."""

    def create(
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
        return self._send(
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
    ) -> Listing[Workspace]:
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

    def get(self, org_id: str, workspace_id: str) -> Workspace:
        """Get a workspace that you can see."""
        return self._send(
            ApiCall(
                "GET",
                f"/api/v1/organizations/{quoted(org_id)}/workspaces/{quoted(workspace_id)}",
                repeatable=True,
            )
        )

    def update(
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
        return self._send(
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

    def delete(self, org_id: str, workspace_id: str) -> None:
        """Delete a workspace for good; open invitations no longer offer it."""
        self._send(
            ApiCall(
                "DELETE",
                f"/api/v1/organizations/{quoted(org_id)}/workspaces/{quoted(workspace_id)}",
                repeatable=True,
            )
        )

    def archive(self, org_id: str, workspace_id: str) -> Workspace:
        """Archive a workspace: it becomes read-only, and lists leave it out."""
        return self._send(
            ApiCall(
                "POST",
                f"/api/v1/organizations/{quoted(org_id)}/workspaces/{quoted(workspace_id)}/archive",
            )
        )

    def unarchive(self, org_id: str, workspace_id: str) -> Workspace:
        """Unarchive a workspace."""
        return self._send(
            ApiCall(
                "POST",
                f"/api/v1/organizations/{quoted(org_id)}/workspaces/{quoted(workspace_id)}/unarchive",
            )
        )
