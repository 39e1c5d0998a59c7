"""`tenantry emails`: what was not sent, why, and sending it again."""

import asyncio
import os
from collections.abc import AsyncGenerator

import pytest
from typer.testing import CliRunner, Result

from tenantry.app import Parts
from tenantry.cli.main import app
from tenantry.platform.mail.transports import Smtp
from tests.conftest import SENDER
from tests.support.mail.mail_server.server import PostOffice, post_office
from tests.support.mail.undelivered import Unattended, deliver_due, unattended
from tests.support.postgres import TestPostgres
from tests.support.scene import new_address

BOTH = pytest.mark.parametrize("of_organization", [True, False])


@pytest.fixture
async def mail(postgres: TestPostgres, parts: Parts) -> AsyncGenerator[Unattended]:
    async with unattended(postgres, parts) as made:
        yield made


@pytest.fixture
async def office() -> AsyncGenerator[PostOffice]:
    async with post_office() as opened:
        yield opened


async def emails(mail: Unattended, *arguments: str) -> Result:
    """What the command says."""
    ambient = [name for name in os.environ if name.startswith(("TENANTRY_", "DATABASE_URL"))]
    info = mail.admin.info
    url = f"postgresql://tenantry@/{info.dbname}?host={info.host}&port={info.port}"
    env = {**dict.fromkeys(ambient), "DATABASE_URL": url}
    return await asyncio.to_thread(CliRunner().invoke, app, ["emails", *arguments], env=env)


async def tried(mail: Unattended, office: PostOffice) -> None:
    """Every email that is due, once."""
    await deliver_due(mail.delivery(Smtp(office.url(), SENDER)))


@BOTH
async def test_a_failed_email_is_listed_with_its_reason_and_sent_once_it_is_queued_again(
    mail: Unattended, office: PostOffice, of_organization: bool
) -> None:
    email = new_address()
    await mail.leave(email, of_organization=of_organization)
    office.answers["RCPT"].append("550 5.1.1 no such person")
    await tried(mail, office)

    line = (await emails(mail, "list", "--state", "failed")).stdout.splitlines()[0].split("\t")
    assert line[1] == "failed"
    assert line[3] == "attempts=1"
    assert line[4].startswith("org_" if of_organization else "account")
    assert line[5:] == [email, "550 5.1.1 no such person"]

    again = await emails(mail, "requeue", line[0])
    assert (again.exit_code, again.stdout) == (0, f"{line[0]} is queued again.\n")
    await tried(mail, office)
    assert [each.state for each in mail.lying(email)] == ["sent"]
    assert (await emails(mail, "list")).stdout == ""


async def test_all_failed_emails_are_queued_again_at_once(
    mail: Unattended, office: PostOffice
) -> None:
    addresses = [new_address() for _ in range(3)]
    for number, email in enumerate(addresses):
        await mail.leave(email, of_organization=number > 0)
    office.answers["RCPT"].extend(["550 5.1.1 no such person"] * 3)
    await tried(mail, office)

    assert (await emails(mail, "requeue", "--all-failed")).stdout == "3 emails are queued again.\n"
    await tried(mail, office)

    assert {each.state for email in addresses for each in mail.lying(email)} == {"sent"}


async def test_what_cannot_be_queued_again_is_told_with_what_to_do(
    mail: Unattended, office: PostOffice
) -> None:
    await mail.leave(new_address())
    waiting = (await emails(mail, "list")).stdout.split("\t", 1)[0]

    for arguments, told in {
        (waiting,): "it is waiting to be sent",
        ("email_01h455vb4pex5vsknk084sn02q",): "see `tenantry emails list`",
        ("nothing",): "see `tenantry emails list`",
        (): "name emails by their ids, or give --all-failed",
        (waiting, "--all-failed"): "name emails by their ids, or give --all-failed",
    }.items():
        refused = await emails(mail, "requeue", *arguments)
        assert refused.exit_code == 2
        assert told in refused.stderr

    mail.admin.execute("update emails set state = 'failed', sealed = null, settled_at = now()")
    gone = await emails(mail, "requeue", waiting)
    assert "Repeat the action that sent it" in gone.stderr
