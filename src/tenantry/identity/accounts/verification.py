"""Proving an e-mail address by the letter that was sent to it."""

from tenantry.authz.authority import Actor
from tenantry.identity.accounts import store
from tenantry.identity.accounts.actions import hold_by_token, send_verification
from tenantry.identity.accounts.model import Purpose
from tenantry.identity.users import actions as users
from tenantry.kit.refusals import NotFound
from tenantry.kit.secrets import Secret
from tenantry.platform.mail.actions import Outbox
from tenantry.platform.rate_limits import policies
from tenantry.platform.rate_limits.actions import RateLimiter
from tenantry.postgres.transaction import Tx


async def verify_email(tx: Tx, token: Secret) -> None:
    """Note that the address is proven. NotFound; TokenSpent."""
    user, known = await hold_by_token(tx, token, Purpose.VERIFY_EMAIL)
    if user.email != known.email:
        raise NotFound
    await users.verify_email(tx, user.id)
    store.spend_tokens(tx, user.id, Purpose.VERIFY_EMAIL)


async def resend(tx: Tx, outbox: Outbox, rate_limiter: RateLimiter, actor: Actor) -> None:
    """Send the letter again; nothing where the address is proven already. RateLimited."""
    counted = policies.verification(rate_limiter.network, actor)
    await rate_limiter.ensure_within(tx, counted)
    user = await users.lock(tx, actor.id)
    if not user.email_verified:
        send_verification(tx, outbox, user)
    await rate_limiter.hit(tx, counted)
