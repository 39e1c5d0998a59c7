"""The listening socket, opened before anything else starts."""

import errno
import socket

from tenantry.cli.errors import CannotStart, CannotStartYet

_UNSENT = 128 * 1024
"""Bytes that the kernel buffers for a slow reader. The default is megabytes, which would hide a
stalled client from the deadline for reading a response."""
_UNTAKEN_MS = 30_000
"""How long the kernel keeps sending them after we have closed the connection."""


def bound_socket(host: str, port: int) -> socket.socket:
    """A listening socket on the address. CannotStart if it cannot be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Without IPPROTO_TCP, asyncio would not set TCP_NODELAY: 40 ms for each small response.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Connections inherit these options; not every system has them.
    for option, value in (("TCP_NOTSENT_LOWAT", _UNSENT), ("TCP_USER_TIMEOUT", _UNTAKEN_MS)):
        if hasattr(socket, option):
            bound.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
    try:
        bound.bind((host, port))
        bound.listen(1024)
    except OSError as taken:
        bound.close()
        # A port in use may become free; an address of another machine does not.
        refusal = CannotStartYet if taken.errno == errno.EADDRINUSE else CannotStart
        raise refusal(
            f"{host}:{port} cannot be used ({taken.strerror}). Stop what uses it, or choose another"
            f" port, for example TENANTRY_PORT={port + 1}."
        ) from taken
    bound.set_inheritable(True)
    return bound
