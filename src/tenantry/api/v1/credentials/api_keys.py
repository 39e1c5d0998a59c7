"""API keys."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field
from typing_extensions import TypedDict

from tenantry.api.context import ReadContext, WriteContext
from tenantry.api.routing.declarations import Routes
from tenantry.api.schemas.fields import (
    WHOLE,
    ApiKeyId,
    Body,
    Moment,
    Name,
    RoleName,
    ServiceAccountId,
    WorkspaceId,
)
from tenantry.api.schemas.paging import ListOf, ListQuery, listed
from tenantry.api.v1.schemas import (
    ApiKeyIdText,
    KeyText,
    OrganizationIdText,
    RoleRefView,
    WorkspaceIdText,
    role_ref,
)
from tenantry.authz.builtin_permissions import Permission
from tenantry.credentials.api_keys import actions as api_keys
from tenantry.credentials.api_keys.actions import NewApiKey
from tenantry.credentials.api_keys.model import ApiKey, Issued
from tenantry.kit.bearer_keys import LONGEST_OVERLAP, OVERLAP
from tenantry.kit.ids import Kind, show

route = Routes("/organizations/{org_id}/api-keys")

_LONGEST = int(LONGEST_OVERLAP.total_seconds())
_NONE = {"type": "null"}
_WHOSE: list[Any] = [
    {
        "required": ["role"],
        "properties": {"role": {"type": "string"}, "service_account_id": _NONE},
    },
    {
        "required": ["service_account_id"],
        "properties": {
            "service_account_id": {"type": "string"},
            "role": _NONE,
            "workspace_id": _NONE,
        },
    },
]
OverlapSeconds = Annotated[int, Field(ge=0, le=_LONGEST), WHOLE]


class HolderView(TypedDict):
    """The owner of a key: a member, or a service account."""

    type: Literal["user", "service_account"]
    id: str
    name: str


class ApiKeyView(TypedDict):
    """An API key without its secret; `hint` is the beginning of the newest secret."""

    id: ApiKeyIdText
    organization_id: OrganizationIdText
    name: str
    hint: str
    owner: HolderView
    role: RoleRefView
    workspace_id: WorkspaceIdText | None
    expires_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime
    updated_at: datetime


class IssuedApiKeyView(ApiKeyView):
    """An API key with its secret, which is returned only once."""

    key: KeyText


class ApiKeyCreate(Body):
    """A new API key: with `role` it is your own, with `service_account_id` it has the account's
    role.

    With `workspace_id` it works in that workspace only.
    """

    model_config = ConfigDict(json_schema_extra={"anyOf": _WHOSE})

    name: Name
    role: RoleName | None = None
    workspace_id: WorkspaceId | None = None
    service_account_id: ServiceAccountId | None = None
    expires_at: Moment | None = None


class ApiKeyUpdate(Body):
    """The fields to change."""

    # Absent is not null: what has no value of its own to fall back on cannot be removed.
    name: Name = Field(default_factory=str)


class Rotation(Body):
    """How long the previous secret keeps working; a day by default."""

    overlap_seconds: OverlapSeconds = int(OVERLAP.total_seconds())


class ApiKeysQuery(ListQuery[ApiKeyId]):
    """Which API keys: all, or those of one service account."""

    service_account_id: ServiceAccountId | None = None


def view(key: ApiKey) -> ApiKeyView:
    holder = key.holder
    kind: Any = "user" if holder.kind is Kind.USER else "service_account"
    there = key.workspace_id
    return {
        "id": show(Kind.API_KEY, key.id),
        "organization_id": show(Kind.ORGANIZATION, key.org_id),
        "name": key.name,
        "hint": key.hint,
        "owner": {"type": kind, "id": show(holder.kind, holder.id), "name": holder.name},
        "role": role_ref(key.role),
        "workspace_id": None if there is None else show(Kind.WORKSPACE, there),
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
        "created_at": key.created_at,
        "updated_at": key.updated_at,
    }


def issued_view(issued: Issued) -> IssuedApiKeyView:
    return {**view(issued.key), "key": issued.secret.text}


@route.post(
    "",
    Permission.API_KEY_MANAGE,
    id="api_keys.create",
    creates="/organizations/{organization_id}/api-keys/{id}",
    secret=True,
)
async def create(ctx: WriteContext, body: ApiKeyCreate) -> IssuedApiKeyView:
    """Create an API key; its secret is returned only in this response."""
    draft = NewApiKey(
        body.name, body.role, body.workspace_id, body.service_account_id, body.expires_at
    )
    return issued_view(await api_keys.create(ctx.tx, ctx.authority, ctx.service.limits, draft))


@route.get("", Permission.API_KEY_MANAGE, id="api_keys.list")
async def list_of_organization(ctx: ReadContext, query: ApiKeysQuery) -> ListOf[ApiKeyView]:
    """List the API keys of an organization; `service_account_id` filters by service account."""
    page = await api_keys.list_keys(ctx.reading, query.page, account_id=query.service_account_id)
    return listed(page, Kind.API_KEY, view)


@route.get("/{key_id}", Permission.API_KEY_MANAGE, id="api_keys.get")
async def get(ctx: ReadContext, key_id: ApiKeyId) -> ApiKeyView:
    """Get an API key; `last_used_at` is accurate to about a minute."""
    return view(await api_keys.get(ctx.reading, key_id))


@route.patch("/{key_id}", Permission.API_KEY_MANAGE, id="api_keys.update", refuses={412})
async def update(ctx: WriteContext, key_id: ApiKeyId, body: ApiKeyUpdate) -> ApiKeyView:
    """Rename an API key."""
    name = body.name if "name" in body.model_fields_set else None
    updated = await api_keys.update(
        ctx.tx, ctx.authority, key_id, name=name, expected=ctx.if_match(view)
    )
    return view(updated)


@route.post(
    "/{key_id}/rotate",
    Permission.API_KEY_MANAGE,
    id="api_keys.rotate",
    refuses={409},
    keyed=True,
    secret=True,
)
async def rotate(ctx: WriteContext, key_id: ApiKeyId, body: Rotation) -> IssuedApiKeyView:
    """Give an API key a new secret, returned only in this response; the previous one keeps working
    for a while."""
    overlap = timedelta(seconds=body.overlap_seconds)
    return issued_view(await api_keys.rotate(ctx.tx, ctx.authority, key_id, overlap=overlap))


@route.delete("/{key_id}", Permission.API_KEY_MANAGE, id="api_keys.revoke")
async def revoke(ctx: WriteContext, key_id: ApiKeyId) -> None:
    """Revoke an API key; it is refused from the next request on."""
    await api_keys.revoke(ctx.tx, ctx.authority, key_id)
