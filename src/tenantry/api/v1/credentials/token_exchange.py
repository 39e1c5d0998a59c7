"""Token exchange (RFC 8693): an access token for an organization token."""

from typing import Literal

from typing_extensions import TypedDict

from tenantry.api.authentication import provision
from tenantry.api.context import RequestContext
from tenantry.api.oauth import InvalidRequest, InvalidTarget
from tenantry.api.v1.credentials.token_requests import ACCESS, TokenRequest
from tenantry.authz.authority import PersonRequired
from tenantry.authz.claims import Claims
from tenantry.authz.grants import Grant, Scope, find_grant
from tenantry.credentials.tokens.external_identity import ExternalIdentity
from tenantry.credentials.tokens.key_sets import IssuerUnavailable
from tenantry.credentials.tokens.organization_tokens import LIFETIME, AudienceUnknown
from tenantry.kit.ids import Kind, show
from tenantry.kit.refusals import NotFound, Refusal
from tenantry.postgres.transaction import Tx

_JWT = "urn:ietf:params:oauth:token-type:jwt"


class OrganizationTokenView(TypedDict):
    """An organization token (RFC 8693, section 2.2.1), with its organization and workspace."""

    access_token: str
    issued_token_type: str
    token_type: Literal["Bearer"]
    expires_in: int
    audience: str
    organization_id: str
    workspace_id: str | None


async def exchange(ctx: RequestContext, asked: TokenRequest) -> OrganizationTokenView:
    """An organization token for the user of the subject token.

    InvalidRequest if that token is not valid (RFC 8693, section 2.2.2); InvalidTarget if the
    audience is unknown, or the user cannot see the organization or workspace.
    """
    _ensure_supported(asked)
    tokens = ctx.service.organization_tokens
    try:
        audience = tokens.audience(asked.audience)
        claims, holding = await _held(ctx, asked)
    except AudienceUnknown as refusal:
        raise InvalidTarget(str(refusal)) from refusal
    except NotFound as refusal:
        raise InvalidTarget(
            "The organization or workspace does not exist, or the user cannot see it."
        ) from refusal
    ctx.request.org_id = holding.org_id
    workspace_id = holding.workspace_id
    return {
        "access_token": tokens.issue(claims, holding, audience),
        "issued_token_type": asked.requested_token_type or ACCESS,
        "token_type": "Bearer",
        "expires_in": int(LIFETIME.total_seconds()),
        "audience": audience,
        "organization_id": show(Kind.ORGANIZATION, holding.org_id),
        "workspace_id": show(Kind.WORKSPACE, workspace_id) if workspace_id else None,
    }


def _ensure_supported(asked: TokenRequest) -> None:
    if not (asked.subject_token and asked.organization):
        raise InvalidRequest("subject_token and organization are required.")
    if asked.subject_token_type not in (ACCESS, _JWT):
        raise InvalidRequest(f"subject_token_type must be {ACCESS}.")
    if asked.requested_token_type not in ("", ACCESS, _JWT):
        raise InvalidRequest(f"requested_token_type must be {ACCESS}.")
    # Ignoring an actor_token would issue a token without the delegation that the caller requested.
    if asked.actor_token:
        raise InvalidRequest("Delegation is not supported: leave actor_token out.")


async def _held(ctx: RequestContext, asked: TokenRequest) -> tuple[Claims, Grant]:
    """The claims of the subject token, and the user's grant. InvalidRequest, NotFound."""
    service, place = ctx.service, Scope(asked.organization, asked.workspace or None)
    try:
        who = await service.authentication.authenticate(
            asked.subject_token, service.database.execute
        )
        if isinstance(who, ExternalIdentity):
            subject = who

            async def admit(tx: Tx) -> tuple[Claims, Grant]:
                claims = await provision(tx, ctx.request, subject)
                return claims, await find_grant(tx.execute, claims, place)

            return await ctx.run(admit)
        if not isinstance(who, Claims):
            raise PersonRequired
        ctx.request.user_id = who.user_id
        return who, await find_grant(service.database.execute, who, place)
    except (NotFound, IssuerUnavailable):
        raise
    except Refusal as refusal:
        raise InvalidRequest("The subject token is not valid.") from refusal
