"""Service accounts."""

from datetime import datetime

from pydantic import Field
from typing_extensions import TypedDict

from tenantry.api.context import ReadContext, WriteContext
from tenantry.api.routing.declarations import Routes
from tenantry.api.schemas.fields import Body, Name, RoleName, ServiceAccountId, WorkspaceId
from tenantry.api.schemas.paging import ListOf, ListQuery, listed
from tenantry.api.v1.schemas import (
    OrganizationIdText,
    RoleRefView,
    ServiceAccountIdText,
    WorkspaceIdText,
    role_ref,
)
from tenantry.authz.builtin_permissions import Permission
from tenantry.credentials.service_accounts import actions as service_accounts
from tenantry.credentials.service_accounts.actions import NewServiceAccount
from tenantry.credentials.service_accounts.model import ServiceAccount
from tenantry.kit.ids import Kind, show
from tenantry.tenancy.replacement import actions as retirements

route = Routes("/organizations/{org_id}/service-accounts")


class ServiceAccountView(TypedDict):
    """A non-human identity in an organization."""

    id: ServiceAccountIdText
    organization_id: OrganizationIdText
    name: str
    role: RoleRefView
    workspace_id: WorkspaceIdText | None
    created_at: datetime
    updated_at: datetime


class ServiceAccountCreate(Body):
    """A new service account. With `workspace_id` it works in that workspace only."""

    name: Name
    role: RoleName
    workspace_id: WorkspaceId | None = None


class ServiceAccountUpdate(Body):
    """The fields to change; they apply to all keys of the account from their next request on."""

    # Absent is not null: what has no value of its own to fall back on cannot be removed.
    name: Name = Field(default_factory=str)
    role: RoleName = Field(default_factory=str)


def view(account: ServiceAccount) -> ServiceAccountView:
    there = account.workspace_id
    return {
        "id": show(Kind.SERVICE_ACCOUNT, account.id),
        "organization_id": show(Kind.ORGANIZATION, account.org_id),
        "name": account.name,
        "role": role_ref(account.role),
        "workspace_id": None if there is None else show(Kind.WORKSPACE, there),
        "created_at": account.created_at,
        "updated_at": account.updated_at,
    }


@route.post(
    "",
    Permission.API_KEY_MANAGE,
    id="service_accounts.create",
    creates="/organizations/{organization_id}/service-accounts/{id}",
)
async def create(ctx: WriteContext, body: ServiceAccountCreate) -> ServiceAccountView:
    """Create a service account; its role cannot have permissions that your own role lacks."""
    draft = NewServiceAccount(body.name, body.role, body.workspace_id)
    limits = ctx.service.limits
    return view(await service_accounts.create(ctx.tx, ctx.authority, limits, draft))


@route.get("", Permission.API_KEY_MANAGE, id="service_accounts.list")
async def list_of_organization(
    ctx: ReadContext, query: ListQuery[ServiceAccountId]
) -> ListOf[ServiceAccountView]:
    """List the service accounts of an organization."""
    page = await service_accounts.list_accounts(ctx.reading, query.page)
    return listed(page, Kind.SERVICE_ACCOUNT, view)


@route.get("/{service_account_id}", Permission.API_KEY_MANAGE, id="service_accounts.get")
async def get(ctx: ReadContext, service_account_id: ServiceAccountId) -> ServiceAccountView:
    """Get a service account of an organization."""
    return view(await service_accounts.get(ctx.reading, service_account_id))


@route.patch(
    "/{service_account_id}", Permission.API_KEY_MANAGE, id="service_accounts.update", refuses={412}
)
async def update(
    ctx: WriteContext, service_account_id: ServiceAccountId, body: ServiceAccountUpdate
) -> ServiceAccountView:
    """Change a service account's name or role."""
    given = body.model_dump(exclude_unset=True)
    updated = await service_accounts.update(
        ctx.tx,
        ctx.authority,
        service_account_id,
        name=given.get("name"),
        role=given.get("role"),
        expected=ctx.if_match(view),
    )
    return view(updated)


@route.delete("/{service_account_id}", Permission.API_KEY_MANAGE, id="service_accounts.delete")
async def delete(ctx: WriteContext, service_account_id: ServiceAccountId) -> None:
    """Delete a service account and its keys, which are refused from the next request on."""
    await retirements.delete_service_account(ctx.tx, ctx.authority, service_account_id)
