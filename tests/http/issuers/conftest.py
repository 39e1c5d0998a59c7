"""An issuer on loopback, and services that trust it."""

from collections.abc import Generator

import httpx2
import pytest

from tests.conftest import ClientOf
from tests.support.issuer import FakeIssuer, running


@pytest.fixture
def fake() -> Generator[FakeIssuer]:
    with running() as issuer:
        yield issuer


@pytest.fixture
async def trusting(client_of: ClientOf, fake: FakeIssuer) -> httpx2.AsyncClient:
    """A service that trusts the issuer to say who somebody is, and not which address is theirs."""
    return await client_of(trusted_issuers=(fake.trusted(),))


@pytest.fixture
async def linking(client_of: ClientOf, fake: FakeIssuer) -> httpx2.AsyncClient:
    """A service that takes the issuer's word on addresses, too."""
    return await client_of(trusted_issuers=(fake.trusted(link_verified_email=True),))
