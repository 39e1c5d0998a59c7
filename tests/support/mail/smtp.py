"""A mail server of somebody else's, real, on loopback."""

from collections.abc import Generator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.processes import free_port


class MailServer:
    """Takes every email, and remembers it by the address that it went to.

    What goes to `refused.…` and `later.…` is not taken.
    """

    def __init__(self) -> None:
        self.emails: dict[str, EmailMessage] = {}
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def url(self) -> str:
        """As an operator sets it."""
        return f"smtp://127.0.0.1:{self._controller.port}"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse recipients with such a name: for good, or for now. Called by aiosmtpd."""
        if address.startswith("refused."):
            return f"550 5.1.1 <{address}>: no such mailbox"
        if address.startswith("later."):
            return "451 try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Called by aiosmtpd, which looks for this name."""
        content = envelope.content
        assert isinstance(content, bytes)
        for address in envelope.rcpt_tos:
            self.emails[address] = message_from_bytes(content, policy=default)
        return "250 taken"

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()


@contextmanager
def mail_server() -> Generator[MailServer]:
    """The server, while it is needed."""
    server = MailServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()
