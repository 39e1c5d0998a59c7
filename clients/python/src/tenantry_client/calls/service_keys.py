"""Calls about service keys: written from openapi.json, by `make openapi`."""

from typing import Literal

from tenantry_client.listing import Listing
from tenantry_client.sending import ApiCall, Calls, given, quoted
from tenantry_client.shapes.service_keys import IssuedServiceKey, ServiceKey


class ServiceKeys(Calls):
    """Calls about service keys."""

    def create(
        self, *, name: str, expires_at: str | None = None, idempotency_key: str | None = None
    ) -> IssuedServiceKey:
        """Create a service key for the product; its secret is returned only in this response."""
        return self._send(
            ApiCall(
                "POST",
                "/api/v1/operator/service-keys",
                json=given(name=name, expires_at=expires_at),
                keyed=True,
                key=idempotency_key,
            )
        )

    def list(
        self,
        *,
        limit: int | None = None,
        after: str | None = None,
        before: str | None = None,
        order: Literal["asc", "desc"] | None = None,
    ) -> Listing[ServiceKey]:
        """List the product's service keys."""
        return self._list(
            ApiCall(
                "GET",
                "/api/v1/operator/service-keys",
                query=given(limit=limit, after=after, before=before, order=order),
                repeatable=True,
            )
        )

    def get(self, service_key_id: str) -> ServiceKey:
        """Get a service key; `last_used_at` is accurate to about a minute."""
        return self._send(
            ApiCall(
                "GET", f"/api/v1/operator/service-keys/{quoted(service_key_id)}", repeatable=True
            )
        )

    def revoke(self, service_key_id: str) -> None:
        """Revoke a service key; it is refused from the next request on."""
        self._send(
            ApiCall(
                "DELETE", f"/api/v1/operator/service-keys/{quoted(service_key_id)}", repeatable=True
            )
        )

    def rotate(
        self,
        service_key_id: str,
        *,
        overlap_seconds: int | None = None,
        idempotency_key: str | None = None,
    ) -> IssuedServiceKey:
        """Give a service key a new secret, returned only in this response; the previous one
        keeps working for a while.
        """
        return self._send(
            ApiCall(
                "POST",
                f"/api/v1/operator/service-keys/{quoted(service_key_id)}/rotate",
                json=given(overlap_seconds=overlap_seconds),
                keyed=True,
                key=idempotency_key,
            )
        )
