"""Calls about roles: written from openapi.json, by `make openapi`."""

from collections.abc import Sequence
from typing import Literal

from tenantry_client.listing import AsyncListing
from tenantry_client.sending import ABSENT, Absent, ApiCall, AsyncCalls, changed, given, quoted
from tenantry_client.shapes.roles import Role


class Roles(AsyncCalls):
    """Calls about roles."""

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        after: str | None = None,
        before: str | None = None,
        order: Literal["asc", "desc"] | None = None,
    ) -> AsyncListing[Role]:
        """List the roles of an organization, with their permissions."""
        return self._list(
            ApiCall(
                "GET",
                f"/api/v1/organizations/{quoted(org_id)}/roles",
                query=given(limit=limit, after=after, before=before, order=order),
                repeatable=True,
            )
        )

    async def create(
        self,
        org_id: str,
        *,
        name: str,
        permissions: Sequence[str],
        key: str | None = None,
        description: str | None = None,
        idempotency_key: str | None = None,
    ) -> Role:
        """Create a role; it cannot have permissions that your own role lacks."""
        return await self._send(
            ApiCall(
                "POST",
                f"/api/v1/organizations/{quoted(org_id)}/roles",
                json=given(name=name, key=key, description=description, permissions=permissions),
                keyed=True,
                key=idempotency_key,
            )
        )

    async def get(self, org_id: str, role_id: str) -> Role:
        """Get a role of an organization."""
        return await self._send(
            ApiCall(
                "GET",
                f"/api/v1/organizations/{quoted(org_id)}/roles/{quoted(role_id)}",
                repeatable=True,
            )
        )

    async def update(
        self,
        org_id: str,
        role_id: str,
        *,
        name: str | Absent = ABSENT,
        description: str | Absent = ABSENT,
        permissions: Sequence[str] | Absent = ABSENT,
        if_match: str | None = None,
    ) -> Role:
        """Change a role; everyone who has it is affected from their next request on, and `If-
        Match` is required.
        """
        return await self._send(
            ApiCall(
                "PATCH",
                f"/api/v1/organizations/{quoted(org_id)}/roles/{quoted(role_id)}",
                json=changed(name=name, description=description, permissions=permissions),
                if_match=if_match,
            )
        )

    async def delete(self, org_id: str, role_id: str, *, replace_with: str | None = None) -> None:
        """Delete a role; if it is in use, `replace_with` names the role that replaces it."""
        await self._send(
            ApiCall(
                "DELETE",
                f"/api/v1/organizations/{quoted(org_id)}/roles/{quoted(role_id)}",
                query=given(replace_with=replace_with),
                repeatable=True,
            )
        )
