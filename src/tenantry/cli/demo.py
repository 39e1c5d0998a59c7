"""The demo: a person to sign in as and an organization to look at, in development."""

from tenantry.accounts import actions as accounts
from tenantry.accounts.model import SignUp
from tenantry.accounts.passwords import Passwords
from tenantry.database.pool import Database
from tenantry.kit.limits import Limits
from tenantry.organizations import actions as organizations
from tenantry.organizations.actions import Draft
from tenantry.sessions.model import Client
from tenantry.users import actions as users

EMAIL, NAME, ORGANIZATION, SLUG = "demo@tenantry.test", "Dana", "Demo Company", "demo"


async def seed(database_url: str, password: str) -> None:
    """Make the demo, once: nothing where the person is there already."""
    database, passwords = Database(database_url, patience=10), Passwords()
    try:
        async with database.transaction() as (tx, _):
            if await users.find_by_email(tx, EMAIL) is not None:
                return
        hashed = await passwords.choose(password, pointer="", known=[])
        async with database.transaction() as (tx, _):
            account = await accounts.open_account(
                tx, SignUp(EMAIL, NAME, hashed), Client("tenantry dev", ""), email_verified=True
            )
            actor = accounts.actor_of(account.user, account.session)
            await organizations.create(tx, actor, Limits(), Draft(ORGANIZATION, SLUG))
    finally:
        passwords.close()
        await database.close()
