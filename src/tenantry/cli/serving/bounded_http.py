"""HTTP connections with limits on a request before the application sees it.

The size of a head is checked while it arrives, deadlines end slow heads and slow readers, and
a refused request is answered by the application, so it is counted and logged like any other.
"""

import asyncio
from asyncio import TimerHandle, Transport
from collections.abc import Iterator
from typing import Any, cast

from httptools import HttpRequestParser
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from tenantry.cli.serving.heads import LARGEST_HEAD, MOST_HEADERS, fault_of
from tenantry.cli.serving.write_coalescing import CoalescingTransport
from tenantry.http.failures import HeadTooLarge, MalformedRequest
from tenantry.http.request import IS_WHOLE, REFUSED, HeadTimeout
from tenantry.kit.refusals import Refusal

_PIECE = 16 * 1024
"""Bytes that are parsed at once, before the size of a head is checked."""


class _Refused(Exception):
    """Raised in a callback of the parser to stop it."""


class BoundedHttpProtocol(HttpToolsProtocol):
    """uvicorn's protocol with additional limits.

    *Size.* A head, or the trailers of a body, has at most `LARGEST_HEAD` bytes and `MOST_HEADERS`
    headers. The rest is neither parsed nor kept.

    *Time.* A head has a deadline from the connection, or from the first byte after a response. The
    body has its own (`Request.body`), and so has reading the response (`CoalescingTransport`). What
    arrives complete starts no timer.
    """

    head_seconds = 30.0
    first_request_seconds = 1.0
    """How long a server that shuts down waits for the first request of a new connection."""

    _alarm: TimerHandle | None = None
    _in_head = False
    _is_shutting_down = False
    _unread = 0
    """Bytes that came since the parser last had something of them to hand out."""
    _refusal: Refusal | None = None
    """Why nothing more of this connection is read."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._coalescing = CoalescingTransport(cast(Transport, transport), self.loop)
        super().connection_made(self._coalescing)
        self._set_alarm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_alarm()
        self._coalescing.forget()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Finish what was begun, and close.

        The request of a connection that was just accepted may be on its way: closing would reset
        it, and its client could not know whether it was received.
        """
        has_had_one = cast(RequestResponseCycle | None, self.cycle) is not None
        if has_had_one or self.transport.is_closing():
            super().shutdown()
            return
        self._is_shutting_down = True
        self._end_alarm()
        self._alarm = self.loop.call_later(self.first_request_seconds, self._hang_up)

    def data_received(self, data: bytes) -> None:
        """Some bytes are here: of headers, of a body, or of nothing that could be meant."""
        for piece in _pieces(data):
            if self._refusal is not None or self.transport.is_closing():
                return
            self._unread += len(piece)
            super().data_received(piece)
            if self._unread > LARGEST_HEAD or len(self.headers or ()) > MOST_HEADERS:
                self._refuse(HeadTooLarge())
        # The rest of a body that nobody waited for ends uvicorn's own clock of idle connections.
        if self._alarm is None and (self._in_head or self._is_between) and self.parser is not None:
            self._set_alarm()

    def on_message_begin(self) -> None:
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._unread = 0
        self._in_head = False
        self._end_alarm()
        version = cast(HttpRequestParser, self.parser).get_http_version()
        self._refusal = fault_of(self.url, self.headers, version)
        if self._refusal is not None:
            raise _Refused
        super().on_headers_complete()
        if self._is_shutting_down:
            self.cycle.keep_alive = False
        # The trailers of a chunked body are not headers (RFC 9110, section 6.5.1).
        self.headers = []
        self._coalescing.lingers = True

    def on_body(self, body: bytes) -> None:
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._unread = 0
        self._coalescing.lingers = False
        self.scope["extensions"] = {IS_WHOLE: {}}
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """The parser has stopped, by itself or because we told it to."""
        del msg  # uvicorn's words: a refusal has its own
        self._refuse(self._refusal or MalformedRequest())

    def _refuse(self, refusal: Refusal) -> None:
        """Let the application answer with this refusal, and read nothing more.

        Requests that came whole before it are answered, and then the connection ends.
        """
        self._refusal = refusal
        self._end_alarm()
        self._coalescing.lingers = True
        cycle = cast(RequestResponseCycle | None, self.cycle)  # none before the first request
        if cycle is not None and not cycle.response_complete:
            if not cycle.more_body:
                cycle.keep_alive = False
                return
            if cycle.response_started or self.pipeline:
                self.transport.close()
                return
            cycle.disconnected = True  # for code that waits for the rest of its body
            cycle.message_event.set()
        self.cycle = self._refused(refusal)
        self._start_asgi_task(self.cycle, cast(Any, self).app)

    def _refused(self, refusal: Refusal) -> RequestResponseCycle:
        """A request about which nothing is known but the refusal."""
        scope: dict[str, Any] = {
            **{"type": "http", "asgi": {"version": self.asgi_version, "spec_version": "2.3"}},
            **{"http_version": "1.1", "scheme": self.scheme, "root_path": self.root_path},
            **{"server": self.server, "client": self.client, "state": self.app_state.copy()},
            **{"method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "headers": []},
            "extensions": {REFUSED: refusal, IS_WHOLE: {}},
        }
        cycle = RequestResponseCycle(
            scope=cast(Any, scope),
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=False,
            on_response=self.on_response_complete,
        )
        cycle.more_body = False
        return cycle

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
            self._refuse(HeadTimeout())
        else:
            self.transport.close()


def _pieces(data: bytes) -> Iterator[bytes]:
    if len(data) <= _PIECE:
        yield data
        return
    for start in range(0, len(data), _PIECE):
        yield data[start : start + _PIECE]
