"""Each email leaves at least once, or is visibly `failed` (I13)."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from tenantry.platform.mail.model import LEASE, RETRIES
from tenantry.platform.mail.transports import Smtp
from tests.conftest import SENDER
from tests.support.mail.mail_server.server import PostOffice
from tests.support.mail.undelivered import Unattended, deliver_due
from tests.support.processes import CEILING
from tests.support.scene import new_address

BOTH = pytest.mark.parametrize("of_organization", [True, False])
LATER, NEVER = "451 try again later", "550 5.1.1 no such person"


def carrier(office: PostOffice) -> Smtp:
    """By way of this server."""
    return Smtp(office.url(), SENDER)


@BOTH
async def test_an_email_that_is_not_taken_is_tried_again_each_time_later(
    mail: Unattended, office: PostOffice, of_organization: bool
) -> None:
    email = new_address()
    await mail.leave(email, of_organization=of_organization)
    office.answers["DATA"].extend([LATER] * len(RETRIES))
    delivery, waits = mail.delivery(carrier(office)), list[timedelta]()

    for attempt in range(1, len(RETRIES) + 1):
        assert await deliver_due(delivery) == 1
        assert await deliver_due(delivery) == 0
        (lying,) = mail.lying(email)
        assert (lying.state, lying.attempts) == ("queued", attempt)
        waits.append(lying.next_attempt_at - datetime.now(UTC))
        mail.let_time_pass()

    assert waits == sorted(waits)
    for wait, promised in zip(waits, RETRIES, strict=True):
        assert promised - timedelta(seconds=9) < wait <= promised
    assert await deliver_due(delivery) == 1
    assert [each.state for each in mail.lying(email)] == ["sent"]


@BOTH
async def test_after_the_last_try_it_has_failed_visibly(
    mail: Unattended, office: PostOffice, of_organization: bool
) -> None:
    email = new_address()
    await mail.leave(email, of_organization=of_organization)
    office.answers["RCPT"].extend([LATER] * (len(RETRIES) + 2))
    delivery = mail.delivery(carrier(office))

    for _ in range(len(RETRIES) + 1):
        assert await deliver_due(delivery) == 1
        mail.let_time_pass()

    (lying,) = mail.lying(email)
    assert (lying.state, lying.attempts) == ("failed", len(RETRIES) + 1)
    assert lying.last_error is not None
    assert LATER in lying.last_error.replace("(451, '", "451 ")
    assert await deliver_due(delivery) == 0


@BOTH
@pytest.mark.parametrize("command", ["RCPT", "DATA"])
async def test_a_no_for_good_fails_it_at_once_and_holds_up_no_other(
    mail: Unattended, office: PostOffice, command: str, of_organization: bool
) -> None:
    refused, other = new_address(), new_address()
    await mail.leave(refused, of_organization=of_organization)
    await mail.leave(other, of_organization=of_organization)
    office.answers[command].append(NEVER)

    assert await deliver_due(mail.delivery(carrier(office))) == 2

    (lying,) = mail.lying(refused)
    assert (lying.state, lying.attempts) == ("failed", 1)
    assert "no such person" in (lying.last_error or "")
    assert [received.envelope.rcpt_tos for received in office.received] == [[other]]


async def test_all_tries_of_an_email_bear_one_message_id(
    mail: Unattended, office: PostOffice
) -> None:
    """The server takes the email; that it did is never noted, so it comes again."""
    email = new_address()
    await mail.leave(email)
    (lying,) = mail.lying(email)
    for _ in range(2):
        await deliver_due(mail.delivery(carrier(office)))
        back = "update emails set state = 'queued', sealed = %s, settled_at = null where id = %s"
        mail.admin.execute(back, [lying.sealed, lying.id])
        mail.let_time_pass()

    ids = [received.message["Message-ID"] for received in office.received]
    assert ids == [f"<{lying.id}@tenantry.test>"] * 2


@BOTH
async def test_who_dies_while_sending_leaves_the_email_to_another_when_the_lease_is_over(
    mail: Unattended, office: PostOffice, of_organization: bool
) -> None:
    email = new_address()
    await mail.leave(email, of_organization=of_organization)
    office.opened.clear()
    dying = asyncio.create_task(deliver_due(mail.delivery(carrier(office))))
    await asyncio.wait_for(office.reached.wait(), CEILING)
    dying.cancel()
    with suppress(asyncio.CancelledError):
        await dying
    office.opened.set()

    other = mail.delivery(carrier(office))
    (lying,) = mail.lying(email)
    assert (lying.state, lying.attempts) == ("queued", 1)
    assert timedelta(0) < lying.next_attempt_at - datetime.now(UTC) <= LEASE
    assert await deliver_due(other) == 0
    mail.let_time_pass()
    assert await deliver_due(other) == 1
    assert [each.state for each in mail.lying(email)] == ["sent"]


@BOTH
async def test_several_workers_send_each_email_once(
    mail: Unattended, office: PostOffice, of_organization: bool
) -> None:
    """Fails with emails that arrive several times once a claim does not look whether the email
    is still waiting: tried."""
    readers = [new_address() for _ in range(8)]
    for email in readers:
        await mail.leave(email, of_organization=of_organization)

    workers = [mail.delivery(carrier(office)) for _ in range(4)]
    await asyncio.gather(*(deliver_due(worker) for worker in workers))

    assert sorted(received.envelope.rcpt_tos[0] for received in office.received) == sorted(readers)


async def test_an_email_that_nothing_is_prepared_for_holds_up_no_other_and_fails_in_the_end(
    mail: Unattended, office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    broken, other = new_address(), new_address()
    token = await mail.leave(broken)
    await mail.leave(other)
    mail.admin.execute(
        "update emails set recipient = %s where recipient = %s", [f"{broken}\nBcc: x", broken]
    )
    delivery = mail.delivery(carrier(office))

    for _ in range(len(RETRIES) + 1):
        await deliver_due(delivery)
        mail.let_time_pass()

    assert [each.state for each in mail.lying(f"{broken}\nBcc: x")] == ["failed"]
    assert [each.state for each in mail.lying(other)] == ["sent"]
    assert "cannot be sent" in caplog.text
    assert token.text not in caplog.text
