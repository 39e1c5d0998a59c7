"""Signing up and out on the wire; letters' tokens, and passwords."""

from tenantry.api.context import Here, WritingHere
from tenantry.api.v1.credentials import tokens
from tenantry.api.v1.credentials.tokens import TokensView
from tenantry.api.v1.fields import Body, Email, GivenPassword, Name, NewPassword, Token
from tenantry.api.v1.identity import me
from tenantry.api.v1.identity.me import UserView
from tenantry.api.v1.tenancy import organizations, workspaces
from tenantry.api.v1.tenancy.organizations import OrganizationView
from tenantry.api.v1.tenancy.workspaces import WorkspaceView
from tenantry.identity.accounts import actions as accounts
from tenantry.identity.accounts import recovery, verification
from tenantry.identity.accounts.model import Account, SignUp, SignUpClosed
from tenantry.identity.offboarding import actions as departures
from tenantry.identity.users import actions as users
from tenantry.kit.secrets import Secret
from tenantry.kit.text import name_from
from tenantry.platform.rate_limits import policies
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.invitations import acceptance


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
    meter = here.meter
    token = None if body.invitation_token is None else Secret(body.invitation_token)
    if token is None:
        await meter.count_first(service.database, policies.sign_up(meter.network))
    else:
        await acceptance.ensure_may_sign_up(service.database, meter, token)
    hashed = await here.passwords.choose(body.password, pointer="#/password", known=known)
    given, client = SignUp(body.email, name, hashed), here.request.client

    async def sign_up(tx: Tx) -> Account:
        if token is None:
            return await accounts.sign_up(tx, here.outbox, given, client)
        return await acceptance.accept_by_signing_up(
            tx, given, client, meter, service.limits, token
        )

    return _signed_up(here, await here.run(sign_up))


async def sign_out(here: WritingHere) -> None:
    """Sign out: this session's tokens are refused from the very next request on."""
    await accounts.sign_out(here.tx, here.actor)


async def verify_email(here: Here, body: LetterToken) -> None:
    """Prove your address by the token of the letter."""
    await here.run(lambda tx: verification.verify_email(tx, Secret(body.token)))


async def resend_verification(here: WritingHere) -> None:
    """Send the letter that proves your address again; nothing where it is proven."""
    await verification.resend(here.tx, here.outbox, here.meter, here.actor)


async def forget_password(here: Here, body: ForgottenPassword) -> None:
    """Ask for a letter to choose a new password; the answer never tells whether one was sent."""
    await recovery.ask_for_reset(here.service.database, here.outbox, here.meter, body.email)


async def reset_password(here: Here, body: PasswordReset) -> None:
    """Choose a new password by the token of the letter; ends every session."""
    token, meter = Secret(body.token), here.meter
    user = await recovery.owner_of_token(here.service.database, meter, token)
    hashed = await here.passwords.choose(
        body.password, pointer="#/password", known=[user.email, user.name]
    )
    await here.run(lambda tx: departures.reset_password(tx, meter, token, hashed))


async def change_password(here: Here, body: PasswordChange) -> None:
    """Choose a new password by the present one; ends your other sessions at once."""
    actor, passwords = here.actor, here.passwords
    await here.meter.count_first(here.service.database, policies.password_change(actor.id))
    credentials = await here.run_entered(lambda tx: users.get_credentials(tx, actor.id))
    await recovery.check_current(passwords, credentials, body.current_password)
    hashed = await passwords.choose(
        body.new_password, pointer="#/new_password", known=[actor.email, actor.name]
    )
    await here.run_entered(lambda tx: recovery.change_password(tx, actor, credentials, hashed))


def _signed_up(here: Here, account: Account) -> SignUpView:
    return {
        **tokens.view(here, account.session),
        "user": me.view(account.user),
        "organization": organizations.view(account.organization),
        "workspace": workspaces.view(account.workspace),
    }
