"""Service keys: the product's own secrets, managed by operators."""

from datetime import datetime, timedelta
from typing import Literal

from typing_extensions import TypedDict

from tenantry.api.context import ReadContext, WriteContext
from tenantry.api.routing.declarations import Routes
from tenantry.api.schemas.fields import Body, Moment, Name, ServiceKeyId
from tenantry.api.schemas.paging import ListOf, ListQuery, listed
from tenantry.api.v1.credentials.api_keys import OverlapSeconds
from tenantry.api.v1.schemas import KeyText, ServiceKeyIdText
from tenantry.credentials.service_keys import actions as service_keys
from tenantry.credentials.service_keys.model import IssuedServiceKey, StoredKey
from tenantry.http.access import Requirement
from tenantry.kit.bearer_keys import OVERLAP
from tenantry.kit.ids import Kind, show

route = Routes("/operator/service-keys", tags=("operator",))


class ServiceKeyView(TypedDict):
    """A service key without its secret; `hint` is the beginning of the newest secret."""

    id: ServiceKeyIdText
    name: str
    hint: str
    scopes: list[Literal["access:read"]]
    expires_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime
    updated_at: datetime


class IssuedServiceKeyView(ServiceKeyView):
    """A service key with its secret, which is returned only once."""

    key: KeyText


class ServiceKeyCreate(Body):
    """A new service key."""

    name: Name
    expires_at: Moment | None = None


class ServiceKeyRotation(Body):
    """How long the previous secret keeps working; a day by default."""

    overlap_seconds: OverlapSeconds = int(OVERLAP.total_seconds())


def view(key: StoredKey) -> ServiceKeyView:
    return {
        "id": show(Kind.SERVICE_KEY, key.id),
        "name": key.name,
        "hint": key.hint,
        "scopes": ["access:read"],
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
        "created_at": key.created_at,
        "updated_at": key.updated_at,
    }


def issued_view(issued: IssuedServiceKey) -> IssuedServiceKeyView:
    return {**view(issued.key), "key": issued.secret.text}


@route.post(
    "",
    Requirement.OPERATOR,
    id="service_keys.create",
    creates="/operator/service-keys/{id}",
    secret=True,
)
async def create(ctx: WriteContext, body: ServiceKeyCreate) -> IssuedServiceKeyView:
    """Create a service key for the product; its secret is returned only in this response."""
    return issued_view(
        await service_keys.create(ctx.tx, ctx.operator, name=body.name, expires_at=body.expires_at)
    )


@route.get("", Requirement.OPERATOR, id="service_keys.list")
async def list_all(ctx: ReadContext, query: ListQuery[ServiceKeyId]) -> ListOf[ServiceKeyView]:
    """List the product's service keys."""
    return listed(await service_keys.list_keys(ctx.reading, query.page), Kind.SERVICE_KEY, view)


@route.get("/{service_key_id}", Requirement.OPERATOR, id="service_keys.get")
async def get(ctx: ReadContext, service_key_id: ServiceKeyId) -> ServiceKeyView:
    """Get a service key; `last_used_at` is accurate to about a minute."""
    return view(await service_keys.get(ctx.reading, service_key_id))


@route.post(
    "/{service_key_id}/rotate",
    Requirement.OPERATOR,
    id="service_keys.rotate",
    refuses={409},
    keyed=True,
    secret=True,
)
async def rotate(
    ctx: WriteContext, service_key_id: ServiceKeyId, body: ServiceKeyRotation
) -> IssuedServiceKeyView:
    """Give a service key a new secret, returned only in this response; the previous one keeps
    working for a while."""
    overlap = timedelta(seconds=body.overlap_seconds)
    key_id = service_key_id
    return issued_view(await service_keys.rotate(ctx.tx, ctx.operator, key_id, overlap=overlap))


@route.delete("/{service_key_id}", Requirement.OPERATOR, id="service_keys.revoke")
async def revoke(ctx: WriteContext, service_key_id: ServiceKeyId) -> None:
    """Revoke a service key; it is refused from the next request on."""
    await service_keys.revoke(ctx.tx, ctx.operator, service_key_id)
