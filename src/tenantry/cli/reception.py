"""How connections are received: who sends a request byte by byte is not waited for without end."""

import asyncio
from asyncio import TimerHandle, Transport
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from tenantry.cli.gathering import Gathering
from tenantry.web.requests import IS_WHOLE

_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Reception(HttpToolsProtocol):
    """uvicorn's protocol with a deadline for the headers of a request; it has none by itself.

    The clock runs from the connection, or from the first byte after an answer, to the end of the
    headers: whatever trickles in does not stop it. The body has a deadline of its own
    (`Request.body`). What arrives whole never starts a clock.
    """

    head_seconds = 30.0

    _alarm: TimerHandle | None = None
    _in_head = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody has connected."""
        super().connection_made(Gathering(cast(Transport, transport), self.loop))
        self._set_alarm()

    def connection_lost(self, exc: Exception | None) -> None:
        """They have gone."""
        self._end_alarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some bytes are here: of headers, of a body, or of nothing that could be meant."""
        super().data_received(data)
        # The rest of a body that nobody waited for ends uvicorn's own clock of idle connections.
        if self._alarm is None and (self._in_head or self._is_between) and self.parser is not None:
            self._set_alarm()

    def on_message_begin(self) -> None:
        """A request begins."""
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Its headers are whole."""
        self._in_head = False
        self._end_alarm()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """All of it is here."""
        self.scope["extensions"] = {IS_WHOLE: {}}
        super().on_message_complete()

    @property
    def _is_between(self) -> bool:
        """Whether nothing is being answered."""
        cycle = cast(RequestResponseCycle | None, self.cycle)  # none before the first request
        return cycle is None or cycle.response_complete

    def _set_alarm(self) -> None:
        self._alarm = self.loop.call_later(self.head_seconds, self._hang_up)

    def _end_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _hang_up(self) -> None:
        self._alarm = None
        if self.transport.is_closing():
            return
        if self._in_head and self._is_between:
            self.transport.write(_TOO_SLOW)
        self.transport.close()
