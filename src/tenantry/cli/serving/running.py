"""uvicorn, the way that both `dev` and `serve` run it."""

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
    "ws": "none",  # nothing here speaks it, whatever else is installed
    "access_log": False,
    "log_config": None,  # its records go where all the others go: see cli/logs.py
    "log_level": "warning",
    "server_header": False,
    # It would believe what anything on loopback says of a client's address: see web/proxies.py.
    "proxy_headers": False,
    "timeout_graceful_shutdown": 20,
    "timeout_keep_alive": KEEP_ALIVE_SECONDS,
}


# The garbage collector's own measure is 700, which the objects of a few dozen requests under way
# reach by themselves: it looked through them for a twentieth of the CPU and found nothing.
_YOUNG_OBJECTS = 2_000


def spare_the_collector() -> None:
    """Take what is there when all is put together as there for good.

    A whole collection went through a hundred thousand objects that never go away: 130 ms in which
    nobody was answered.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS)


class _Server(uvicorn.Server):
    """uvicorn's server, which also says when it accepts requests."""

    def __init__(self, app: ASGIApp, keep_alive_seconds: int, ready: Callable[[], None]) -> None:
        options: dict[str, Any] = {**OPTIONS, "timeout_keep_alive": keep_alive_seconds}
        super().__init__(uvicorn.Config(app, **options))
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin the lifespan, and listen."""
        await super().startup(sockets)
        self._ready()


def run_until_stopped(
    app: ASGIApp,
    bound: socket.socket,
    *,
    keep_alive_seconds: int,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve on the socket until SIGINT or SIGTERM; then what is being answered is finished.

    A connection may be idle for `keep_alive_seconds` between two requests. `ready` is called when
    requests are taken.
    """
    # uvicorn sends itself the signal again at its end; as an exception it lets callers tidy up.
    signal.signal(signal.SIGTERM, _leave)
    try:
        _Server(app, keep_alive_seconds, ready).run(sockets=[bound])
    except KeyboardInterrupt:
        return


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)
