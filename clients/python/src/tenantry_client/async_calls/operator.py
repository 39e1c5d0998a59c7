"""Calls about operator: written from openapi.json, by `make openapi`."""

from typing import Literal

from tenantry_client.listing import AsyncListing
from tenantry_client.sending import ApiCall, AsyncCalls, changed, given, quoted
from tenantry_client.shapes.operator import (
    OperatedOrganization,
    OperatedUser,
    ProductPermission,
    ProductPermissions,
    UnsentEmail,
)


class Operator(AsyncCalls):
    """Calls about operator."""

    def list_organizations(
        self,
        *,
        limit: int | None = None,
        after: str | None = None,
        before: str | None = None,
        order: Literal["asc", "desc"] | None = None,
        slug: str | None = None,
        status: Literal["live", "deleted", "disabled"] | None = None,
    ) -> AsyncListing[OperatedOrganization]:
        """List all organizations of the service; `slug` and `status` filter them."""
        return self._list(
            ApiCall(
                "GET",
                "/api/v1/operator/organizations",
                query=given(
                    limit=limit, after=after, before=before, order=order, slug=slug, status=status
                ),
                repeatable=True,
            )
        )

    async def get_organization(self, org_id: str) -> OperatedOrganization:
        """Get an organization of the service, whatever its status."""
        return await self._send(
            ApiCall("GET", f"/api/v1/operator/organizations/{quoted(org_id)}", repeatable=True)
        )

    async def disable_organization(self, org_id: str, *, reason: str) -> OperatedOrganization:
        """Disable an organization: for its members it is unknown from their next request on."""
        return await self._send(
            ApiCall(
                "POST",
                f"/api/v1/operator/organizations/{quoted(org_id)}/disable",
                json=given(reason=reason),
            )
        )

    async def enable_organization(self, org_id: str, *, reason: str) -> OperatedOrganization:
        """Enable a disabled organization again, unchanged; an enabled one stays as it is."""
        return await self._send(
            ApiCall(
                "POST",
                f"/api/v1/operator/organizations/{quoted(org_id)}/enable",
                json=given(reason=reason),
            )
        )

    async def delete_organization(self, org_id: str, *, reason: str) -> OperatedOrganization:
        """Delete an organization, as its Admins could; it can be restored for 30 days."""
        return await self._send(
            ApiCall(
                "POST",
                f"/api/v1/operator/organizations/{quoted(org_id)}/delete",
                json=given(reason=reason),
            )
        )

    async def restore_organization(self, org_id: str, *, reason: str) -> OperatedOrganization:
        """Restore a deleted organization, unchanged; any other stays as it is."""
        return await self._send(
            ApiCall(
                "POST",
                f"/api/v1/operator/organizations/{quoted(org_id)}/restore",
                json=given(reason=reason),
            )
        )

    async def name_admin(self, org_id: str, *, email: str, reason: str) -> OperatedOrganization:
        """Appoint an Admin for an organization where no Admin can sign in."""
        return await self._send(
            ApiCall(
                "POST",
                f"/api/v1/operator/organizations/{quoted(org_id)}/admins",
                json=given(email=email, reason=reason),
            )
        )

    def list_users(
        self,
        *,
        limit: int | None = None,
        after: str | None = None,
        before: str | None = None,
        order: Literal["asc", "desc"] | None = None,
        email: str | None = None,
    ) -> AsyncListing[OperatedUser]:
        """List all users of the service; `email` filters by address."""
        return self._list(
            ApiCall(
                "GET",
                "/api/v1/operator/users",
                query=given(limit=limit, after=after, before=before, order=order, email=email),
                repeatable=True,
            )
        )

    async def get_user(self, user_id: str) -> OperatedUser:
        """Get a user of the service."""
        return await self._send(
            ApiCall("GET", f"/api/v1/operator/users/{quoted(user_id)}", repeatable=True)
        )

    async def disable_user(
        self, user_id: str, *, reason: str, orphan_organizations: bool | None = None
    ) -> OperatedUser:
        """Disable a user: every session ends at once, and they cannot sign in."""
        return await self._send(
            ApiCall(
                "POST",
                f"/api/v1/operator/users/{quoted(user_id)}/disable",
                json=given(reason=reason, orphan_organizations=orphan_organizations),
            )
        )

    async def enable_user(self, user_id: str, *, reason: str) -> OperatedUser:
        """Enable a disabled user; their old sessions stay ended."""
        return await self._send(
            ApiCall(
                "POST",
                f"/api/v1/operator/users/{quoted(user_id)}/enable",
                json=given(reason=reason),
            )
        )

    async def end_sessions(self, user_id: str, *, reason: str) -> OperatedUser:
        """End all sessions of a user."""
        return await self._send(
            ApiCall(
                "POST",
                f"/api/v1/operator/users/{quoted(user_id)}/end-sessions",
                json=given(reason=reason),
            )
        )

    async def delete_user(
        self, user_id: str, *, reason: str, orphan_organizations: bool | None = None
    ) -> None:
        """Delete a user's account for good, as if the user had deleted it."""
        await self._send(
            ApiCall(
                "POST",
                f"/api/v1/operator/users/{quoted(user_id)}/delete",
                json=given(reason=reason, orphan_organizations=orphan_organizations),
            )
        )

    def list_emails(
        self,
        *,
        limit: int | None = None,
        after: str | None = None,
        before: str | None = None,
        order: Literal["asc", "desc"] | None = None,
        state: Literal["queued", "failed"] | None = None,
    ) -> AsyncListing[UnsentEmail]:
        """List the unsent emails of the whole service; `state` filters by queued or failed."""
        return self._list(
            ApiCall(
                "GET",
                "/api/v1/operator/emails",
                query=given(limit=limit, after=after, before=before, order=order, state=state),
                repeatable=True,
            )
        )

    async def get_email(self, email_id: str) -> UnsentEmail:
        """Get an unsent email; once sent, it is not found."""
        return await self._send(
            ApiCall("GET", f"/api/v1/operator/emails/{quoted(email_id)}", repeatable=True)
        )

    async def requeue_email(self, email_id: str) -> UnsentEmail:
        """Queue a failed email again, with a new set of attempts."""
        return await self._send(
            ApiCall("POST", f"/api/v1/operator/emails/{quoted(email_id)}/requeue")
        )

    async def list_permissions(self) -> ProductPermissions:
        """List the product's permissions, with the number of roles that have each."""
        return await self._send(ApiCall("GET", "/api/v1/operator/permissions", repeatable=True))

    async def declare_permission(
        self, *, name: str, description: str | None = None, idempotency_key: str | None = None
    ) -> ProductPermission:
        """Declare a permission of the product: roles can have it, and Admins have it at once."""
        return await self._send(
            ApiCall(
                "POST",
                "/api/v1/operator/permissions",
                json=given(name=name, description=description),
                keyed=True,
                key=idempotency_key,
            )
        )

    async def get_permission(self, permission: str) -> ProductPermission:
        """Get one of the product's permissions."""
        return await self._send(
            ApiCall("GET", f"/api/v1/operator/permissions/{quoted(permission)}", repeatable=True)
        )

    async def update_permission(
        self, permission: str, *, description: str, if_match: str | None = None
    ) -> ProductPermission:
        """Change the description of a permission."""
        return await self._send(
            ApiCall(
                "PATCH",
                f"/api/v1/operator/permissions/{quoted(permission)}",
                json=changed(description=description),
                if_match=if_match,
            )
        )

    async def withdraw_permission(self, permission: str) -> None:
        """Withdraw a permission; while a role has it, this is `409 permission_in_use`."""
        await self._send(
            ApiCall("DELETE", f"/api/v1/operator/permissions/{quoted(permission)}", repeatable=True)
        )
