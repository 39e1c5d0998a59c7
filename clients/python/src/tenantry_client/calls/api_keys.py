"""Calls about api keys: written from openapi.json, by `make openapi`."""

from typing import Literal

from tenantry_client.listing import Listing
from tenantry_client.sending import ABSENT, Absent, ApiCall, Calls, changed, given, quoted
from tenantry_client.shapes.api_keys import ApiKey, IssuedApiKey


class ApiKeys(Calls):
    """Calls about api keys."""

    def create(
        self,
        org_id: str,
        *,
        name: str,
        role: str | None = None,
        workspace_id: str | None = None,
        service_account_id: str | None = None,
        expires_at: str | None = None,
        idempotency_key: str | None = None,
    ) -> IssuedApiKey:
        """Create an API key; its secret is returned only in this response."""
        return self._send(
            ApiCall(
                "POST",
                f"/api/v1/organizations/{quoted(org_id)}/api-keys",
                json=given(
                    name=name,
                    role=role,
                    workspace_id=workspace_id,
                    service_account_id=service_account_id,
                    expires_at=expires_at,
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
        service_account_id: str | None = None,
    ) -> Listing[ApiKey]:
        """List the API keys of an organization; `service_account_id` filters by service
        account.
        """
        return self._list(
            ApiCall(
                "GET",
                f"/api/v1/organizations/{quoted(org_id)}/api-keys",
                query=given(
                    limit=limit,
                    after=after,
                    before=before,
                    order=order,
                    service_account_id=service_account_id,
                ),
                repeatable=True,
            )
        )

    def get(self, org_id: str, key_id: str) -> ApiKey:
        """Get an API key; `last_used_at` is accurate to about a minute."""
        return self._send(
            ApiCall(
                "GET",
                f"/api/v1/organizations/{quoted(org_id)}/api-keys/{quoted(key_id)}",
                repeatable=True,
            )
        )

    def update(
        self, org_id: str, key_id: str, *, name: str | Absent = ABSENT, if_match: str | None = None
    ) -> ApiKey:
        """Rename an API key."""
        return self._send(
            ApiCall(
                "PATCH",
                f"/api/v1/organizations/{quoted(org_id)}/api-keys/{quoted(key_id)}",
                json=changed(name=name),
                if_match=if_match,
            )
        )

    def revoke(self, org_id: str, key_id: str) -> None:
        """Revoke an API key; it is refused from the next request on."""
        self._send(
            ApiCall(
                "DELETE",
                f"/api/v1/organizations/{quoted(org_id)}/api-keys/{quoted(key_id)}",
                repeatable=True,
            )
        )

    def rotate(
        self,
        org_id: str,
        key_id: str,
        *,
        overlap_seconds: int | None = None,
        idempotency_key: str | None = None,
    ) -> IssuedApiKey:
        """Give an API key a new secret, returned only in this response; the previous one keeps
        working for a while.
        """
        return self._send(
            ApiCall(
                "POST",
                f"/api/v1/organizations/{quoted(org_id)}/api-keys/{quoted(key_id)}/rotate",
                json=given(overlap_seconds=overlap_seconds),
                keyed=True,
                key=idempotency_key,
            )
        )
