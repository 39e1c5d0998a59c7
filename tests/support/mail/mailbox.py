"""Emails that were caught, as their readers see them."""

import asyncio
import re
import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Literal

from tests.support.processes import CEILING


async def email_to(
    mailbox: Path, address: str, *, subject: str = "", seconds: float = CEILING
) -> EmailMessage:
    """The newest email to an address, waited for: mail leaves after the commit."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for path in sorted(mailbox.glob(f"*-{address}.eml"), reverse=True):
            message = message_from_bytes(path.read_bytes(), policy=default)
            if subject in message["Subject"]:
                return message
        await asyncio.sleep(0.02)
    raise AssertionError(f"no email to {address} arrived")


def part(email: EmailMessage, kind: Literal["plain", "html"]) -> str:
    """The text or the HTML, its lines ended as in Python."""
    body = email.get_body((kind,))
    assert body is not None
    return body.get_content().replace("\r\n", "\n")


def token_in(email: EmailMessage) -> str:
    """The token of the link."""
    found = re.search(r"token=([A-Za-z0-9_-]+)", part(email, "plain"))
    assert found is not None
    return found[1]
