"""Signing up and out on the wire; letters' tokens, and passwords."""

from tenantry.api.context import RequestContext, WriteContext
from tenantry.api.fields import Body, Email, GivenPassword, Name, NewPassword, Token
from tenantry.api.operations import Requirement
from tenantry.api.routing import Routes
from tenantry.api.v1.credentials import tokens
from tenantry.api.v1.credentials.tokens import TokensView
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

route = Routes()


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


@route.post(
    "/auth/sign-up",
    Requirement.ANYONE,
    id="auth.sign_up",
    status=201,
    refuses={403, 404, 409, 410},
    secret=True,
    limited=True,
)
async def sign_up(ctx: RequestContext, body: SignUpRequest) -> SignUpView:
    """Sign up: an account, its personal organization with a workspace, and a first session.

    `409 email_taken` tells that the address has an account; see API-DESIGN.md for why.
    """
    service = ctx.service
    mode, invited = service.sign_up, body.invitation_token is not None
    if mode == "closed" or (mode == "invite" and not invited):
        raise SignUpClosed
    name = body.name or name_from(body.email)
    known = [body.email, name]
    rate_limiter = ctx.rate_limiter
    token = None if body.invitation_token is None else Secret(body.invitation_token)
    if token is None:
        await rate_limiter.hit_first(service.database, policies.sign_up(rate_limiter.network))
    else:
        await acceptance.ensure_may_sign_up(service.database, rate_limiter, token)
    hashed = await ctx.passwords.choose(body.password, pointer="#/password", known=known)
    given, client = SignUp(body.email, name, hashed), ctx.request.client

    async def sign_up(tx: Tx) -> Account:
        if token is None:
            return await accounts.sign_up(tx, ctx.outbox, given, client)
        return await acceptance.accept_by_signing_up(
            tx, given, client, rate_limiter, service.limits, token
        )

    return _signed_up(ctx, await ctx.run(sign_up))


@route.post("/auth/sign-out", Requirement.SIGNED_IN, id="auth.sign_out")
async def sign_out(ctx: WriteContext) -> None:
    """Sign out: this session's tokens are refused from the very next request on."""
    await accounts.sign_out(ctx.tx, ctx.actor)


@route.post("/auth/verify-email", Requirement.ANYONE, id="auth.verify_email", refuses={404, 410})
async def verify_email(ctx: RequestContext, body: LetterToken) -> None:
    """Prove your address by the token of the letter."""
    await ctx.run(lambda tx: verification.verify_email(tx, Secret(body.token)))


@route.post(
    "/auth/verify-email/resend", Requirement.SIGNED_IN, id="auth.resend_verification", limited=True
)
async def resend_verification(ctx: WriteContext) -> None:
    """Send the letter that proves your address again; nothing where it is proven."""
    await verification.resend(ctx.tx, ctx.outbox, ctx.rate_limiter, ctx.actor)


@route.post(
    "/auth/password/forgot", Requirement.ANYONE, id="auth.forget_password", status=202, limited=True
)
async def forget_password(ctx: RequestContext, body: ForgottenPassword) -> None:
    """Ask for a letter to choose a new password; the answer never tells whether one was sent."""
    await recovery.ask_for_reset(ctx.service.database, ctx.outbox, ctx.rate_limiter, body.email)


@route.post(
    "/auth/password/reset",
    Requirement.ANYONE,
    id="auth.reset_password",
    refuses={404, 410},
    limited=True,
)
async def reset_password(ctx: RequestContext, body: PasswordReset) -> None:
    """Choose a new password by the token of the letter; ends every session."""
    token, rate_limiter = Secret(body.token), ctx.rate_limiter
    user = await recovery.owner_of_token(ctx.service.database, rate_limiter, token)
    hashed = await ctx.passwords.choose(
        body.password, pointer="#/password", known=[user.email, user.name]
    )
    await ctx.run(lambda tx: departures.reset_password(tx, rate_limiter, token, hashed))


@route.post(
    "/auth/password/change",
    Requirement.SIGNED_IN,
    id="auth.change_password",
    refuses={403, 409},
    limited=True,
)
async def change_password(ctx: RequestContext, body: PasswordChange) -> None:
    """Choose a new password by the present one; ends your other sessions at once."""
    actor, passwords = ctx.actor, ctx.passwords
    await ctx.rate_limiter.hit_first(ctx.service.database, policies.password_change(actor.id))
    credentials = await ctx.run_entered(lambda tx: users.get_credentials(tx, actor.id))
    await recovery.check_current(passwords, credentials, body.current_password)
    hashed = await passwords.choose(
        body.new_password, pointer="#/new_password", known=[actor.email, actor.name]
    )
    await ctx.run_entered(lambda tx: recovery.change_password(tx, actor, credentials, hashed))


def _signed_up(ctx: RequestContext, account: Account) -> SignUpView:
    return {
        **tokens.view(ctx, account.session),
        "user": me.view(account.user),
        "organization": organizations.view(account.organization),
        "workspace": workspaces.view(account.workspace),
    }
