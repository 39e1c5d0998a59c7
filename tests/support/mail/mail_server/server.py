"""The far side of SMTP: a real server on loopback, which takes emails, or refuses them as told."""

import asyncio
import ssl
from collections import defaultdict, deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

TAKEN = "250 OK"


@dataclass
class Received:
    """An email that came in, and how."""

    envelope: Envelope
    encrypted: bool
    user: LoginPassword | None
    greeted_as: str | None

    @property
    def raw(self) -> bytes:
        """The message as it travelled."""
        content = self.envelope.content
        return content.encode() if isinstance(content, str) else content or b""

    @property
    def message(self) -> EmailMessage:
        """The message, read."""
        return message_from_bytes(self.raw, policy=default)


@dataclass
class PostOffice:
    """Takes what comes; `answers` holds what it says next to a command, before it takes it again.

    A test that waits for `opened` holds up the end of each email.
    """

    received: list[Received] = field(default_factory=list[Received])
    answers: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque[str]))
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    def __post_init__(self) -> None:
        self.opened.set()

    def url(self, user: str = "", *, scheme: str = "smtp") -> str:
        """Its address; `user` as in `name:password@`."""
        return f"{scheme}://{user}localhost:{self.port}"

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer("MAIL")
        if answer == TAKEN:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer("RCPT")
        if answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.reached.set()
        await self.opened.wait()
        answer = self._answer("DATA")
        if answer == TAKEN:
            encrypted = session.ssl is not None
            self.received.append(
                Received(envelope, encrypted, session.auth_data, session.host_name)
            )
        return answer

    def _answer(self, command: str) -> str:
        waiting = self.answers[command]
        return waiting.popleft() if waiting else TAKEN


@dataclass(frozen=True)
class Manner:
    """How the server goes about it."""

    implicit_tls: ssl.SSLContext | None = None
    starttls: ssl.SSLContext | None = None
    password: str | None = None
    """Who signs in needs this one; no one gets through without."""
    seven_bits: bool = False


PLAIN = Manner()


@asynccontextmanager
async def post_office(manner: Manner = PLAIN) -> AsyncGenerator[PostOffice]:
    """A server that takes emails until the block ends."""
    office = PostOffice()

    def authenticated(*called_with: object) -> AuthResult:
        given = called_with[-1]
        right = isinstance(given, LoginPassword) and given.password.decode() == manner.password
        return AuthResult(success=right, handled=False, auth_data=given)

    def protocol() -> SMTP:
        return SMTP(
            office,
            hostname="mx.test",
            tls_context=manner.starttls,
            auth_required=manner.password is not None,
            auth_require_tls=manner.starttls is not None,
            authenticator=authenticated,
            decode_data=manner.seven_bits,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=manner.implicit_tls)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        office.opened.set()
        server.close()
