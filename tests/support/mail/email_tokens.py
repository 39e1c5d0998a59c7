"""Emails that follow one another to the same address."""

import asyncio
import time
from pathlib import Path

from tests.support.mail.mailbox import email_to, token_in
from tests.support.processes import CEILING


async def next_token(mailbox: Path, address: str, *, subject: str, after: str) -> str:
    """The token of the email that came after the one with the token `after`."""
    deadline = time.monotonic() + CEILING
    while time.monotonic() < deadline:
        token = token_in(await email_to(mailbox, address, subject=subject))
        if token != after:
            return token
        await asyncio.sleep(0.01)
    raise AssertionError(f"no other email to {address} arrived")
