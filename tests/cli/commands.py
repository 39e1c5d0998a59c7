"""The `tenantry` command as a process of its own, as people start it."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path

import httpx2

from tests.support.processes import CEILING, free_port, wait_for

Process = subprocess.Popen[str]


def environment(**settings: str) -> dict[str, str]:
    """This environment without a setting of Tenantry's but those named."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("TENANTRY_") and name not in ("DATABASE_URL", "DATABASE_URL_FILE")
    }
    return kept | settings


def tenantry(
    *arguments: str, settings: Mapping[str, str], seconds: float = CEILING
) -> subprocess.CompletedProcess[str]:
    """What the command says, and how it exits, where it comes to an end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "tenantry", *arguments],
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


class Running:
    """A `tenantry` that serves, what it said, and how to ask it."""

    def __init__(self, process: Process, port: int) -> None:
        self.process = process
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def get(self, path: str) -> httpx2.Response:
        """One request, without a token."""
        return httpx2.get(self.url + path, timeout=CEILING)

    @property
    def is_ready(self) -> bool:
        """Whether it answers, and says that all is well. Fails where it has ended instead."""
        assert self.process.poll() is None, self.process.communicate()
        try:
            return self.get("/readyz").status_code == 200
        except httpx2.TransportError:
            return False

    def end(self, sign: signal.Signals) -> int:
        """Send a signal; the exit status, which must come in time."""
        self.process.send_signal(sign)
        return self.process.wait(CEILING)


@contextmanager
def starting(
    *arguments: str, settings: Mapping[str, str], module: str = "tenantry", log: Path | None = None
) -> Generator[Running]:
    """Start the command on a port of its own, and end it at last.

    A process that fills a pipe which is not read would block: `log` takes it all.
    """
    port = free_port()
    with (
        nullcontext(subprocess.PIPE) if log is None else log.open("a") as output,
        subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env=environment(**settings, TENANTRY_PORT=str(port)),
            stdout=output,
            stderr=output,
            text=True,
        ) as process,
    ):
        try:
            yield Running(process, port)
        finally:
            process.terminate()
            process.wait(CEILING)


@contextmanager
def running(
    *arguments: str, settings: Mapping[str, str], module: str = "tenantry", log: Path | None = None
) -> Generator[Running]:
    """The same, once it is ready."""
    with starting(*arguments, settings=settings, module=module, log=log) as started:
        wait_for(lambda: started.is_ready)
        yield started
