"""Calls about permissions: written from openapi.json, by `make openapi`."""

from tenantry_client.sending import ApiCall, Calls
from tenantry_client.shapes.permissions import PermissionCatalog


class Permissions(Calls):
    """Calls about permissions."""

    def list(self) -> PermissionCatalog:
        """List every permission that a role can have."""
        return self._send(ApiCall("GET", "/api/v1/permissions", repeatable=True))
