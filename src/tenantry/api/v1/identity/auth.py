"""Sign-up and sign-out, email verification, and passwords."""

from functools import partial

from tenantry.api.context import RequestContext, WriteContext
from tenantry.api.routing.declarations import Routes
from tenantry.api.schemas.fields import Body, Email, GivenPassword, Name, NewPassword, Token
from tenantry.api.v1.credentials import tokens
from tenantry.api.v1.credentials.tokens import TokensView
from tenantry.api.v1.identity import me
from tenantry.api.v1.identity.me import UserView
from tenantry.api.v1.tenancy import organizations, workspaces
from tenantry.api.v1.tenancy.organizations import OrganizationView
from tenantry.api.v1.tenancy.workspaces import WorkspaceView
from tenantry.http.access import Requirement
from tenantry.identity.accounts import change_password as accounts_password
from tenantry.identity.accounts import sign_in
from tenantry.identity.accounts import sign_up as accounts
from tenantry.identity.accounts import verify_email as verification
from tenantry.identity.accounts.model import NewAccount
from tenantry.identity.accounts.reset_password import request_reset
from tenantry.identity.offboarding import reset_password as offboarding
from tenantry.kit.secrets import Secret
from tenantry.tenancy.invitations.sign_up import sign_up_by_invitation

route = Routes("/auth")


class SignUpView(TokensView):
    """A new account, signed in, with its personal organization and default workspace."""

    user: UserView
    organization: OrganizationView
    workspace: WorkspaceView


class SignUpRequest(Body):
    """A new account. With an invitation token, it joins that organization at once."""

    email: Email
    password: NewPassword
    name: Name | None = None
    invitation_token: Token | None = None


class LetterToken(Body):
    """The token from an email."""

    token: Token


class ForgottenPassword(Body):
    """The address of the account."""

    email: Email


class PasswordReset(Body):
    """The token from an email, and a new password."""

    token: Token
    password: NewPassword


class PasswordChange(Body):
    """The current password, and a new one."""

    current_password: GivenPassword
    new_password: NewPassword


@route.post(
    "/sign-up",
    Requirement.ANYONE,
    id="auth.sign_up",
    status=201,
    refuses={403, 404, 409, 410},
    secret=True,
    limited=True,
)
async def sign_up(ctx: RequestContext, body: SignUpRequest) -> SignUpView:
    """Create an account with a personal organization and a workspace, and sign in.

    `409 email_taken` reveals that the address has an account; API-DESIGN.md explains why.
    """
    token = body.invitation_token
    act = partial(sign_up_by_invitation, token=Secret(token)) if token else accounts.sign_up
    account = await act(ctx.account, email=body.email, password=body.password, name=body.name)
    return _signed_up(ctx, account)


@route.post("/sign-out", Requirement.SIGNED_IN, id="auth.sign_out")
async def sign_out(ctx: WriteContext) -> None:
    """Sign out: this session's tokens are refused from the next request on."""
    await sign_in.sign_out(ctx.tx, ctx.actor)


@route.post("/verify-email", Requirement.ANYONE, id="auth.verify_email", refuses={404, 410})
async def verify_email(ctx: RequestContext, body: LetterToken) -> None:
    """Verify your email address with the token from the email."""
    await verification.verify_email(ctx.account, Secret(body.token))


@route.post(
    "/verify-email/resend", Requirement.SIGNED_IN, id="auth.resend_verification", limited=True
)
async def resend_verification(ctx: WriteContext) -> None:
    """Send the verification email again; nothing is sent if your address is verified."""
    await verification.resend_verification(ctx.as_person)


@route.post(
    "/password/forgot", Requirement.ANYONE, id="auth.forget_password", status=202, limited=True
)
async def forget_password(ctx: RequestContext, body: ForgottenPassword) -> None:
    """Request an email to reset a password; the response never reveals whether one was sent."""
    await request_reset(ctx.account, email=body.email)


@route.post(
    "/password/reset",
    Requirement.ANYONE,
    id="auth.reset_password",
    refuses={404, 410},
    limited=True,
)
async def reset_password(ctx: RequestContext, body: PasswordReset) -> None:
    """Set a new password with the token from the email; this ends every session."""
    await offboarding.reset_password(ctx.account, Secret(body.token), password=body.password)


@route.post(
    "/password/change",
    Requirement.SIGNED_IN,
    id="auth.change_password",
    refuses={403, 409},
    limited=True,
)
async def change_password(ctx: RequestContext, body: PasswordChange) -> None:
    """Change your password; your other sessions end at once."""
    await accounts_password.change_password(
        ctx.account,
        ctx.actor,
        current_password=body.current_password,
        new_password=body.new_password,
    )


def _signed_up(ctx: RequestContext, account: NewAccount) -> SignUpView:
    return {
        **tokens.view(ctx, account.session),
        "user": me.view(account.user),
        "organization": organizations.view(account.organization),
        "workspace": workspaces.view(account.workspace),
    }
