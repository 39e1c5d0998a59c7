"""The account of the signed-in user: name, email address and its confirmation."""

from starlette.responses import Response

from tenantry.console.forms.confirmation import Breadcrumb, confirm
from tenantry.console.routing import user_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import UserPage
from tenantry.identity.accounts.verify_email import resend_verification
from tenantry.identity.users import actions as users
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id

PATH = "/account"


@user_page("/account")
async def show(page: UserPage) -> Response:
    user = await users.get(page.reading, page.actor.id)
    return page.render(
        "account/account.html",
        user=user,
        user_id=show_id(Kind.USER, user.id),
        curl=page.curl("PATCH", "/me", {"name": user.name}),
    )


@show.post
async def rename(page: UserPage) -> Response:
    """RateLimited."""
    form = await page.form()
    name = form.name("name")
    form.ensure_valid()
    await page.write_as_self(
        lambda tx, actor: users.update_own(page.ctx.use_case(tx, actor), name=name)
    )
    return page.redirect(PATH, mark("Name changed to {name}"), name=name)


@user_page("/account/verification")
async def confirm_resend(page: UserPage) -> Response:
    return confirm(
        page,
        mark("Send the confirmation link again?"),
        mark("We'll send a confirmation link to {email}. Earlier links stop working."),
        values={"email": page.actor.email},
        button=mark("Send link"),
        breadcrumbs=breadcrumbs(page),
        curl=page.curl("POST", "/auth/verify-email/resend"),
        is_final=False,
    )


@confirm_resend.post
async def resend(page: UserPage) -> Response:
    """Sends nothing if the address is confirmed already. RateLimited."""
    ctx = page.ctx
    await page.write_as_self(lambda tx, actor: resend_verification(ctx.use_case(tx, actor)))
    return page.redirect(PATH, mark("Email sent to {email}"), email=page.actor.email)


def breadcrumbs(page: UserPage, *more: Breadcrumb) -> list[Breadcrumb]:
    return [(PATH, page.ctx.translate(mark("Your account"))), *more]
