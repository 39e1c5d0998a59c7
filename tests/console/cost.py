"""What the first page after signing in costs: `python -m tests.console.cost`."""

import asyncio
import sys
import time

import httpx2

from tenantry.api.application import Application
from tenantry.app import Parts, create_app
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.platform.mail.model import Links
from tenantry.platform.mail.transports import Mailbox
from tests.conftest import BASE_URL, SENDER, cheap_passwords
from tests.console.screens import signed_in
from tests.support.cast import assemble
from tests.support.postgres import TestPostgres
from tests.support.processes import open_folder

_WARM, _COUNTED = 50, 300


async def measure(app: Application) -> float:
    """Milliseconds of this process for one request, the client's own part included."""
    cast = await assemble(app.service)
    secret = await signed_in(app.service, cast.alice)
    path = f"/organizations/{cast.acme.organization.slug}"
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        client.cookies.set("tenantry-session", secret.text)
        began = 0.0
        for number in range(_WARM + _COUNTED):
            if number == _WARM:
                began = time.process_time()
            assert (await client.get(path)).status_code == 200
        return (time.process_time() - began) / _COUNTED * 1000


async def main() -> None:
    """Start the service in this process, and tell what was measured."""
    with open_folder() as folder:
        postgres = await asyncio.to_thread(TestPostgres.start, folder)
        parts = Parts(
            database_url=postgres.connections.service,
            base_url=BASE_URL,
            signing_keys=SigningKeys.generate(),
            secret_key="a secret key for measuring alone",
            transport=Mailbox(folder, SENDER),
            links=Links(BASE_URL, BASE_URL, BASE_URL, BASE_URL),
            passwords=cheap_passwords(),
            rate_limits=False,
        )
        try:
            app = create_app(parts)
            assert isinstance(app, Application)
            async with app.router.lifespan_context(app):
                sys.stdout.write(f"{await measure(app):.1f} ms of processor time for a page\n")
        finally:
            postgres.server.stop()


if __name__ == "__main__":
    asyncio.run(main())
