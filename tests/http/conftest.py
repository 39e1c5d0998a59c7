"""A client of the API, every answer to which is held against the document."""

from collections.abc import AsyncGenerator

import httpx2
import pytest

from tenantry.api.application import Application
from tests.conftest import BASE_URL
from tests.http.document_check import Witness
from tests.support.api.networks import somewhere


@pytest.fixture
async def api(app: Application) -> AsyncGenerator[httpx2.AsyncClient]:
    """A client with no one signed in, and with a witness to all that it is told."""
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False, client=somewhere())
    hooks = {"response": [Witness()]}
    async with httpx2.AsyncClient(
        transport=transport, base_url=BASE_URL, event_hooks=hooks
    ) as client:
        yield client
