"""What operators see and do, on the wire: who is a tenant and who a user, never what is theirs."""

from datetime import datetime
from typing import Any, Literal

from typing_extensions import TypedDict

from tenantry.api.context import ReadContext, WriteContext
from tenantry.api.fields import Body, Email, OrganizationId, Reason, Text, UserId
from tenantry.api.operations import Requirement
from tenantry.api.paging import ListOf, ListQuery, listed
from tenantry.api.routing import Routes
from tenantry.api.v1.schemas import OrganizationIdText, UserIdText, organization_id, user_id
from tenantry.identity.accounts import appointment, suspension
from tenantry.identity.offboarding import delete_account as deletion
from tenantry.identity.users import actions as users
from tenantry.identity.users.model import User
from tenantry.kit.ids import Kind
from tenantry.tenancy.organizations import operator_views
from tenantry.tenancy.organizations.model import OperatedOrganization

route = Routes()


class OrganizationCountsView(TypedDict):
    """How many there are in an organization."""

    members: int
    workspaces: int


class OperatedOrganizationView(TypedDict):
    """A tenant from outside; `status_reason` is the reason of the last change by an operator."""

    id: OrganizationIdText
    name: str
    slug: str
    kind: Literal["personal", "team"]
    counts: OrganizationCountsView
    created_at: datetime
    deleted_at: datetime | None
    disabled_at: datetime | None
    status_reason: str | None


class OperatedUserView(TypedDict):
    """A person from outside; `status_reason` is the reason of the last change by an operator."""

    id: UserIdText
    email: str
    email_verified: bool
    created_at: datetime
    disabled_at: datetime | None
    status_reason: str | None


class StandingChange(Body):
    """Why: kept in the event. Of an organization, its own Admins read it there."""

    reason: Reason


class UserDisabling(StandingChange):
    """The reason, and whether organizations may be left without an Admin."""

    orphan_organizations: bool = False


class UserDeletion(UserDisabling):
    """The reason, and whether organizations may be left without an Admin."""


class AdminNaming(Body):
    """Who becomes the Admin, and why; the organization's Admins see the reason in the event."""

    email: Email
    reason: Reason


class OperatedOrganizationsQuery(ListQuery[OrganizationId]):
    """Which organizations: one slug, or those of one standing."""

    slug: Text | None = None
    status: Literal["live", "deleted", "disabled"] | None = None


class OperatedUsersQuery(ListQuery[UserId]):
    """Which users: the one with an address."""

    email: Email | None = None


def organization_view(organization: OperatedOrganization) -> OperatedOrganizationView:
    """An organization as operators are shown it."""
    kind: Any = organization.kind
    return {
        "id": organization_id(organization.id),
        "name": organization.name,
        "slug": organization.slug,
        "kind": kind,
        "counts": {"members": organization.members, "workspaces": organization.workspaces},
        "created_at": organization.created_at,
        "deleted_at": organization.deleted_at,
        "disabled_at": organization.disabled_at,
        "status_reason": organization.status_reason,
    }


def user_view(user: User) -> OperatedUserView:
    """A person as operators are shown them."""
    return {
        "id": user_id(user.id),
        "email": user.email,
        "email_verified": user.email_verified,
        "created_at": user.created_at,
        "disabled_at": user.disabled_at,
        "status_reason": user.status_reason,
    }


@route.get("/operator/organizations", Requirement.OPERATOR, id="operator.list_organizations")
async def list_organizations(
    ctx: ReadContext, query: OperatedOrganizationsQuery
) -> ListOf[OperatedOrganizationView]:
    """List all organizations of the service; `slug` finds one, `status` those of one standing."""
    page = await operator_views.list_operated(
        ctx.reading, query.page, slug=query.slug, status=query.status
    )
    return listed(page, Kind.ORGANIZATION, organization_view)


@route.get(
    "/operator/organizations/{org_id}",
    Requirement.OPERATOR,
    id="operator.get_organization",
    refuses={404},
)
async def get_organization(ctx: ReadContext, org_id: OrganizationId) -> OperatedOrganizationView:
    """Get an organization of the service, whatever its standing."""
    return organization_view(await operator_views.get_operated(ctx.reading, org_id))


@route.post(
    "/operator/organizations/{org_id}/disable",
    Requirement.OPERATOR,
    id="operator.disable_organization",
    refuses={404},
)
async def disable_organization(
    ctx: WriteContext, org_id: OrganizationId, body: StandingChange
) -> OperatedOrganizationView:
    """Disable an organization: from the very next request on it is unknown to its own people.

    One that is disabled stays as it is.
    """
    return organization_view(
        await operator_views.disable(ctx.tx, ctx.operator, org_id, reason=body.reason)
    )


@route.post(
    "/operator/organizations/{org_id}/enable",
    Requirement.OPERATOR,
    id="operator.enable_organization",
    refuses={404},
)
async def enable_organization(
    ctx: WriteContext, org_id: OrganizationId, body: StandingChange
) -> OperatedOrganizationView:
    """Give a disabled organization back to its people, as it was; an enabled one stays as it is."""
    return organization_view(
        await operator_views.enable(ctx.tx, ctx.operator, org_id, reason=body.reason)
    )


@route.get("/operator/users", Requirement.OPERATOR, id="operator.list_users")
async def list_users(ctx: ReadContext, query: OperatedUsersQuery) -> ListOf[OperatedUserView]:
    """List all users of the service; `email` finds one."""
    page = await users.list_users(ctx.reading, query.page, email=query.email)
    return listed(page, Kind.USER, user_view)


@route.get("/operator/users/{user_id}", Requirement.OPERATOR, id="operator.get_user", refuses={404})
async def get_user(ctx: ReadContext, user_id: UserId) -> OperatedUserView:
    """Get a user of the service."""
    return user_view(await users.get(ctx.reading, user_id))


@route.post(
    "/operator/users/{user_id}/disable",
    Requirement.OPERATOR,
    id="operator.disable_user",
    refuses={404, 409},
)
async def disable_user(ctx: WriteContext, user_id: UserId, body: UserDisabling) -> OperatedUserView:
    """Disable a user: every session ends at once, and no way leads to a new one.

    Who is disabled stays as they are. Your own account cannot be disabled by yourself. The only
    Admin of an organization needs `orphan_organizations: true`; else 409 `sole_admin` lists the
    `organizations` that would be left without one.
    """
    disabled = await suspension.disable_user(
        ctx.tx,
        ctx.operator,
        user_id,
        reason=body.reason,
        orphan_organizations=body.orphan_organizations,
    )
    return user_view(disabled)


@route.post(
    "/operator/users/{user_id}/enable",
    Requirement.OPERATOR,
    id="operator.enable_user",
    refuses={404},
)
async def enable_user(ctx: WriteContext, user_id: UserId, body: StandingChange) -> OperatedUserView:
    """Let a disabled user sign in again; their old sessions stay ended."""
    return user_view(
        await suspension.enable_user(ctx.tx, ctx.operator, user_id, reason=body.reason)
    )


@route.post(
    "/operator/organizations/{org_id}/delete",
    Requirement.OPERATOR,
    id="operator.delete_organization",
    refuses={404, 409},
)
async def delete_organization(
    ctx: WriteContext, org_id: OrganizationId, body: StandingChange
) -> OperatedOrganizationView:
    """Delete an organization, as its Admins could: it can be restored for 30 days.

    One that is deleted stays as it is.
    """
    return organization_view(
        await operator_views.delete(ctx.tx, ctx.operator, org_id, reason=body.reason)
    )


@route.post(
    "/operator/organizations/{org_id}/restore",
    Requirement.OPERATOR,
    id="operator.restore_organization",
    refuses={404},
)
async def restore_organization(
    ctx: WriteContext, org_id: OrganizationId, body: StandingChange
) -> OperatedOrganizationView:
    """Restore a deleted organization as it was; one that is not deleted does not change."""
    return organization_view(
        await operator_views.restore(ctx.tx, ctx.operator, org_id, reason=body.reason)
    )


@route.post(
    "/operator/organizations/{org_id}/admins",
    Requirement.OPERATOR,
    id="operator.name_admin",
    refuses={404, 409},
)
async def name_admin(
    ctx: WriteContext, org_id: OrganizationId, body: AdminNaming
) -> OperatedOrganizationView:
    """Name an Admin for an organization where no Admin can sign in.

    The person needs an account with a confirmed address; an email tells them. An operator cannot
    name themselves, and an organization with an Admin is left to that Admin.
    """
    return organization_view(
        await appointment.name_admin(
            ctx.tx,
            ctx.outbox,
            ctx.operator,
            org_id,
            email=body.email,
            reason=body.reason,
        )
    )


@route.post(
    "/operator/users/{user_id}/end-sessions",
    Requirement.OPERATOR,
    id="operator.end_sessions",
    refuses={404},
)
async def end_sessions(
    ctx: WriteContext, user_id: UserId, body: StandingChange
) -> OperatedUserView:
    """End all sessions of a user.

    They have to sign in again. Their API keys keep working.
    """
    return user_view(
        await suspension.end_sessions(ctx.tx, ctx.operator, user_id, reason=body.reason)
    )


@route.post(
    "/operator/users/{user_id}/delete",
    Requirement.OPERATOR,
    id="operator.delete_user",
    refuses={404, 409},
)
async def delete_user(ctx: WriteContext, user_id: UserId, body: UserDeletion) -> None:
    """Delete a user's account for good: it is erased as if the person had deleted it.

    The only Admin of an organization is deleted only with `orphan_organizations: true`; else 409
    `sole_admin` lists these organizations.
    """
    await deletion.delete_user(
        ctx.tx,
        user_id,
        by=ctx.operator,
        reason=body.reason,
        orphan_organizations=body.orphan_organizations,
    )
