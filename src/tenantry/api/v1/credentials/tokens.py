"""The token endpoint: tokens for a password, a refresh token or an access token."""

from typing import Literal

from typing_extensions import TypedDict

from tenantry.api.context import RequestContext
from tenantry.api.oauth import InvalidGrant, InvalidRequest, UnsupportedGrantType
from tenantry.api.routing.declarations import Routes
from tenantry.api.v1.credentials import token_exchange
from tenantry.api.v1.credentials.token_exchange import OrganizationTokenView
from tenantry.api.v1.credentials.token_requests import EXCHANGE, TokenRequest
from tenantry.credentials.tokens.access_tokens import LIFETIME
from tenantry.http.access import Requirement
from tenantry.http.request import DOCUMENT_BODY
from tenantry.identity.accounts import sign_in
from tenantry.identity.accounts.model import BadCredentials
from tenantry.identity.sessions.model import Opened
from tenantry.kit.secrets import Secret
from tenantry.kit.text import email_address, is_plain

route = Routes()


class TokensView(TypedDict):
    """An access token with its refresh token (RFC 6749, section 5.1)."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str


@route.post(
    "/auth/token",
    Requirement.ANYONE,
    id="auth.token",
    refuses={401},
    secret=True,
    form=True,
    limited=True,
    largest_body=DOCUMENT_BODY,
)
async def issue(ctx: RequestContext, body: TokenRequest) -> TokensView | OrganizationTokenView:
    """Get an access token with a password or a refresh token, or an organization token with an
    access token.

    Each refresh token works once. Using it again ends the session, except within 10 seconds,
    because a response may get lost.

    Token exchange (RFC 8693) returns a token that the product's other services verify by
    themselves. It contains the user's role and permissions in one `organization` (id or slug), and
    in one `workspace` if that is given, and is valid for five minutes and one `audience`.
    """
    if body.grant_type == "password":
        return view(ctx, await _by_password(ctx, body))
    if body.grant_type == "refresh_token":
        return view(ctx, await _by_refresh_token(ctx, body))
    if body.grant_type == EXCHANGE:
        return await token_exchange.exchange(ctx, body)
    raise UnsupportedGrantType if body.grant_type else InvalidRequest("grant_type is missing.")


def view(ctx: RequestContext, opened: Opened) -> TokensView:
    access_token = ctx.service.tokens.issue(user_id=opened.user_id, session_id=opened.session_id)
    return {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": int(LIFETIME.total_seconds()),
        "refresh_token": opened.refresh_token.text,
    }


async def _by_password(ctx: RequestContext, body: TokenRequest) -> Opened:
    if not body.username or not body.password:
        raise InvalidRequest("username and password are required.")
    try:
        return await sign_in.sign_in(
            ctx.account, email=email_address(body.username), password=body.password
        )
    except BadCredentials as refusal:
        raise InvalidGrant(str(refusal), status=401) from refusal


async def _by_refresh_token(ctx: RequestContext, body: TokenRequest) -> Opened:
    if not body.refresh_token or not is_plain(body.refresh_token):
        raise InvalidRequest("refresh_token is required.")
    renewed = await sign_in.refresh(ctx.account, Secret(body.refresh_token))
    if renewed is None:
        raise InvalidGrant("The refresh token is no longer valid.")
    return renewed
