"""Proving an e-mail address by the letter that was sent to it."""

from tenantry.access.authority import Actor
from tenantry.accounts import rules, store
from tenantry.accounts.actions import send_verification
from tenantry.accounts.model import Purpose
from tenantry.database.transaction import Tx
from tenantry.kit.refusals import NotFound
from tenantry.kit.secrets import Secret
from tenantry.mail.actions import Outbox
from tenantry.users import actions as users


async def verify_email(tx: Tx, token: Secret) -> None:
    """Note that the address is proven. NotFound; TokenSpent."""
    known = rules.usable(await store.lock_token(tx, token.digest), Purpose.VERIFY_EMAIL, tx.now)
    user = await users.lock(tx, known.user_id)
    if user.email != known.email:
        raise NotFound
    await users.verify_email(tx, user.id)
    store.spend_tokens(tx, user.id, Purpose.VERIFY_EMAIL)


async def resend(tx: Tx, outbox: Outbox, actor: Actor) -> None:
    """Send the letter again; nothing where the address is proven already."""
    if not actor.email_verified:
        send_verification(tx, outbox, await users.lock(tx, actor.id))
