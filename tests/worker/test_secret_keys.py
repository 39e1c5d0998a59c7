"""Emails that are sealed with another secret key are left to those who have it."""

import logging

import pytest

from tenantry.kit.ids import Kind, show
from tenantry.kit.secrets import Sealer
from tenantry.platform.mail.actions import Outbox
from tenantry.platform.mail.delivery import Delivery
from tenantry.platform.mail.layout import Templates
from tenantry.platform.mail.transports import Smtp
from tests.conftest import SENDER
from tests.support.mail.mail_server.server import PostOffice
from tests.support.mail.undelivered import Unattended, deliver_due
from tests.support.scene import new_address

BOTH = pytest.mark.parametrize("of_organization", [True, False])
OTHER = "another secret key, of another service"


def delivery(mail: Unattended, office: PostOffice, *keys: str) -> Delivery:
    """Of a service with these keys, the one that seals first."""
    return Delivery(mail.service.database, Sealer(*keys), Smtp(office.url(), SENDER))


@BOTH
async def test_an_email_sealed_by_another_service_is_left_to_it(
    mail: Unattended, office: PostOffice, of_organization: bool
) -> None:
    email = new_address()
    await mail.leave(email, of_organization=of_organization)

    assert await deliver_due(delivery(mail, office, OTHER)) == 0
    assert [(each.state, each.attempts) for each in mail.lying(email)] == [("queued", 0)]

    assert await deliver_due(delivery(mail, office, mail.secret_key)) == 1
    assert [each.state for each in mail.lying(email)] == ["sent"]


@BOTH
async def test_an_email_of_another_key_holds_up_no_later_one(
    mail: Unattended, office: PostOffice, of_organization: bool
) -> None:
    stuck, other = new_address(), new_address()
    outbox = Outbox(Sealer(OTHER), mail.service.outbox.links, Templates(), lambda: None)
    await mail.leave(stuck, outbox=outbox, of_organization=of_organization)
    await mail.leave(other, of_organization=of_organization)

    assert await deliver_due(delivery(mail, office, mail.secret_key)) == 1

    assert [each.state for each in mail.lying(stuck)] == ["queued"]
    assert [each.state for each in mail.lying(other)] == ["sent"]


@BOTH
async def test_after_a_rotation_the_previous_key_opens_what_waits(
    mail: Unattended, office: PostOffice, of_organization: bool
) -> None:
    email = new_address()
    await mail.leave(email, of_organization=of_organization)

    assert await deliver_due(delivery(mail, office, OTHER, mail.secret_key)) == 1

    assert [each.state for each in mail.lying(email)] == ["sent"]


async def test_an_email_of_an_earlier_release_that_no_key_opens_keeps_what_it_says(
    mail: Unattended, office: PostOffice
) -> None:
    email = new_address()
    await mail.leave(email)
    mail.admin.execute("update emails set key_id = null")

    assert await deliver_due(delivery(mail, office, OTHER)) == 1
    (lying,) = mail.lying(email)
    assert lying.state == "queued"
    assert "TENANTRY_SECRET_KEY" in (lying.last_error or "")

    mail.let_time_pass()
    assert await deliver_due(delivery(mail, office, mail.secret_key)) == 1


async def test_what_no_key_opens_is_named_in_the_log_and_what_one_opens_is_not(
    mail: Unattended, office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    email = new_address()
    await mail.leave(email)
    (lying,) = mail.lying(email)
    for keys in ((mail.secret_key,), (OTHER, mail.secret_key), (OTHER,)):
        assert caplog.records == []
        async with mail.service.database.transaction() as (tx, _):
            assert await delivery(mail, office, *keys).name_unreadable(tx, 200) == 0

    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert show(Kind.EMAIL, lying.id) in record.getMessage()
    assert "TENANTRY_SECRET_KEY_PREVIOUS" in record.getMessage()
    assert email not in record.getMessage()
