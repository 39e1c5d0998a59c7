"""Sending emails by SMTP (RFC 5321), or into a folder during development."""

import asyncio
import os
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from tenantry.platform.mail.model import (
    DeliveryDeferred,
    DeliveryRefused,
    RenderedEmail,
    error_text,
)

_TIMEOUT = 20.0
_ENHANCED = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
# The longest line in octets (RFC 5322, section 2.1.1).
_LONGEST_LINE = 998
_POLICY = SMTP.clone(max_line_length=_LONGEST_LINE)


class Transport(Protocol):
    """Sends emails."""

    async def send(self, email: RenderedEmail) -> None:
        """Return once the email is sent. DeliveryDeferred: try later; DeliveryRefused: never."""
        ...


def as_message(email: RenderedEmail, sender: str) -> EmailMessage:
    """The email as a message (RFC 5322); repeated attempts have the same Message-ID."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = email.recipient
    # A name in the form of an encoded word (RFC 2047) would be decoded here, including line ends.
    message["Subject"] = email.subject.replace("=?", "= ?")
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<{email.id}@{_domain(sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(email.text, cte=_encoding(email.text))
    message.add_alternative(email.html, subtype="html", cte=_encoding(email.html))
    # Of both parts together: set before, it would go into the first.
    message["Content-Language"] = email.language
    return message


def _encoding(text: str) -> str:
    """Unencoded if possible: quoted-printable breaks links apart in the source."""
    if any(len(line) > _LONGEST_LINE for line in text.encode().splitlines()):
        return "quoted-printable"
    return "7bit" if text.isascii() else "8bit"


def _domain(sender: str) -> str:
    return sender.rsplit("@", 1)[-1].rstrip("> ") or "localhost"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Writes each email into a file of the folder, readable only by its owner."""

    folder: Path
    sender: str

    async def send(self, email: RenderedEmail) -> None:
        """Write `<time>-<to>.eml` atomically."""
        content = as_message(email, self.sender).as_bytes()
        try:
            await asyncio.to_thread(self._write, email, content)
        except OSError as failed:
            raise DeliveryDeferred(str(failed)) from failed

    def _write(self, email: RenderedEmail, content: bytes) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        time = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        path = self.folder / f"{time}-{re.sub('[^A-Za-z0-9@._+-]', '_', email.recipient)}.eml"
        draft = path.with_suffix(".part")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        draft.rename(path)


@dataclass(frozen=True, slots=True)
class Smtp:
    """Sends emails to a mail server: `smtp://user:password@host:587`, or `smtps://` for TLS.

    With `smtp://`, the connection switches to TLS if the server offers it (RFC 3207).
    """

    url: str
    sender: str
    helo: str | None = None
    """The name for our greeting (RFC 5321, section 4.1.1.1); this machine's own if None."""

    async def send(self, email: RenderedEmail) -> None:
        """Return once the server has accepted the email."""
        try:
            async with self._connected() as client:
                await client.send_message(as_message(email, self.sender))
                # The server has accepted the email, whatever fails after that.
                with suppress(aiosmtplib.SMTPException, OSError):
                    await client.quit()
        except aiosmtplib.SMTPRecipientsRefused as refused:
            (recipient,) = refused.recipients
            raise _refusal(recipient, of_recipient=True) from refused
        except aiosmtplib.SMTPResponseException as refused:
            raise _refusal(refused) from refused
        except (aiosmtplib.SMTPException, OSError) as failed:
            raise DeliveryDeferred(error_text(failed)) from failed

    async def greet(self) -> None:
        """Connect, sign in and disconnect, without an email. DeliveryDeferred."""
        try:
            async with self._connected() as client:
                await client.quit()
        except (aiosmtplib.SMTPException, OSError) as failed:
            raise DeliveryDeferred(error_text(failed)) from failed

    @asynccontextmanager
    async def _connected(self) -> AsyncGenerator[aiosmtplib.SMTP]:
        client = self._client()
        try:
            await client.connect()
            yield client
        finally:
            # Without waiting: a cancellation must not depend on a slow server.
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
            local_hostname=self.helo,
            timeout=_TIMEOUT,
        )


def greeting_name(base_url: str) -> str:
    """The name to greet mail servers with: the host of the base URL.

    Servers refuse names that are not fully qualified, such as that of a container; an IP address is
    put in brackets.
    """
    host = urlsplit(base_url).hostname or "localhost"
    try:
        return f"[IPv6:{host}]" if ip_address(host).version == 6 else f"[{host}]"
    except ValueError:  # it is a name
        return host


def _refusal(
    refused: aiosmtplib.SMTPResponseException, *, of_recipient: bool = False
) -> DeliveryDeferred:
    """DeliveryRefused if the server refuses the recipient for good; DeliveryDeferred otherwise."""
    answer = f"{refused.code} {refused.message}"
    final = _refuses_the_address(refused.code, refused.message, of_recipient=of_recipient)
    return (DeliveryRefused if final else DeliveryDeferred)(answer)


def _refuses_the_address(code: int, message: str, *, of_recipient: bool) -> bool:
    """Decided by the enhanced code (RFC 3463, section 3.2) if there is one, else the plain one.

    A plain 5xx to RCPT may be about our host name or our address, such as "504 need fully-qualified
    hostname". X.1.7 and X.1.8 are about the sender's address.
    """
    enhanced = _ENHANCED.match(message)
    if enhanced is None:
        return of_recipient and 550 <= code <= 553
    kind, subject, detail = enhanced.groups()
    return (kind, subject) == ("5", "1") and detail not in ("7", "8")
