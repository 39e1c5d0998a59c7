"""A worker process, started by the supervisor."""

import os
import signal
import socket
import threading
from contextlib import suppress

from tenantry.cli.serving.application import application
from tenantry.cli.serving.server import run_until_stopped
from tenantry.settings import Settings


def run(bound_fileno: int, line_fileno: int) -> None:
    """Serve on the inherited socket until a signal arrives or the supervisor exits.

    CannotStart.
    """
    line = socket.socket(fileno=line_fileno)
    threading.Thread(target=_end_with, args=[line], name="lifeline", daemon=True).start()

    def say_ready() -> None:
        with suppress(OSError):  # the supervisor is gone, which the thread notices too
            line.send(b"!")

    run_until_stopped(
        application(),
        socket.socket(fileno=bound_fileno),
        keep_alive_seconds=Settings.load(os.environ).keep_alive_seconds,
        ready=say_ready,
    )


def _end_with(line: socket.socket) -> None:
    """Wait until the supervisor exits, for any reason, and stop."""
    with suppress(OSError):
        line.recv(1)
    os.kill(os.getpid(), signal.SIGTERM)
