"""Confirming an email address by the link that was sent to it."""

from tenantry.identity.accounts import email_tokens, emails
from tenantry.identity.accounts.context import AccountContext
from tenantry.identity.accounts.model import Purpose
from tenantry.identity.users import actions as users
from tenantry.identity.users.model import User
from tenantry.kit.refusals import NotFound
from tenantry.kit.secrets import Secret
from tenantry.platform.context import PersonContext
from tenantry.platform.mail.actions import Outbox
from tenantry.platform.rate_limits import policies
from tenantry.postgres.transaction import Tx


async def verify_email(ctx: AccountContext, token: Secret) -> None:
    """Record that the address is confirmed. NotFound; TokenSpent."""

    async def act(tx: Tx) -> None:
        user, issued = await email_tokens.lock(tx, token, Purpose.VERIFY_EMAIL)
        if user.email != issued.email:
            raise NotFound
        await users.verify_email(tx, user.id)
        email_tokens.spend(tx, user.id, Purpose.VERIFY_EMAIL)

    await ctx.run(act)


async def resend_verification(ctx: PersonContext) -> None:
    """Send the email again; nothing where the address is confirmed. RateLimited."""
    tx, rate_limiter, actor = ctx.tx, ctx.rate_limiter, ctx.principal
    hits = policies.verification(rate_limiter.network, actor)
    await rate_limiter.ensure_within(tx, hits)
    user = await users.lock(tx, actor.id)
    if not user.email_verified:
        send_verification(tx, ctx.outbox, user)
    await rate_limiter.hit(tx, hits)


def send_verification(tx: Tx, outbox: Outbox, user: User) -> None:
    """Send an email with a link that confirms the address; earlier links stop working."""
    email_tokens.spend(tx, user.id, Purpose.VERIFY_EMAIL)
    token = email_tokens.issue(tx, user, Purpose.VERIFY_EMAIL)
    outbox.enqueue(tx, emails.verification(outbox.links, user, token))
