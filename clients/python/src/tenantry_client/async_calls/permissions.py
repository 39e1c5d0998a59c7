"""Calls about permissions: written from openapi.json, by `make openapi`."""

from tenantry_client.sending import ApiCall, AsyncCalls
from tenantry_client.shapes.permissions import PermissionCatalog


class Permissions(AsyncCalls):
    """Calls about permissions."""

    async def list(self) -> PermissionCatalog:
        """List every permission that a role can have."""
        return await self._send(ApiCall("GET", "/api/v1/permissions", repeatable=True))
