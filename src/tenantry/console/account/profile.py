"""One's own account: the name, and whether the address is proven."""

from starlette.responses import Response

from tenantry.console.forms.confirmation import Breadcrumb, Confirmation, confirm
from tenantry.console.routing import user_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import UserPage
from tenantry.identity.accounts.verify_email import resend_verification
from tenantry.identity.users import actions as users
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id

PATH = "/account"
ACCOUNT = mark("Your account")
_RENAMED = mark("Name changed to {name}")
_ASKED = mark("Send the confirmation link again?")
_GOES = mark("We'll send a confirmation link to {email}. Earlier links stop working.")
_SEND = mark("Send link")
_SENT = mark("Email sent to {email}")


@user_page("/account")
async def ask(page: UserPage) -> Response:
    """Show the account, and the form of its name."""
    user = await users.get(page.reading, page.actor.id)
    return page.render(
        "account/account.html",
        user=user,
        user_id=show_id(Kind.USER, user.id),
        curl=page.curl("PATCH", "/me", {"name": user.name}),
    )


@ask.post
async def rename(page: UserPage) -> Response:
    """Change the name. RateLimited."""
    form = await page.form()
    name = form.name("name")
    form.ensure_valid()
    await page.write_as_self(
        lambda tx, actor: users.update_own(page.ctx.use_case(tx, actor), name=name)
    )
    return page.redirect(PATH, _RENAMED, name=name)


@user_page("/account/verification")
async def ask_to_verify(page: UserPage) -> Response:
    """Ask whether the letter that proves the address shall be sent again."""
    return confirm(
        page,
        Confirmation(
            title=_ASKED,
            words=(_GOES,),
            values={"email": page.actor.email},
            button=_SEND,
            breadcrumbs=breadcrumbs(page),
            curl=page.curl("POST", "/auth/verify-email/resend"),
            is_final=False,
        ),
    )


@ask_to_verify.post
async def verify(page: UserPage) -> Response:
    """Send it; nothing where the address is proven. RateLimited."""
    ctx = page.ctx
    await page.write_as_self(lambda tx, actor: resend_verification(ctx.use_case(tx, actor)))
    return page.redirect(PATH, _SENT, email=page.actor.email)


def breadcrumbs(page: UserPage, *more: Breadcrumb) -> list[Breadcrumb]:
    """The way to a page of one's own account."""
    return [(PATH, page.ctx.translate(ACCOUNT)), *more]
