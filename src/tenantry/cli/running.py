"""uvicorn, the way that both `dev` and `serve` run it."""

import signal
import socket
import sys
from types import FrameType
from typing import Any, NoReturn

import uvicorn
from starlette.types import ASGIApp

from tenantry.cli.reception import Reception

OPTIONS: dict[str, Any] = {
    "loop": "auto",
    "http": Reception,
    "access_log": False,
    "log_config": None,  # its records go where all the others go: see cli/logs.py
    "log_level": "warning",
    "server_header": False,
    # It would believe what anything on loopback says of a client's address: see web/proxies.py.
    "proxy_headers": False,
    "timeout_graceful_shutdown": 20,
}


def run_until_stopped(app: ASGIApp, bound: socket.socket) -> None:
    """Serve on the socket until SIGINT or SIGTERM; then what is being answered is finished."""
    # uvicorn sends itself the signal again at its end; as an exception it lets callers tidy up.
    signal.signal(signal.SIGTERM, _leave)
    try:
        uvicorn.Server(uvicorn.Config(app, **OPTIONS)).run(sockets=[bound])
    except KeyboardInterrupt:
        return


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)
