"""An outbox that no worker empties, and a mail server."""

from collections.abc import AsyncGenerator

import pytest

from tenantry.app import Parts
from tests.support.mail.mail_server.server import PostOffice, post_office
from tests.support.mail.undelivered import Unattended, unattended
from tests.support.postgres import TestPostgres


@pytest.fixture(scope="package")
async def room(postgres: TestPostgres, parts: Parts) -> AsyncGenerator[Unattended]:
    """The service without its worker."""
    async with unattended(postgres, parts) as made:
        yield made


@pytest.fixture
def mail(room: Unattended) -> Unattended:
    """The same, its outboxes empty."""
    room.clear()
    return room


@pytest.fixture
async def office() -> AsyncGenerator[PostOffice]:
    """Where emails are handed in."""
    async with post_office() as opened:
        yield opened
