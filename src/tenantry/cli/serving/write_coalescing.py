"""Writing to a connection: in few packets, and only while the client reads.

What is written in one turn of the event loop leaves in one packet. A client that does not read its
response in time is disconnected; otherwise it would hold the bytes for ever.
"""

import asyncio
from asyncio import TimerHandle
from typing import Any

_LARGE = 16 * 1024
"""As much as this leaves at once: flow control must see what a producer without a pause writes."""


class CoalescingTransport(asyncio.Transport):
    """A transport that gathers what is written to another.

    uvicorn writes the head of an answer and its body by themselves. Each would be a system call, a
    packet, and a wake-up of whoever waits for the answer.

    What was written must leave within `write_seconds`, or the connection is closed: reading a byte
    now and then does not stop that timer.
    """

    write_seconds = 30.0
    linger_seconds = 2.0

    lingers = False
    """Whether something of a request may still be on its way. To close at once would reset the
    connection then, and the client might lose the answer (RFC 9112, section 9.6)."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._gathered: list[bytes | bytearray | memoryview] = []
        self._size = 0
        self._written = 0
        self._due = 0
        """How many of all written bytes must have left when the deadline is over."""
        self._deadline: TimerHandle | None = None
        self._farewell: TimerHandle | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send it, at the latest with the next turn of the loop."""
        if not self._gathered:
            self._loop.call_soon(self._leave)
        self._gathered.append(data)
        self._size += len(data)
        if self._size >= _LARGE:
            self._leave()

    def close(self) -> None:
        """Send what was written and close: at once, or after the client had time to read."""
        if self._farewell is not None:
            return
        self._leave()
        if not self.lingers or self._transport.is_closing():
            self._transport.close()
            return
        self._transport.write_eof()
        self._farewell = self._loop.call_later(self.linger_seconds, self._transport.close)

    def is_closing(self) -> bool:
        """Whether the connection is closed, or about to be."""
        return self._farewell is not None or self._transport.is_closing()

    def forget(self) -> None:
        """Cancel the timers: the connection is gone."""
        for clock in (self._deadline, self._farewell):
            if clock is not None:
                clock.cancel()

    def pause_reading(self) -> None:
        """Hand out no more of what comes in."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Hand it out again."""
        self._transport.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What is known of the connection."""
        return self._transport.get_extra_info(name, default)

    def _leave(self) -> None:
        gathered, size, self._gathered, self._size = self._gathered, self._size, [], 0
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
