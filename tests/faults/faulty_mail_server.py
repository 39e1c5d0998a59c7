"""A mail server that is well, slow, or fails once it has the email."""

import asyncio
from collections import Counter
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.processes import free_port


class Post:
    """Counts what comes, by address; the same port through every coming and going."""

    def __init__(self) -> None:
        self.port = free_port()
        self.came = Counter[str]()
        """How often an email to an address was handed over, whatever was answered."""
        self.answer = "250 taken"
        self.holds = False
        """Whether emails that it has are answered only once this is over."""
        self.hangs_up = False
        """Whether the connection is cut when the email is here, before anything is answered."""
        self._controller: Controller | None = None
        self.start()

    @property
    def url(self) -> str:
        """As an operator sets it."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Called by aiosmtpd, which looks for this name."""
        while self.holds:
            await asyncio.sleep(0.02)
        self.came.update(envelope.rcpt_tos)
        if self.hangs_up:
            cast(asyncio.Transport, server.transport).abort()
        return self.answer

    def start(self) -> None:
        """Be there."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Be away."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None
