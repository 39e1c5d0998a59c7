"""Token introspection (RFC 7662)."""

from base64 import b64decode
from typing import Any, NotRequired
from urllib.parse import unquote_plus

from typing_extensions import TypedDict

from tenantry.api.context import RequestContext
from tenantry.api.oauth import InvalidClient
from tenantry.api.routing.declarations import Routes
from tenantry.api.v1.credentials.revocation import TokenShown, shown
from tenantry.authz.claims import Claims, InvalidToken, ServiceKeyClaims
from tenantry.authz.grants import Scope
from tenantry.authz.key_authorization import ServiceKeyAuthorization
from tenantry.credentials.tokens.introspection import ensure_active, find_grant, is_signed_in
from tenantry.credentials.tokens.organization_tokens import shown as shown_holding
from tenantry.http.access import Requirement
from tenantry.http.request import DOCUMENT_BODY
from tenantry.kit.refusals import Unauthenticated

route = Routes()

_CLAIMS = ("iss", "aud", "sub", "sid", "client_id", "jti", "iat", "exp")
_INACTIVE: dict[str, Any] = {"active": False}


class IntrospectionView(TypedDict):
    """What is true of the token at this moment; for an inactive one, only that."""

    active: bool
    token_type: NotRequired[str]
    iss: NotRequired[str]
    aud: NotRequired[str]
    sub: NotRequired[str]
    sid: NotRequired[str]
    client_id: NotRequired[str]
    jti: NotRequired[str]
    iat: NotRequired[int]
    exp: NotRequired[int]
    org_id: NotRequired[str]
    workspace_id: NotRequired[str]
    role: NotRequired[str]
    permissions: NotRequired[list[str]]


@route.post(
    "/auth/introspect",
    Requirement.ANYONE,
    id="auth.introspect",
    refuses={401},
    secret=True,
    form=True,
    largest_body=DOCUMENT_BODY,
)
async def introspect(ctx: RequestContext, body: TokenShown) -> IntrospectionView:
    """Check whether a token is active; for the product's services, with a service key.

    An access token is active while its session is. An organization token is active while its user
    is a member who can see the workspace; its role and permissions are the current ones. Check
    `aud` yourself. Everything else is `{"active": false}`, including refresh tokens and keys,
    because they do not authenticate requests.
    """
    key, token = await _service_key(ctx), shown(body)
    try:
        return _as_view(await _introspected(ctx, key, token))
    except Unauthenticated as refused:
        raise InvalidClient from refused


async def _introspected(
    ctx: RequestContext, key: ServiceKeyAuthorization, token: str
) -> dict[str, Any]:
    exchange = ctx.service.database.execute
    try:
        claims, payload, place = _opened(ctx, token)
    except InvalidToken:
        await ensure_active(exchange, key)
        return _INACTIVE
    if place is None:
        return _active(payload) if await is_signed_in(exchange, key, claims) else _INACTIVE
    holding = await find_grant(exchange, key, claims, place)
    return {**_active(payload), **shown_holding(holding)} if holding else _INACTIVE


async def _service_key(ctx: RequestContext) -> ServiceKeyAuthorization:
    """The service key of the request; whether it is active is checked later. InvalidClient."""
    key = _shown_key(ctx.request.header(b"authorization"))
    try:
        who = await ctx.service.authentication.authenticate(key, ctx.service.database.execute)
    except Unauthenticated as refused:
        raise InvalidClient from refused
    if not isinstance(who, ServiceKeyClaims):
        raise InvalidClient
    return ServiceKeyAuthorization(who)


def _shown_key(header: str) -> str:
    """A bearer token, or the password of HTTP Basic (RFC 6749, section 2.3.1)."""
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() != "basic":
        raise InvalidClient
    try:
        _, _, password = b64decode(credentials.strip(), validate=True).decode().partition(":")
    except ValueError as broken:
        raise InvalidClient from broken
    return unquote_plus(password)


def _opened(ctx: RequestContext, token: str) -> tuple[Claims, dict[str, Any], Scope | None]:
    """What a token of ours says; with a place where it is an organization token. InvalidToken."""
    try:
        claims, payload = ctx.service.tokens.opened(token)
    except InvalidToken:
        said = ctx.service.organization_tokens.verify(token)
        return said.claims, said.payload, said.place
    return claims, payload, None


def _active(payload: dict[str, Any]) -> dict[str, Any]:
    said = {name: payload[name] for name in _CLAIMS}
    return {"active": True, "token_type": "Bearer", **said}


def _as_view(said: dict[str, Any]) -> Any:
    return said
