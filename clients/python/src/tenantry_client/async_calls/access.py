"""Calls about access: written from openapi.json, by `make openapi`."""

from collections.abc import Sequence
from typing import Literal

from tenantry_client.listing import AsyncListing
from tenantry_client.sending import ApiCall, AsyncCalls, given, quoted
from tenantry_client.shapes.access import Check, Decision, Decisions, MemberWithPermission


class Access(AsyncCalls):
    """Calls about access."""

    async def check(
        self,
        *,
        organization_id: str,
        permission: str,
        workspace_id: str | None = None,
        user_id: str | None = None,
        at_least_as_fresh: int | None = None,
    ) -> Decision:
        """Check whether a user may do something, and explain the answer."""
        return await self._send(
            ApiCall(
                "POST",
                "/api/v1/check",
                json=given(
                    organization_id=organization_id,
                    workspace_id=workspace_id,
                    user_id=user_id,
                    permission=permission,
                    at_least_as_fresh=at_least_as_fresh,
                ),
            )
        )

    async def check_batch(self, *, checks: Sequence[Check]) -> Decisions:
        """Check up to a thousand permissions at once; if the caller may not ask one of them,
        the whole call is refused.
        """
        return await self._send(ApiCall("POST", "/api/v1/check/batch", json=given(checks=checks)))

    def members_who_can(
        self,
        org_id: str,
        permission: str,
        *,
        limit: int | None = None,
        after: str | None = None,
        before: str | None = None,
        order: Literal["asc", "desc"] | None = None,
        workspace_id: str | None = None,
    ) -> AsyncListing[MemberWithPermission]:
        """List the members who have a permission in the organization, or in one workspace."""
        return self._list(
            ApiCall(
                "GET",
                f"/api/v1/organizations/{quoted(org_id)}/permissions/{quoted(permission)}/members",
                query=given(
                    limit=limit, after=after, before=before, order=order, workspace_id=workspace_id
                ),
                repeatable=True,
            )
        )
