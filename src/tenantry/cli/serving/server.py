"""uvicorn, as both `dev` and `serve` run it."""

import gc
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn

import uvicorn
from starlette.types import ASGIApp

from tenantry.cli.serving.bounded_http import BoundedHttpProtocol
from tenantry.settings import KEEP_ALIVE_SECONDS

OPTIONS: dict[str, Any] = {
    "loop": "auto",
    "http": BoundedHttpProtocol,
    "ws": "none",  # not used
    "access_log": False,
    "log_config": None,  # its records go through cli/logs.py
    "log_level": "warning",
    "server_header": False,
    # It would trust anything on loopback; http/proxies.py reads the header instead.
    "proxy_headers": False,
    "timeout_graceful_shutdown": 20,
    "timeout_keep_alive": KEEP_ALIVE_SECONDS,
}


# Python's default is 700, which the objects of a few dozen concurrent requests exceed: the
# collector then takes a twentieth of the CPU and finds nothing.
_COLLECTION_THRESHOLD = 2_000


def tune_garbage_collector() -> None:
    """Exclude everything that is loaded from garbage collection.

    A full collection of these objects, which are never freed, stops all requests for 130 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECTION_THRESHOLD)


class _Server(uvicorn.Server):
    """uvicorn's server, which also reports when it accepts requests."""

    def __init__(self, app: ASGIApp, keep_alive_seconds: int, ready: Callable[[], None]) -> None:
        options: dict[str, Any] = {**OPTIONS, "timeout_keep_alive": keep_alive_seconds}
        super().__init__(uvicorn.Config(app, **options))
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def run_until_stopped(
    app: ASGIApp,
    bound: socket.socket,
    *,
    keep_alive_seconds: int,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve on the socket until SIGINT or SIGTERM, then finish the requests in flight.

    A connection may be idle for `keep_alive_seconds` between two requests. `ready` is called when
    requests are accepted.
    """
    # uvicorn raises the signal again at its end; as an exception, callers can clean up.
    signal.signal(signal.SIGTERM, _leave)
    try:
        _Server(app, keep_alive_seconds, ready).run(sockets=[bound])
    except KeyboardInterrupt:
        return


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)
