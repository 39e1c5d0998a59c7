"""The service in a process of its own, which reports its peak memory.

`python -m tests.support.measured_service DATABASE_URL FOLDER` prints its URL;
for every line that it reads
it prints the most bytes that it has held so far.
"""

import asyncio
import resource
import sys
import threading
from pathlib import Path

import uvicorn

from tenantry.app import Parts, create_app
from tenantry.cli.serving.listening_socket import bound_socket
from tenantry.cli.serving.server import OPTIONS
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.platform.mail.model import Links
from tenantry.platform.mail.transports import Mailbox

_UNIT = 1 if sys.platform == "darwin" else 1024


def main() -> None:
    """Serve until standard input ends."""
    database_url, folder = sys.argv[1:]
    bound = bound_socket("127.0.0.1", 0)
    url = f"http://127.0.0.1:{bound.getsockname()[1]}"
    app = create_app(
        Parts(
            database_url=database_url,
            base_url=url,
            signing_keys=SigningKeys.generate(),
            secret_key="a secret key that is used by tests alone",
            transport=Mailbox(Path(folder), "Tenantry <no-reply@tenantry.test>"),
            links=Links(url, url, url, url),
        )
    )
    server = uvicorn.Server(uvicorn.Config(app, **OPTIONS))
    threading.Thread(target=_tell, args=[server, url], daemon=True).start()
    asyncio.run(server.serve(sockets=[bound]))


def _tell(server: uvicorn.Server, url: str) -> None:
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()
    while sys.stdin.readline():
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
        sys.stdout.write(f"{most}\n")
        sys.stdout.flush()
    server.should_exit = True


if __name__ == "__main__":
    main()
