"""The port, taken before anything else is started."""

import errno
import socket

from tenantry.cli.refusals import CannotStart, CannotStartYet

_UNSENT = 128 * 1024
"""Bytes that the kernel buffers for a slow reader. By default it takes megabytes, which the
deadline for reading a response would not notice."""
_UNTAKEN_MS = 30_000
"""How long the kernel goes on sending them after we have closed the connection."""


def bound_socket(host: str, port: int) -> socket.socket:
    """A listening socket on the address. CannotStart where it is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named TCP, or asyncio would hold back small answers (no TCP_NODELAY): 40 ms each.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Each connection has these from the socket that it came by; not every system knows them.
    for option, value in (("TCP_NOTSENT_LOWAT", _UNSENT), ("TCP_USER_TIMEOUT", _UNTAKEN_MS)):
        if hasattr(socket, option):
            bound.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
    try:
        bound.bind((host, port))
        bound.listen(1024)
    except OSError as taken:
        bound.close()
        # Who uses it may be about to leave it; an address that is not this machine's stays so.
        refusal = CannotStartYet if taken.errno == errno.EADDRINUSE else CannotStart
        raise refusal(
            f"{host}:{port} cannot be used ({taken.strerror}). Stop what uses it, or choose another"
            f" port, for example TENANTRY_PORT={port + 1}."
        ) from taken
    bound.set_inheritable(True)
    return bound
