"""Writing to a connection: what is written in one turn of the event loop leaves in one packet."""

import asyncio
from typing import Any

_LARGE = 16 * 1024
"""As much as this leaves at once: flow control must see what a producer without a pause writes."""


class Gathering(asyncio.Transport):
    """A transport that gathers what is written to another.

    uvicorn writes the head of an answer and its body by themselves. Each would be a system call, a
    packet, and a wake-up of whoever waits for the answer.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._gathered: list[bytes | bytearray | memoryview] = []
        self._size = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send it, at the latest with the next turn of the loop."""
        if not self._gathered:
            self._loop.call_soon(self._leave)
        self._gathered.append(data)
        self._size += len(data)
        if self._size >= _LARGE:
            self._leave()

    def close(self) -> None:
        """Send what was written, and hang up."""
        self._leave()
        self._transport.close()

    def is_closing(self) -> bool:
        """Whether the connection is closed, or about to be."""
        return self._transport.is_closing()

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
        gathered, self._gathered, self._size = self._gathered, [], 0
        if gathered and not self._transport.is_closing():
            self._transport.write(b"".join(gathered))
