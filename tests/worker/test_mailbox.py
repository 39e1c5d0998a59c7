"""Emails that no one sends, kept as files."""

import re
import stat
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from tenantry.platform.mail.model import DeliveryDeferred, DeliveryRefused, RenderedEmail
from tenantry.platform.mail.transports import Mailbox
from tests.conftest import SENDER
from tests.support.mail.mailbox import part
from tests.worker.test_smtp import rendered_email


def mode(path: Path) -> int:
    """Who may do what with it."""
    return stat.S_IMODE(path.stat().st_mode)


async def kept(folder: Path, *emails: RenderedEmail) -> list[Path]:
    """The files that come of emails."""
    for each in emails:
        await Mailbox(folder, SENDER).send(each)
    return sorted(folder.iterdir())


async def test_an_email_is_a_file_named_by_time_and_reader_for_its_owner_alone(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "home" / "mailbox"

    (path,) = await kept(folder, rendered_email())

    assert re.fullmatch(r"\d{8}T\d{6}\.\d{6}Z-nora@example\.com\.eml", path.name)
    assert mode(path) == 0o600
    assert mode(folder) == 0o700


async def test_the_file_is_the_message_itself(tmp_path: Path) -> None:
    sent = rendered_email()

    (path,) = await kept(tmp_path, sent)

    message = message_from_bytes(path.read_bytes(), policy=default)
    assert message["To"] == sent.recipient
    assert message["Subject"] == sent.subject
    assert part(message, "plain") == sent.text
    assert part(message, "html") == sent.html
    assert b"\r\n" in path.read_bytes()


async def test_emails_lie_in_the_order_of_their_coming(tmp_path: Path) -> None:
    sent = [rendered_email() for _ in range(5)]

    paths = await kept(tmp_path, *sent)

    ids = [message_from_bytes(path.read_bytes(), policy=default)["Message-ID"] for path in paths]
    assert ids == [f"<{each.id}@tenantry.test>" for each in sent]


@pytest.mark.parametrize(
    "address", ["../../x@a.test", "..", "/etc/x@a.test", "x/'\"`$ü\0\\@a.test", ""]
)
async def test_no_address_leads_out_of_the_folder(tmp_path: Path, address: str) -> None:
    folder = tmp_path / "mailbox"

    await Mailbox(folder, SENDER).send(replace(rendered_email(), recipient=address))

    (path,) = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert path.parent == folder
    assert re.fullmatch(r"[A-Za-z0-9@._+-]+\.eml", path.name)


async def test_a_folder_that_cannot_be_written_is_no_answer(tmp_path: Path) -> None:
    (tmp_path / "mailbox").write_bytes(b"a file is in the way")

    with pytest.raises(DeliveryDeferred) as refused:
        await Mailbox(tmp_path / "mailbox", SENDER).send(rendered_email())

    assert not isinstance(refused.value, DeliveryRefused)
