"""Calls about events: written from openapi.json, by `make openapi`."""

from typing import Literal

from tenantry_client.listing import AsyncListing
from tenantry_client.sending import ApiCall, AsyncCalls, given, quoted
from tenantry_client.shapes.events import Event


class Events(AsyncCalls):
    """Calls about events."""

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        after: str | None = None,
        before: str | None = None,
        order: Literal["asc", "desc"] | None = None,
        action: str | None = None,
    ) -> AsyncListing[Event]:
        """List the events of an organization, oldest first; `order=desc` reverses the order."""
        return self._list(
            ApiCall(
                "GET",
                f"/api/v1/organizations/{quoted(org_id)}/events",
                query=given(limit=limit, after=after, before=before, order=order, action=action),
                repeatable=True,
            )
        )
