"""What operators see of organizations and do with them, never their content."""

from datetime import datetime
from typing import Any, Literal

from typing_extensions import TypedDict

from tenantry.api.context import ReadContext, WriteContext
from tenantry.api.routing.declarations import Routes
from tenantry.api.schemas.fields import Body, Email, OrganizationId, Reason, Text
from tenantry.api.schemas.paging import ListOf, ListQuery, listed
from tenantry.api.v1.schemas import OrganizationIdText
from tenantry.http.access import Requirement
from tenantry.identity.accounts import operator_actions
from tenantry.kit.ids import Kind, show
from tenantry.tenancy.organizations import operator_views
from tenantry.tenancy.organizations.model import OperatedOrganization

route = Routes("/operator/organizations")


class OrganizationCountsView(TypedDict):
    """The size of an organization."""

    members: int
    workspaces: int


class OperatedOrganizationView(TypedDict):
    """An organization as operators see it; `status_reason` is the reason of the last change by an
    operator."""

    id: OrganizationIdText
    name: str
    slug: str
    kind: Literal["personal", "team"]
    counts: OrganizationCountsView
    created_at: datetime
    deleted_at: datetime | None
    disabled_at: datetime | None
    status_reason: str | None


class StatusChange(Body):
    """The reason, kept in the event. The organization's Admins can read it there."""

    reason: Reason


class AdminNaming(Body):
    """The new Admin, and the reason, which the organization's Admins see in the event."""

    email: Email
    reason: Reason


class OperatedOrganizationsQuery(ListQuery[OrganizationId]):
    slug: Text | None = None
    status: Literal["live", "deleted", "disabled"] | None = None


def organization_view(organization: OperatedOrganization) -> OperatedOrganizationView:
    kind: Any = organization.kind
    return {
        "id": show(Kind.ORGANIZATION, organization.id),
        "name": organization.name,
        "slug": organization.slug,
        "kind": kind,
        "counts": {"members": organization.members, "workspaces": organization.workspaces},
        "created_at": organization.created_at,
        "deleted_at": organization.deleted_at,
        "disabled_at": organization.disabled_at,
        "status_reason": organization.status_reason,
    }


@route.get("", Requirement.OPERATOR, id="operator.list_organizations")
async def list_organizations(
    ctx: ReadContext, query: OperatedOrganizationsQuery
) -> ListOf[OperatedOrganizationView]:
    """List all organizations of the service; `slug` and `status` filter them."""
    page = await operator_views.list_operated(
        ctx.reading, query.page, slug=query.slug, status=query.status
    )
    return listed(page, Kind.ORGANIZATION, organization_view)


@route.get("/{org_id}", Requirement.OPERATOR, id="operator.get_organization")
async def get_organization(ctx: ReadContext, org_id: OrganizationId) -> OperatedOrganizationView:
    """Get an organization of the service, whatever its status."""
    return organization_view(await operator_views.get_operated(ctx.reading, org_id))


@route.post("/{org_id}/disable", Requirement.OPERATOR, id="operator.disable_organization")
async def disable_organization(
    ctx: WriteContext, org_id: OrganizationId, body: StatusChange
) -> OperatedOrganizationView:
    """Disable an organization: for its members it is unknown from their next request on.

    A disabled organization stays as it is.
    """
    organization = await operator_views.disable(ctx.tx, ctx.operator, org_id, reason=body.reason)
    return organization_view(organization)


@route.post("/{org_id}/enable", Requirement.OPERATOR, id="operator.enable_organization")
async def enable_organization(
    ctx: WriteContext, org_id: OrganizationId, body: StatusChange
) -> OperatedOrganizationView:
    """Enable a disabled organization again, unchanged; an enabled one stays as it is."""
    organization = await operator_views.enable(ctx.tx, ctx.operator, org_id, reason=body.reason)
    return organization_view(organization)


@route.post(
    "/{org_id}/delete", Requirement.OPERATOR, id="operator.delete_organization", refuses={409}
)
async def delete_organization(
    ctx: WriteContext, org_id: OrganizationId, body: StatusChange
) -> OperatedOrganizationView:
    """Delete an organization, as its Admins could; it can be restored for 30 days.

    A deleted organization stays as it is.
    """
    organization = await operator_views.delete(ctx.tx, ctx.operator, org_id, reason=body.reason)
    return organization_view(organization)


@route.post("/{org_id}/restore", Requirement.OPERATOR, id="operator.restore_organization")
async def restore_organization(
    ctx: WriteContext, org_id: OrganizationId, body: StatusChange
) -> OperatedOrganizationView:
    """Restore a deleted organization, unchanged; any other stays as it is."""
    organization = await operator_views.restore(ctx.tx, ctx.operator, org_id, reason=body.reason)
    return organization_view(organization)


@route.post("/{org_id}/admins", Requirement.OPERATOR, id="operator.name_admin", refuses={409})
async def name_admin(
    ctx: WriteContext, org_id: OrganizationId, body: AdminNaming
) -> OperatedOrganizationView:
    """Appoint an Admin for an organization where no Admin can sign in.

    The person needs an account with a verified address, and is notified by email. You cannot
    appoint yourself. If an Admin can sign in, this is `409 organization_has_admin`.
    """
    return organization_view(
        await operator_actions.name_admin(
            ctx.tx,
            ctx.outbox,
            ctx.operator,
            org_id,
            email=body.email,
            reason=body.reason,
        )
    )
