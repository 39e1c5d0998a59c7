"""Clients that send byte by byte, hundreds of them, on one thread."""

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager

_HEAD = b"POST /api/v1/auth/sign-up HTTP/1.1\r\nHost: slow\r\nContent-Type: application/json\r\n"
_BODY = b"Content-Length: 10000\r\n\r\n"
_PAUSE = 0.5


@contextmanager
def slow_clients(port: int, count: int) -> Generator[None]:
    """So many of them: one half is never done with its headers, the other with its body."""
    over = threading.Event()
    clients = [_Slow(port, body=bool(number % 2)) for number in range(count)]
    thread = threading.Thread(target=_trickle, args=[clients, over])
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        for client in clients:
            client.socket.close()


class _Slow:
    def __init__(self, port: int, *, body: bool) -> None:
        self._port, self._body = port, body
        self.socket = self._connected()

    def drip(self) -> None:
        """One byte more; from the beginning where the service has hung up."""
        try:
            self.socket.sendall(b"x")
        except OSError:
            self.socket.close()
            self.socket = self._connected()

    def _connected(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self._port), timeout=20)
        made.sendall(_HEAD + (_BODY if self._body else b"X-Slow: "))
        return made


def _trickle(clients: list[_Slow], over: threading.Event) -> None:
    while not over.wait(_PAUSE):
        for client in clients:
            client.drip()
