"""Emails wait sealed, with the act that causes them, and leave nothing readable behind (I10)."""

import pytest

from tenantry.kit.secrets import Sealer, Secret
from tenantry.platform.mail.actions import Outbox
from tenantry.platform.mail.layout import Templates
from tenantry.platform.mail.transports import Smtp
from tenantry.schema.tenant import set_tenant
from tests.conftest import SENDER
from tests.support.database.exposure import readable_secrets
from tests.support.mail.mail_server.server import PostOffice
from tests.support.mail.mailbox import token_in
from tests.support.mail.undelivered import Unattended, deliver_due
from tests.support.scene import new_address

BOTH = pytest.mark.parametrize("of_organization", [True, False])


@BOTH
async def test_a_waiting_email_is_sealed(mail: Unattended, of_organization: bool) -> None:
    email = new_address()

    token = await mail.leave(email, of_organization=of_organization)

    (lying,) = mail.lying(email)
    assert (lying.state, lying.attempts) == ("queued", 0)
    assert lying.sealed is not None
    for readable in (token.text, email, "Somebody", "Come in", "http"):
        assert readable.encode() not in lying.sealed
    assert readable_secrets(mail.admin, [token.text]) == []


@BOTH
async def test_only_the_services_own_key_opens_it(mail: Unattended, of_organization: bool) -> None:
    email = new_address()
    token = await mail.leave(email, of_organization=of_organization)
    (lying,) = mail.lying(email)
    assert lying.sealed is not None

    opened = Sealer(mail.secret_key).open(lying.sealed, purpose=b"email")

    assert token.text.encode() in opened
    for key, purpose in ((mail.secret_key + "!", b"email"), (mail.secret_key, b"other")):
        with pytest.raises(ValueError, match="encrypted with another key"):
            Sealer(key).open(lying.sealed, purpose=purpose)


async def test_two_emails_of_the_same_words_lie_there_differently(mail: Unattended) -> None:
    email, token = new_address(), Secret.new()
    async with mail.service.database.transaction() as (tx, _):
        for _ in range(2):
            mail.service.outbox.enqueue(tx, mail.email(email, token, of_organization=False))

    first, second = mail.lying(email)
    assert first.sealed != second.sealed


@BOTH
async def test_what_was_sealed_is_erased_with_the_sending(
    mail: Unattended, office: PostOffice, of_organization: bool
) -> None:
    email = new_address()
    token = await mail.leave(email, of_organization=of_organization)

    assert await deliver_due(mail.delivery(Smtp(office.url(), SENDER))) == 1

    (lying,) = mail.lying(email)
    assert (lying.state, lying.sealed, lying.attempts) == ("sent", None, 1)
    assert lying.settled_at is not None
    (received,) = office.received
    assert received.envelope.rcpt_tos == [email]
    assert token_in(received.message) == token.text


@BOTH
async def test_no_email_of_an_act_that_was_not_kept_exists(
    mail: Unattended, of_organization: bool
) -> None:
    woken = list[bool]()
    links = mail.service.outbox.links
    outbox = Outbox(Sealer("another"), links, Templates(), lambda: woken.append(True))
    email = new_address()

    with pytest.raises(RuntimeError, match="think better of it"):
        await _think_better_of_it(mail, outbox, email, of_organization=of_organization)

    assert mail.lying(email) == []
    assert woken == []


async def _think_better_of_it(
    mail: Unattended, outbox: Outbox, email: str, *, of_organization: bool
) -> None:
    org_id = mail.org_id if of_organization else None
    async with mail.service.database.transaction() as (tx, _):
        if org_id is not None:
            set_tenant(tx, org_id)
        message = mail.email(email, Secret.new(), of_organization=of_organization)
        outbox.enqueue(tx, message)
        await tx.execute([])
        raise RuntimeError("think better of it")


async def test_the_worker_is_woken_once_the_email_is_there(mail: Unattended) -> None:
    email, seen = new_address(), list[int]()
    outbox = Outbox(
        Sealer("another"),
        mail.service.outbox.links,
        Templates(),
        lambda: seen.append(len(mail.lying(email))),
    )

    await mail.leave(email, outbox=outbox)

    assert seen == [1]
