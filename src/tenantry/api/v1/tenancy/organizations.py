"""Organizations."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from tenantry.api.context import ReadContext, WriteContext
from tenantry.api.routing.declarations import Routes
from tenantry.api.schemas.fields import Body, Email, Locale, Name, OrganizationId, Slug, Text
from tenantry.api.schemas.metadata import Metadata, MetadataPatch, changes_of
from tenantry.api.schemas.paging import ListOf, ListQuery, listed
from tenantry.api.v1.schemas import OrganizationIdText, RoleRefView, WorkspaceIdText, role_ref
from tenantry.authz.builtin_permissions import Permission
from tenantry.http.access import Requirement
from tenantry.http.request import DOCUMENT_BODY
from tenantry.identity.accounts import operator_actions
from tenantry.identity.accounts.model import NewOwner
from tenantry.kit.ids import Kind, show
from tenantry.kit.text import name_from
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations import lifecycle
from tenantry.tenancy.organizations.actions import NewOrganization
from tenantry.tenancy.organizations.model import Organization, OrganizationChanges

route = Routes("/organizations")


class OrganizationView(TypedDict):
    """An organization; `role` is the caller's."""

    id: OrganizationIdText
    name: str
    slug: str
    kind: Literal["personal", "team"]
    locale: str
    metadata: dict[str, str]
    default_workspace_id: WorkspaceIdText
    role: RoleRefView
    created_at: datetime
    updated_at: datetime


class OwnerDraft(Body):
    """The owner; an account is created if the address has none."""

    email: Email
    name: Name | None = None


class OrganizationCreate(Body):
    """A new organization. Without a slug, its slug is derived from the name.

    Only operators may give an `owner`.
    """

    name: Name
    slug: Slug | None = None
    metadata: Metadata = Field(default_factory=dict)
    owner: OwnerDraft | None = None

    @property
    def for_operators(self) -> bool:
        return self.owner is not None


class OrganizationUpdate(Body):
    """The fields to change (RFC 7396): `metadata` merges by key, and null removes a key."""

    # Absent is not null: what has no value of its own to fall back on cannot be removed.
    name: Name = Field(default_factory=str)
    slug: Slug = Field(default_factory=str)
    locale: Locale = Field(default_factory=str)
    metadata: MetadataPatch | None = None


class OrganizationsQuery(ListQuery[OrganizationId]):
    slug: Text | None = None
    status: Literal["active", "deleted"] = "active"


def view(organization: Organization) -> OrganizationView:
    kind: Any = organization.kind
    return {
        "id": show(Kind.ORGANIZATION, organization.id),
        "name": organization.name,
        "slug": organization.slug,
        "kind": kind,
        "locale": organization.locale,
        "metadata": dict(organization.metadata),
        "default_workspace_id": show(Kind.WORKSPACE, organization.default_workspace_id),
        "role": role_ref(organization.role),
        "created_at": organization.created_at,
        "updated_at": organization.updated_at,
    }


@route.post(
    "",
    Requirement.SIGNED_IN,
    id="organizations.create",
    creates="/organizations/{id}",
    refuses={403},
    largest_body=DOCUMENT_BODY,
)
async def create(ctx: WriteContext, body: OrganizationCreate) -> OrganizationView:
    """Create an organization with its default workspace and roles; you become its Admin.

    Operators may give an `owner` instead, who becomes the Admin; `role` is then the owner's. An
    account is created if needed, and an email asks for a password.
    """
    new = NewOrganization(body.name, body.slug, body.metadata)
    if body.owner is None:
        founded = await organizations.create(ctx.tx, ctx.actor, ctx.service.limits, new)
    else:
        owner = NewOwner(body.owner.email, body.owner.name or name_from(body.owner.email))
        founded = await operator_actions.provision_organization(
            ctx.tx, ctx.outbox, ctx.operator, owner=owner, new=new
        )
    return view(founded.organization)


@route.get("", Requirement.SIGNED_IN, id="organizations.list")
async def list_mine(ctx: ReadContext, query: OrganizationsQuery) -> ListOf[OrganizationView]:
    """List the organizations that you belong to; `slug` finds one, and `status=deleted` lists those
    that you may restore."""
    if query.status == "deleted":
        deleted = await lifecycle.list_deleted(ctx.reading, query.page, slug=query.slug)
        return listed(deleted, Kind.ORGANIZATION, view)
    page = await organizations.list_mine(ctx.reading, query.page, slug=query.slug)
    return listed(page, Kind.ORGANIZATION, view)


@route.get("/{org_id}", Permission.ORGANIZATION_READ, id="organizations.get")
async def get(ctx: ReadContext) -> OrganizationView:
    """Get an organization that you belong to."""
    return view(await organizations.get(ctx.reading))


@route.patch(
    "/{org_id}",
    Permission.ORGANIZATION_UPDATE,
    id="organizations.update",
    refuses={409, 412},
    largest_body=DOCUMENT_BODY,
)
async def update(ctx: WriteContext, body: OrganizationUpdate) -> OrganizationView:
    """Change an organization's name, slug, locale or metadata."""
    changes = OrganizationChanges(**changes_of(body))
    updated = await organizations.update(
        ctx.tx, ctx.authority, changes, expected=ctx.if_match(view)
    )
    return view(updated)


@route.delete("/{org_id}", Permission.ORGANIZATION_DELETE, id="organizations.delete", refuses={409})
async def delete(ctx: WriteContext) -> None:
    """Delete an organization; for 30 days its Admins can restore it, and its slug stays taken."""
    await lifecycle.delete(ctx.tx, ctx.authority)


@route.post(
    "/{org_id}/restore", Permission.ORGANIZATION_DELETE, id="organizations.restore", restores=True
)
async def restore(ctx: WriteContext) -> OrganizationView:
    """Restore an organization that was deleted less than 30 days ago."""
    return view(await lifecycle.restore(ctx.tx, ctx.authority))
