"""Writing to a connection: in few packets, and only while the client reads.

What is written in one turn of the event loop leaves in one packet. A client that does not read its
response in time is disconnected; otherwise it would hold the bytes forever.
"""

import asyncio
from asyncio import TimerHandle
from typing import Any

_LARGE = 16 * 1024
"""This much is sent at once, so that flow control sees a producer that does not pause."""


class CoalescingTransport(asyncio.Transport):
    """A transport that combines the writes of one turn of the event loop.

    uvicorn writes head and body of a response separately: two system calls and two packets.

    What was written must be sent within `write_seconds`, or the connection is closed; reading a
    byte now and then does not stop the timer.
    """

    write_seconds = 30.0
    linger_seconds = 2.0

    lingers = False
    """Whether more of a request may arrive. Closing at once would then reset the connection, and
    the client might lose the response (RFC 9112, section 9.6)."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._pending: list[bytes | bytearray | memoryview] = []
        self._size = 0
        self._written = 0
        self._due = 0
        """How many of all written bytes must be sent before the deadline."""
        self._deadline: TimerHandle | None = None
        self._linger: TimerHandle | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send it, at the latest in the next turn of the loop."""
        if not self._pending:
            self._loop.call_soon(self._leave)
        self._pending.append(data)
        self._size += len(data)
        if self._size >= _LARGE:
            self._leave()

    def close(self) -> None:
        """Send what was written and close, at once or after the client had time to read."""
        if self._linger is not None:
            return
        self._leave()
        if not self.lingers or self._transport.is_closing():
            self._transport.close()
            return
        self._transport.write_eof()
        self._linger = self._loop.call_later(self.linger_seconds, self._transport.close)

    def is_closing(self) -> bool:
        return self._linger is not None or self._transport.is_closing()

    def forget(self) -> None:
        """Cancel the timers, because the connection is closed."""
        for clock in (self._deadline, self._linger):
            if clock is not None:
                clock.cancel()

    def pause_reading(self) -> None:
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        self._transport.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._transport.get_extra_info(name, default)

    def _leave(self) -> None:
        gathered, size, self._pending, self._size = self._pending, self._size, [], 0
        if gathered and not self.is_closing():
            self._written += size
            self._transport.write(b"".join(gathered))
            if self._deadline is None:
                self._set_deadline()

    def _set_deadline(self) -> None:
        self._due = self._written
        self._deadline = self._loop.call_later(self.write_seconds, self._check)

    def _check(self) -> None:
        """Disconnect a client that has not read what was due; one timer serves many responses."""
        self._deadline = None
        held = self._transport.get_write_buffer_size()
        if self._written - held < self._due:
            self._transport.abort()
        elif held:
            self._set_deadline()
