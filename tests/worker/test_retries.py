"""What a deadlock undid of the worker's and of housekeeping's is done again at once, and once."""

import logging

import pytest

from tenantry.platform.mail.transports import Smtp
from tenantry.platform.rate_limits import actions as rates
from tenantry.postgres.transaction import Tx
from tenantry.worker.housekeeping import Housekeeping
from tests.conftest import SENDER
from tests.support.database.injected_failures import attempts, tripping
from tests.support.mail.mail_server.server import PostOffice
from tests.support.mail.undelivered import Unattended, deliver_due
from tests.support.scene import new_address


@pytest.mark.parametrize("at_commit", [False, True], ids=["at once", "at COMMIT"])
async def test_an_email_that_was_sent_is_noted_as_sent(
    mail: Unattended, office: PostOffice, at_commit: bool
) -> None:
    """Without the retry it stays claimed, and is sent again once its lease is over."""
    recipient = new_address()
    await mail.leave(recipient)
    with tripping(mail.admin, "emails", 1, at_commit=at_commit):
        await deliver_due(mail.delivery(Smtp(office.url(), SENDER)))
        assert attempts(mail.admin) == 3  # claimed at the second try, and settled
    assert [each.state for each in mail.lying(recipient)] == ["sent"]
    assert len(office.received) == 1


async def test_a_sweep_goes_on_with_the_same_round(
    mail: Unattended, caplog: pytest.LogCaptureFixture
) -> None:
    mail.admin.execute(
        "insert into rate_counts values (sha256('a'), now(), now() - interval '1 second')"
    )
    with tripping(mail.admin, "rate_counts", 1), caplog.at_level(logging.WARNING):
        taken = await Housekeeping(mail.service.database, {"rate_counts": _sweep}).sweep_all()
    assert (taken, caplog.messages) == (1, [])


async def _sweep(tx: Tx, most: int) -> int:
    return await rates.sweep(tx, most)
