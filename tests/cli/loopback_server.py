"""The service as a real server on loopback, whose way to receive connections a test may change."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import uvicorn

from tenantry.app import Parts, create_app
from tenantry.cli.serving.bounded_http import BoundedHttpProtocol
from tenantry.cli.serving.listening_socket import bound_socket
from tenantry.cli.serving.server import OPTIONS
from tests.conftest import cheap_passwords
from tests.support.processes import wait_for


@contextmanager
def listening(
    parts: Parts, protocol: type[BoundedHttpProtocol] = BoundedHttpProtocol, **options: Any
) -> Generator[tuple[str, int]]:
    """Where it listens, on a thread of its own."""
    app = create_app(replace(parts, passwords=cheap_passwords()))
    with bound_socket("127.0.0.1", 0) as bound:
        given: dict[str, Any] = {**OPTIONS, "http": protocol, **options}
        config = uvicorn.Config(app, **given)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        wait_for(lambda: server.started)
        yield bound.getsockname()
        server.should_exit = True
        thread.join()
