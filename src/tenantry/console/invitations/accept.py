"""The page that an invitation's link leads to."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from tenantry.authz.authority import Actor
from tenantry.console.forms.form import BAD_NAME
from tenantry.console.forms.submitted import MalformedForm, SubmittedForm
from tenantry.console.page_context import PageContext
from tenantry.console.routing import link_page
from tenantry.console.texts.languages import mark
from tenantry.identity.accounts.model import WeakPassword
from tenantry.identity.sessions.model import Opened
from tenantry.identity.users.model import EmailTaken
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.kit.refusals import Unauthenticated
from tenantry.kit.secrets import Secret
from tenantry.kit.text import is_name
from tenantry.tenancy.invitations.accept import accept
from tenantry.tenancy.invitations.model import Destination, Offered
from tenantry.tenancy.invitations.preview import preview_for_visitor
from tenantry.tenancy.invitations.sign_up import sign_in_by_invitation, sign_up_by_invitation

PATH = "/invitation"


@dataclass(frozen=True, slots=True)
class FieldError:
    """Why a form is shown again: the error of one field."""

    status: int
    field: str
    detail: str


@link_page("/invitation")
async def show(ctx: PageContext) -> Response:
    """Shows the offer; to a user who has already accepted it, the organization."""
    preview = await preview_for_visitor(ctx.account, ctx.link_token(), ctx.session.actor)
    offered = preview.offered
    if preview.has_joined:
        path = f"/organizations/{show_id(Kind.ORGANIZATION, offered.org_id)}"
        return ctx.render("invitations/joined.html", offered=offered, organization_path=path)
    return _page(ctx, preview.actor, offered, preview.destinations)


@show.post
async def answer(ctx: PageContext) -> Response:
    """Joins with a new account, by signing in, or as the signed-in user; or signs out.

    `way` is the button: sign-up, sign-in, accept or switch.
    """
    form, token = await ctx.form(), ctx.link_token()
    match form.text("way"):
        case "accept":
            await _accept(ctx, token)
        case "switch":
            await ctx.sign_out()
        case "sign-up" | "sign-in" as way:
            return await _by_account(ctx, form, token, way)
        case _:
            raise MalformedForm
    return ctx.redirect(PATH)


async def _accept(ctx: PageContext, token: Secret) -> None:
    try:
        await ctx.session.run_entered(lambda tx, actor: accept(ctx.use_case(tx, actor), token))
    except Unauthenticated:
        # The session has ended: the page is shown again, with the forms for signing in.
        await ctx.sign_out()


async def _by_account(ctx: PageContext, form: SubmittedForm, token: Secret, way: str) -> Response:
    preview = await preview_for_visitor(ctx.account, token, ctx.session.actor)
    offered = preview.offered
    by = _by_signing_up if way == "sign-up" else _by_signing_in
    opened = await by(ctx, form, token, offered)
    if isinstance(opened, FieldError):
        return _page(ctx, None, offered, preview.destinations, opened, name=form.text("name"))
    await ctx.sign_in(opened)
    return ctx.redirect(PATH)


async def _by_signing_up(
    ctx: PageContext, form: SubmittedForm, token: Secret, offered: Offered
) -> Opened | FieldError:
    name = form.text("name").strip()
    if not is_name(name):
        return FieldError(422, "name", BAD_NAME)
    try:
        account = await sign_up_by_invitation(
            ctx.account, token=token, email=offered.email, password=form.text("password"), name=name
        )
    except WeakPassword as weak:
        return FieldError(422, "new_password", weak.errors[0]["detail"])
    except EmailTaken:
        taken = mark("There is already an account with this address. Sign in with its password:")
        return FieldError(409, "password", taken)
    return account.session


async def _by_signing_in(
    ctx: PageContext, form: SubmittedForm, token: Secret, offered: Offered
) -> Opened | FieldError:
    try:
        return await sign_in_by_invitation(
            ctx.account, token=token, email=offered.email, password=form.text("password")
        )
    except Unauthenticated:
        # The same sentence for every cause: it must not reveal whether there is an account.
        wrong = mark("Wrong password, or no account with this address yet.")
        return FieldError(422, "password", wrong)


def _page(
    ctx: PageContext,
    actor: Actor | None,
    offered: Offered,
    workspaces: Sequence[Destination],
    error: FieldError | None = None,
    name: str = "",
) -> Response:
    return ctx.render(
        "invitations/invitation.html",
        error.status if error else 200,
        actor=actor,
        offered=offered,
        offered_workspaces=workspaces,
        can_sign_up=ctx.service.sign_up != "closed",
        error=error,
        name=name,
    )
