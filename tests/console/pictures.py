"""Takes the pictures of docs/console.md: `python -m tests.console.pictures [NAME …]`."""

import asyncio
import shutil
import sys
import tempfile
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.async_api import Browser, FloatRect, Page, ViewportSize, async_playwright

from tenantry.app import Parts, create_app
from tenantry.cli.serving.listening_socket import bound_socket
from tenantry.cli.serving.server import OPTIONS
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.platform.mail.model import Links
from tenantry.platform.mail.transports import Mailbox
from tests.conftest import SENDER, cheap_passwords
from tests.console.conftest import BROWSERS
from tests.console.demo import Demo, screenshots
from tests.console.palettes import reduced
from tests.support.postgres import TestPostgres
from tests.support.processes import open_folder

IMAGES = Path(__file__).parents[2] / "docs" / "images"
_TALLEST = 1400
"""Pixels: what is below is not shown."""


@contextmanager
def serving(postgres: TestPostgres, mailbox: Path) -> Generator[str]:
    """A service on loopback; its base URL."""
    bound = bound_socket("127.0.0.1", 0)
    url = f"http://127.0.0.1:{bound.getsockname()[1]}"
    parts = Parts(
        database_url=postgres.connections.service,
        base_url=url,
        signing_keys=SigningKeys.generate(),
        secret_key="a secret key for pictures alone",
        transport=Mailbox(mailbox, SENDER),
        links=Links(
            verify_email=f"{url}/verify-email",
            reset_password=f"{url}/reset-password",
            invitation=f"{url}/invitation",
            home=f"{url}/",
        ),
        passwords=cheap_passwords(),
        rate_limits=False,
        mailbox=mailbox,
    )
    server = uvicorn.Server(uvicorn.Config(create_app(parts), **OPTIONS))
    thread = threading.Thread(target=asyncio.run, args=[server.serve(sockets=[bound])])
    thread.start()
    try:
        yield url
    finally:
        server.should_exit = True
        thread.join()
        bound.close()


async def take(browser: Browser, demo: Demo, names: list[str]) -> None:
    """Take the pictures of these names, or of all."""
    for screenshot in screenshots(demo):
        if names and screenshot.name not in names:
            continue
        viewport = ViewportSize(width=screenshot.width, height=800)
        context = await browser.new_context(base_url=demo.url, viewport=viewport, locale="en")
        async with context:
            await context.add_cookies([demo.cookie()])
            page = await context.new_page()
            await page.goto(screenshot.path)
            if screenshot.then is not None:
                await screenshot.then(page)
            await _keep(page, IMAGES / f"{screenshot.name}.png")


async def _keep(page: Page, path: Path) -> None:
    whole: int = await page.evaluate("Math.ceil(document.documentElement.scrollHeight)")
    width = page.viewport_size["width"] if page.viewport_size else 0
    size = FloatRect(x=0, y=0, width=width, height=min(whole, _TALLEST))
    taken = await page.screenshot(full_page=True, clip=size)
    blank = await page.context.new_page()
    path.write_bytes(await reduced(blank, taken))


async def main(names: list[str]) -> None:
    """Start everything, take the pictures, and stop everything."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    with open_folder() as folder, tempfile.TemporaryDirectory() as mailbox:
        postgres = await asyncio.to_thread(TestPostgres.start, folder)
        try:
            with serving(postgres, Path(mailbox)) as url:
                demo = await Demo.prepared(url, postgres)
                async with async_playwright() as playwright:
                    browser = await playwright.chromium.launch(
                        executable_path=found, args=["--no-sandbox"]
                    )
                    await take(browser, demo, names)
                    await browser.close()
        finally:
            postgres.server.stop()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
