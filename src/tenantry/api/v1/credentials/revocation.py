"""Token revocation (RFC 7009): anyone who has a token may revoke it."""

from pydantic import BaseModel, ConfigDict, Field

from tenantry.api.context import RequestContext
from tenantry.api.oauth import InvalidRequest, UnsupportedTokenType
from tenantry.api.routing.declarations import Routes
from tenantry.authz.claims import InvalidToken
from tenantry.http.access import Requirement
from tenantry.http.request import DOCUMENT_BODY
from tenantry.identity.accounts import sign_in
from tenantry.kit.text import is_plain

route = Routes()


class TokenShown(BaseModel):
    """A token to check or revoke (RFC 7009, section 2.1; RFC 7662, section 2.1).

    The hint is ignored: a token says what kind it is.
    """

    model_config = ConfigDict(extra="ignore")

    token: str = Field("", json_schema_extra={"minLength": 1})
    token_type_hint: str = ""


@route.post(
    "/auth/revoke",
    Requirement.ANYONE,
    id="auth.revoke",
    status=200,
    form=True,
    largest_body=DOCUMENT_BODY,
)
async def revoke(ctx: RequestContext, body: TokenShown) -> None:
    """Revoke a refresh token or an access token: its session ends, with all of its tokens.

    Anyone who has the token may revoke it. The response is 200 for unknown and expired tokens too.
    Organization tokens cannot be revoked: they expire within five minutes and cannot be renewed.
    """
    token = shown(body)
    if _is_organization_token(ctx, token):
        raise UnsupportedTokenType("An organization token cannot be revoked; it expires soon.")
    if not await sign_in.revoke(ctx.account, ctx.service.authentication, token):
        raise UnsupportedTokenType("Only what belongs to a session can be revoked here.")


def shown(body: TokenShown) -> str:
    """The token. InvalidRequest if it cannot be one."""
    if not body.token or not is_plain(body.token):
        raise InvalidRequest("token is missing.")
    return body.token


def _is_organization_token(ctx: RequestContext, token: str) -> bool:
    try:
        ctx.service.organization_tokens.verify(token)
    except InvalidToken:
        return False
    return True
