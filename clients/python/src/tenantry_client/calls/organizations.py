"""Calls about organizations: written from openapi.json, by `make openapi`."""

from typing import Literal

from tenantry_client.listing import Listing
from tenantry_client.sending import ABSENT, Absent, ApiCall, Calls, changed, given, quoted
from tenantry_client.shapes.organizations import OwnerDraft
from tenantry_client.shapes.shared import Organization


class Organizations(Calls):
    """Calls about organizations."""

    def create(
        self,
        *,
        name: str,
        slug: str | None = None,
        metadata: dict[str, str] | None = None,
        owner: OwnerDraft | None = None,
        idempotency_key: str | None = None,
    ) -> Organization:
        """Create an organization with its default workspace and roles; you become its Admin."""
        return self._send(
            ApiCall(
                "POST",
                "/api/v1/organizations",
                json=given(name=name, slug=slug, metadata=metadata, owner=owner),
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
        slug: str | None = None,
        status: Literal["active", "deleted"] | None = None,
    ) -> Listing[Organization]:
        """List the organizations that you belong to; `slug` finds one, and `status=deleted`
        lists those that you may restore.
        """
        return self._list(
            ApiCall(
                "GET",
                "/api/v1/organizations",
                query=given(
                    limit=limit, after=after, before=before, order=order, slug=slug, status=status
                ),
                repeatable=True,
            )
        )

    def get(self, org_id: str) -> Organization:
        """Get an organization that you belong to."""
        return self._send(
            ApiCall("GET", f"/api/v1/organizations/{quoted(org_id)}", repeatable=True)
        )

    def update(
        self,
        org_id: str,
        *,
        name: str | Absent = ABSENT,
        slug: str | Absent = ABSENT,
        locale: str | Absent = ABSENT,
        metadata: dict[str, str | None] | Absent | None = ABSENT,
        if_match: str | None = None,
    ) -> Organization:
        """Change an organization's name, slug, locale or metadata."""
        return self._send(
            ApiCall(
                "PATCH",
                f"/api/v1/organizations/{quoted(org_id)}",
                json=changed(name=name, slug=slug, locale=locale, metadata=metadata),
                if_match=if_match,
            )
        )

    def delete(self, org_id: str) -> None:
        """Delete an organization; for 30 days its Admins can restore it, and its slug stays
        taken.
        """
        self._send(ApiCall("DELETE", f"/api/v1/organizations/{quoted(org_id)}", repeatable=True))

    def restore(self, org_id: str) -> Organization:
        """Restore an organization that was deleted less than 30 days ago."""
        return self._send(ApiCall("POST", f"/api/v1/organizations/{quoted(org_id)}/restore"))
