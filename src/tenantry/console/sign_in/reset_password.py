"""The page on which a new password is chosen."""

from dataclasses import dataclass

from starlette.responses import Response

from tenantry.console.page_context import PageContext
from tenantry.console.texts.languages import mark
from tenantry.identity.accounts import recovery
from tenantry.identity.accounts.model import WeakPassword
from tenantry.identity.offboarding import actions as departures
from tenantry.identity.users.model import User
from tenantry.kit.secrets import Secret
from tenantry.postgres.transaction import Tx

_SET = mark("Your password is set"), mark("Sign in with it and your e-mail address.")
_CHANGED = (
    mark("Your password is changed"),
    mark("Sign in with the new one. Wherever you were signed in before, you are not now."),
)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose password it is, and whether they have had one before."""

    user: User
    is_first: bool


async def ask(ctx: PageContext) -> Response:
    """Show the form; what can no longer be done is told at once."""
    return _form(ctx, await _owner(ctx, ctx.link_token()))


async def reset(ctx: PageContext) -> Response:
    """Set the new password, or show the form again with the reason why not."""
    form, token = await ctx.form(), ctx.link_token()
    await recovery.owner_of_token(ctx.service.database, ctx.rate_limiter, token)
    owner = await _owner(ctx, token)
    try:
        hashed = await ctx.passwords.choose(
            form.text("password"), pointer="#/password", known=[owner.user.email, owner.user.name]
        )
    except WeakPassword as weak:
        return _form(ctx, owner, weak.errors[0]["detail"])
    await ctx.run(lambda tx: departures.reset_password(tx, ctx.rate_limiter, token, hashed))
    ctx.forget_link_token()
    return _outcome(ctx, owner)


async def _owner(ctx: PageContext, token: Secret) -> Owner:
    async def find(tx: Tx) -> Owner:
        user = await recovery.preview_reset(tx, token, tx.now)
        return Owner(user, is_first=not await recovery.has_password(tx, user))

    return await ctx.run(find)


def _form(ctx: PageContext, owner: Owner, problem: str = "") -> Response:
    return ctx.render(
        "reset_password.html",
        422 if problem else 200,
        email=owner.user.email,
        is_first=owner.is_first,
        problem=problem,
    )


def _outcome(ctx: PageContext, owner: Owner) -> Response:
    title, words = _SET if owner.is_first else _CHANGED
    return ctx.outcome(ctx.translate(title), ctx.translate(words))
