"""Signing up, in and out on the wire; letters' tokens, and passwords."""

from typing import Literal

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict, JsonValue
from typing_extensions import TypedDict

from tenantry.access.tokens import LIFETIME
from tenantry.accounts import actions as accounts
from tenantry.accounts import recovery, verification
from tenantry.accounts.model import Account, BadCredentials, SignUp, SignUpClosed
from tenantry.api import me, organizations, workspaces
from tenantry.api.context import Here, WritingHere
from tenantry.api.fields import Body, Email, GivenPassword, Name, NewPassword, Token
from tenantry.api.me import UserView
from tenantry.api.oauth import InvalidGrant, InvalidRequest, UnsupportedGrantType
from tenantry.api.organizations import OrganizationView
from tenantry.api.workspaces import WorkspaceView
from tenantry.departures import actions as departures
from tenantry.invitations import acceptance
from tenantry.kit.secrets import Secret
from tenantry.kit.text import email_address, is_plain, name_from
from tenantry.rates import charges
from tenantry.sessions import actions as sessions
from tenantry.sessions.model import Opened
from tenantry.users import actions as users


def _grant(name: str, *needed: str) -> JsonDict:
    """What a token request of one grant type brings, for the document."""
    given: JsonDict = {field: {"minLength": 1} for field in needed}
    return {
        "required": ["grant_type", *needed],
        "properties": {"grant_type": {"const": name}, **given},
    }


_GRANTS: list[JsonValue] = [
    _grant("password", "username", "password"),
    _grant("refresh_token", "refresh_token"),
]


class TokensView(TypedDict):
    """An access token with its refresh token (RFC 6749, section 5.1)."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str


class SignUpView(TokensView):
    """A new account with what it begins with, signed in."""

    user: UserView
    organization: OrganizationView
    workspace: WorkspaceView


class SignUpRequest(Body):
    """A new account; with the token of an invitation it joins that organization at once."""

    email: Email
    password: NewPassword
    name: Name | None = None
    invitation_token: Token | None = None


class TokenRequest(BaseModel):
    """A token request (RFC 6749, sections 4.3.2 and 6); what OAuth does not know is ignored."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={"anyOf": _GRANTS})

    grant_type: str = ""
    username: str = ""
    password: str = ""
    refresh_token: str = ""


class LetterToken(Body):
    """The token of a letter."""

    token: Token


class ForgottenPassword(Body):
    """Whose password was forgotten."""

    email: Email


class PasswordReset(Body):
    """A new password, by the token of a letter."""

    token: Token
    password: NewPassword


class PasswordChange(Body):
    """A new password, by the present one."""

    current_password: GivenPassword
    new_password: NewPassword


async def sign_up(here: Here, body: SignUpRequest) -> SignUpView:
    """Sign up: an account, its personal organization with a workspace, and a first session.

    `409 email_taken` tells that the address has an account; see API-DESIGN.md for why.
    """
    service = here.service
    mode, invited = service.sign_up, body.invitation_token is not None
    if mode == "closed" or (mode == "invite" and not invited):
        raise SignUpClosed
    name = body.name or name_from(body.email)
    known = [body.email, name]
    await here.meter.count_first(service.database, charges.sign_up(here.meter.network))
    hashed = await service.passwords.choose(body.password, pointer="#/password", known=known)
    given = SignUp(body.email, name, hashed)
    async with here.transaction() as tx:
        client = here.request.client
        if body.invitation_token is None:
            account = await accounts.sign_up(tx, here.outbox, given, client)
        else:
            token = Secret(body.invitation_token)
            account = await acceptance.accept_by_signing_up(
                tx, given, client, service.limits, token
            )
    return _signed_up(here, account)


async def token(here: Here, body: TokenRequest) -> TokensView:
    """Get an access token, by password or by refresh token.

    Refresh tokens rotate: each works once. A used one again ends its session, save within 10
    seconds, for an answer may get lost.
    """
    if body.grant_type == "password":
        return tokens_view(here, await _by_password(here, body))
    if body.grant_type == "refresh_token":
        return tokens_view(here, await _by_refresh_token(here, body))
    raise UnsupportedGrantType if body.grant_type else InvalidRequest("grant_type is missing.")


async def _by_password(here: Here, body: TokenRequest) -> Opened:
    if not body.username or not body.password:
        raise InvalidRequest("username and password are needed.")
    try:
        return await accounts.sign_in(
            here.service.database,
            here.service.passwords,
            here.meter,
            email=email_address(body.username),
            password=body.password,
            client=here.request.client,
        )
    except BadCredentials as refusal:
        raise InvalidGrant(str(refusal), status=401) from refusal


async def _by_refresh_token(here: Here, body: TokenRequest) -> Opened:
    if not body.refresh_token or not is_plain(body.refresh_token):
        raise InvalidRequest("refresh_token is missing.")
    async with here.transaction() as tx:
        renewed = await sessions.refresh(tx, Secret(body.refresh_token))
    if renewed is None:
        raise InvalidGrant("The refresh token is not valid any more.")
    return renewed


async def sign_out(here: WritingHere) -> None:
    """Sign out: this session's tokens are refused from the very next request on."""
    await accounts.sign_out(here.tx, here.actor)


async def verify_email(here: Here, body: LetterToken) -> None:
    """Prove your address by the token of the letter."""
    async with here.transaction() as tx:
        await verification.verify_email(tx, Secret(body.token))


async def resend_verification(here: WritingHere) -> None:
    """Send the letter that proves your address again; nothing where it is proven."""
    await verification.resend(here.tx, here.outbox, here.actor)
    await here.meter.count(here.tx, charges.verification(here.meter.network, here.actor.id))


async def forget_password(here: Here, body: ForgottenPassword) -> None:
    """Ask for a letter to choose a new password; the answer never tells whether one was sent."""
    await recovery.ask_for_reset(here.service.database, here.outbox, here.meter, body.email)


async def reset_password(here: Here, body: PasswordReset) -> None:
    """Choose a new password by the token of the letter; ends every session."""
    token, meter = Secret(body.token), here.meter
    await meter.count_first(here.service.database, charges.password_reset(meter.network))
    async with here.transaction() as tx:
        user = await recovery.preview_reset(tx, token, tx.now)
    hashed = await here.service.passwords.choose(
        body.password, pointer="#/password", known=[user.email, user.name]
    )
    async with here.transaction() as tx:
        await departures.reset_password(tx, token, hashed)


async def change_password(here: Here, body: PasswordChange) -> None:
    """Choose a new password by the present one; ends your other sessions at once."""
    actor, passwords = here.actor, here.service.passwords
    await here.meter.count_first(here.service.database, charges.password_change(actor.id))
    async with here.entered() as tx:
        credentials = await users.get_credentials(tx, actor.id)
    await recovery.check_current(passwords, credentials, body.current_password)
    hashed = await passwords.choose(
        body.new_password, pointer="#/new_password", known=[actor.email, actor.name]
    )
    async with here.entered() as tx:
        await recovery.change_password(tx, actor, credentials, hashed)


def tokens_view(here: Here, opened: Opened) -> TokensView:
    """A session's tokens as they are sent."""
    access_token = here.service.tokens.issue(user_id=opened.user_id, session_id=opened.session_id)
    return {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": int(LIFETIME.total_seconds()),
        "refresh_token": opened.refresh_token.text,
    }


def _signed_up(here: Here, account: Account) -> SignUpView:
    return {
        **tokens_view(here, account.session),
        "user": me.view(account.user),
        "organization": organizations.view(account.organization),
        "workspace": workspaces.view(account.workspace),
    }
