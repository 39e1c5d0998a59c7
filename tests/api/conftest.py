"""A client of the API, every answer to which is held against the document."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

from tenantry.api.application import Application
from tests.api.witness import Witness
from tests.cast import Cast
from tests.conftest import BASE_URL
from tests.console.scene import Scene
from tests.networks import somewhere


@pytest.fixture
async def api(app: Application) -> AsyncGenerator[httpx2.AsyncClient]:
    """A client with nobody signed in, and with a witness to all that it is told."""
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False, client=somewhere())
    hooks = {"response": [Witness()]}
    async with httpx2.AsyncClient(
        transport=transport, base_url=BASE_URL, event_hooks=hooks
    ) as client:
        yield client


@pytest.fixture
def scene(
    api: httpx2.AsyncClient, mailbox: Path, cast: Cast, admin: psycopg.Connection[Any]
) -> Scene:
    """The cast, with what sends letters and looks into tables."""
    return Scene(api, mailbox, cast, admin)
