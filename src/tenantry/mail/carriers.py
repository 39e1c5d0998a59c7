"""How letters travel: by SMTP (RFC 5321), or into a folder where nobody sends mail."""

import asyncio
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from tenantry.mail.model import Composed, NotCarried, Undeliverable

_TIMEOUT = 20.0
# In octets, what may travel (RFC 5322, section 2.1.1).
_LONGEST_LINE = 998
_POLICY = SMTP.clone(max_line_length=_LONGEST_LINE)


class Carrier(Protocol):
    """Takes a letter to its reader."""

    async def carry(self, letter: Composed) -> None:
        """Return once it is on its way. NotCarried: perhaps later; Undeliverable: never."""
        ...


def as_message(letter: Composed, sender: str) -> EmailMessage:
    """The letter as an e-mail message (RFC 5322); repeated tries bear the same Message-ID."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = letter.recipient
    # A name that reads as an encoded word (RFC 2047) would be decoded here, line ends and all.
    message["Subject"] = letter.subject.replace("=?", "= ?")
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<{letter.id}@{_domain(sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte=_encoding(letter.text))
    message.add_alternative(letter.html, subtype="html", cte=_encoding(letter.html))
    # Of both parts together: set before, it would go into the first.
    message["Content-Language"] = letter.language
    return message


def _encoding(text: str) -> str:
    """As it stands, where it may: quoted-printable breaks links apart for who reads the source."""
    if any(len(line) > _LONGEST_LINE for line in text.encode().splitlines()):
        return "quoted-printable"
    return "7bit" if text.isascii() else "8bit"


def _domain(sender: str) -> str:
    return sender.rsplit("@", 1)[-1].rstrip("> ") or "localhost"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Keeps every letter as a file of the folder, readable by its owner alone."""

    folder: Path
    sender: str

    async def carry(self, letter: Composed) -> None:
        """Write `<time>-<to>.eml`, whole or not at all."""
        content = as_message(letter, self.sender).as_bytes()
        try:
            await asyncio.to_thread(self._write, letter, content)
        except OSError as failed:
            raise NotCarried(str(failed)) from failed

    def _write(self, letter: Composed, content: bytes) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        time = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        path = self.folder / f"{time}-{re.sub('[^A-Za-z0-9@._+-]', '_', letter.recipient)}.eml"
        draft = path.with_suffix(".part")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        draft.rename(path)


@dataclass(frozen=True, slots=True)
class Smtp:
    """Hands letters to a mail server: `smtp://user:password@host:587`, or `smtps://` for TLS.

    Under `smtp://` the connection turns to TLS as soon as the server offers it (RFC 3207).
    """

    url: str
    sender: str

    async def carry(self, letter: Composed) -> None:
        """Return once the server has taken the letter over."""
        try:
            await self._hand_over(as_message(letter, self.sender))
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _no(refused, *(each.code for each in refused.recipients)) from refused
        except aiosmtplib.SMTPDataError as refused:
            raise _no(refused, refused.code) from refused
        except (aiosmtplib.SMTPException, OSError) as failed:
            raise NotCarried(str(failed)) from failed

    async def _hand_over(self, message: EmailMessage) -> None:
        client = self._client()
        try:
            await client.connect()
            await client.send_message(message)
            with suppress(aiosmtplib.SMTPException, OSError):  # it has the letter, come what may
                await client.quit()
        finally:
            # No farewell: who is cancelled here must not wait for a server that takes its time.
            client.close()

    async def greet(self) -> None:
        """Say hello, sign in and leave, as if there were a letter. NotCarried."""
        try:
            await self._say_hello()
        except (aiosmtplib.SMTPException, OSError) as failed:
            raise NotCarried(" ".join(str(failed).split()) or type(failed).__name__) from failed

    async def _say_hello(self) -> None:
        client = self._client()
        try:
            await client.connect()
            await client.quit()
        finally:
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        parts = urlsplit(self.url)
        implicit_tls = parts.scheme == "smtps"
        return aiosmtplib.SMTP(
            hostname=parts.hostname,
            port=parts.port or (465 if implicit_tls else 587),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=implicit_tls,
            timeout=_TIMEOUT,
        )


def _no(refused: Exception, *codes: int) -> NotCarried:
    """Undeliverable where the server says no for good (RFC 5321, section 4.2.1)."""
    for_good = all(500 <= code < 600 for code in codes)
    return Undeliverable(str(refused)) if for_good else NotCarried(str(refused))
