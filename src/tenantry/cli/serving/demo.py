"""The demo user and organization for development."""

from tenantry.identity.accounts import sign_up as accounts
from tenantry.identity.accounts.passwords import Passwords
from tenantry.identity.sessions.model import Client
from tenantry.identity.users import actions as users
from tenantry.kit.limits import Limits
from tenantry.postgres.database import Database
from tenantry.postgres.pool.options import PoolOptions
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations.actions import NewOrganization

EMAIL, NAME, ORGANIZATION, SLUG = "demo@tenantry.test", "Dana", "Demo Company", "demo"


async def seed(database_url: str, password: str) -> None:
    """Create the demo, unless its user exists already."""
    database, passwords = Database(database_url, PoolOptions(patience=10)), Passwords()
    try:
        if await database.run(lambda tx: users.find_by_email(tx, EMAIL)) is not None:
            return
        hashed = await passwords.choose(password, pointer="", known=[])
        await database.run(lambda tx: _create(tx, hashed))
    finally:
        passwords.close()
        await database.close()


async def _create(tx: Tx, password_hash: str) -> None:
    account = await accounts.open_account(
        tx,
        email=EMAIL,
        name=NAME,
        password_hash=password_hash,
        client=Client("tenantry dev", ""),
        email_verified=True,
    )
    actor = accounts.actor_of(account.user, account.session)
    await organizations.create(tx, actor, Limits(), NewOrganization(ORGANIZATION, SLUG))
