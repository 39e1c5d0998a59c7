"""What a deadlock undid of the worker's and of housekeeping's is done again at once, and once."""

import logging
from uuid import UUID

import pytest

from tenantry.kit.page import FIRST
from tenantry.platform.mail.transports import Smtp
from tenantry.platform.rate_limits import actions as rates
from tenantry.postgres.transaction import Tx
from tenantry.worker.housekeeping import Housekeeping, Sweep, Walk
from tests.conftest import SENDER
from tests.support.database.injected_failures import attempts, tripping
from tests.support.mail.mail_server.server import PostOffice
from tests.support.mail.undelivered import Unattended, deliver_due
from tests.support.scene import new_address

AT = pytest.mark.parametrize("at_commit", [False, True], ids=["at once", "at COMMIT"])


@AT
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


@AT
@pytest.mark.parametrize("job", ["sweep", "walk"])
async def test_housekeeping_goes_on_with_the_same_round(
    mail: Unattended, caplog: pytest.LogCaptureFixture, job: str, at_commit: bool
) -> None:
    """Fails where `Housekeeping`, which runs sweeps and walks, opens a transaction itself."""
    mail.admin.execute(
        "insert into rate_counts values (sha256('a'), now(), now() - interval '1 second')"
    )
    jobs: dict[str, Sweep | Walk] = {job: rates.sweep if job == "sweep" else Walk(_find, _proceed)}
    with (
        tripping(mail.admin, "rate_counts", 1, at_commit=at_commit),
        caplog.at_level(logging.WARNING),
    ):
        taken = await Housekeeping(mail.service.database, jobs).sweep_all()
        assert attempts(mail.admin) == 2
    assert (taken, caplog.messages) == (1, [])


async def _find(_tx: Tx, _after: UUID, _most: int) -> tuple[list[UUID], None]:
    return [FIRST], None


async def _proceed(tx: Tx, _subject: UUID, most: int) -> bool:
    return await rates.sweep(tx, most) == most
