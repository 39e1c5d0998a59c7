"""Calls about service accounts: written from openapi.json, by `make openapi`."""

from typing import Literal

from tenantry_client.listing import AsyncListing
from tenantry_client.sending import ABSENT, Absent, ApiCall, AsyncCalls, changed, given, quoted
from tenantry_client.shapes.service_accounts import ServiceAccount


class ServiceAccounts(AsyncCalls):
    """Calls about service accounts."""

    async def create(
        self,
        org_id: str,
        *,
        name: str,
        role: str,
        workspace_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> ServiceAccount:
        """Create a service account; its role cannot have permissions that your own role lacks."""
        return await self._send(
            ApiCall(
                "POST",
                f"/api/v1/organizations/{quoted(org_id)}/service-accounts",
                json=given(name=name, role=role, workspace_id=workspace_id),
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
    ) -> AsyncListing[ServiceAccount]:
        """List the service accounts of an organization."""
        return self._list(
            ApiCall(
                "GET",
                f"/api/v1/organizations/{quoted(org_id)}/service-accounts",
                query=given(limit=limit, after=after, before=before, order=order),
                repeatable=True,
            )
        )

    async def get(self, org_id: str, service_account_id: str) -> ServiceAccount:
        """Get a service account of an organization."""
        return await self._send(
            ApiCall(
                "GET",
                f"/api/v1/organizations/{quoted(org_id)}/service-accounts/{quoted(service_account_id)}",
                repeatable=True,
            )
        )

    async def update(
        self,
        org_id: str,
        service_account_id: str,
        *,
        name: str | Absent = ABSENT,
        role: str | Absent = ABSENT,
        if_match: str | None = None,
    ) -> ServiceAccount:
        """Change a service account's name or role."""
        return await self._send(
            ApiCall(
                "PATCH",
                f"/api/v1/organizations/{quoted(org_id)}/service-accounts/{quoted(service_account_id)}",
                json=changed(name=name, role=role),
                if_match=if_match,
            )
        )

    async def delete(self, org_id: str, service_account_id: str) -> None:
        """Delete a service account and its keys, which are refused from the next request on."""
        await self._send(
            ApiCall(
                "DELETE",
                f"/api/v1/organizations/{quoted(org_id)}/service-accounts/{quoted(service_account_id)}",
                repeatable=True,
            )
        )
