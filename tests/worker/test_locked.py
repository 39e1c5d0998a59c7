"""Emails leave whatever else is under way in an organization, and whatever others hold of them."""

import pytest
from psycopg.conninfo import make_conninfo

from tenantry.app import Parts
from tenantry.kit.secrets import Sealer
from tenantry.platform.mail.delivery import Delivery
from tenantry.platform.mail.transports import Smtp
from tenantry.postgres.database import Database
from tenantry.postgres.pool.options import PoolOptions
from tests.conftest import SENDER
from tests.support.mail.mail_server.server import PostOffice
from tests.support.mail.undelivered import Unattended, deliver_due
from tests.support.postgres import TestPostgres
from tests.support.scene import new_address

SOON = 10.0
"""Seconds in which any machine opens a connection, and which a test that passes never waits."""
BOTH = pytest.mark.parametrize("of_organization", [True, False])


async def test_emails_do_not_wait_behind_the_writes_of_an_organization(
    mail: Unattended, office: PostOffice, postgres: TestPostgres, parts: Parts
) -> None:
    """Failed with DatabaseLocked, and the email about an account, claimed first, waited for its
    lease to end; where only claiming was apart, the other email was sent, and not noted as sent."""
    about_account, of_acme = new_address(), new_address()
    await mail.leave(about_account, of_organization=False)
    await mail.leave(of_acme)
    url = make_conninfo(postgres.connections.service, dbname=mail.database_name)
    database = Database(url, PoolOptions(size=4, per_key=1, queue_timeout=SOON, lock_timeout=SOON))
    delivery = Delivery(database, Sealer(mail.secret_key), Smtp(office.url(), SENDER))

    try:
        async with database.transaction(about=mail.org_id):
            assert await deliver_due(delivery) == 2
    finally:
        await database.close()

    sent = [each.state for email in (about_account, of_acme) for each in mail.lying(email)]
    assert sent == ["sent", "sent"]


@BOTH
async def test_an_email_that_somebody_holds_is_left_and_the_others_are_sent(
    mail: Unattended, office: PostOffice, of_organization: bool
) -> None:
    """Failed with DatabaseLocked or waited, where claiming waited for the row."""
    held, other = new_address(), new_address()
    await mail.leave(held, of_organization=of_organization)
    await mail.leave(other, of_organization=False)
    table = "emails" if of_organization else "account_emails"
    delivery = mail.delivery(Smtp(office.url(), SENDER))

    with mail.admin.transaction():
        mail.admin.execute(f"select from {table} where recipient = %s for update".encode(), [held])
        (claimed,) = await delivery.claim_due(50, of_organizations=50)
        await delivery.deliver(claimed)
        assert [each.state for each in mail.lying(other)] == ["sent"]

    assert await deliver_due(delivery) == 1
    assert [each.state for each in mail.lying(held)] == ["sent"]
