"""One stage for the faults that leave it standing, and a service on it."""

from collections.abc import Generator

import pytest

from tests.cli.commands import Running
from tests.faults.environment import Stage, stage
from tests.faults.journal import Journal


@pytest.fixture(scope="package")
def lasting() -> Generator[Stage]:
    """PostgreSQL, proxy, mail and people, for all tests here."""
    with stage() as made:
        yield made


@pytest.fixture(scope="package")
def lasting_service(lasting: Stage) -> Generator[Running]:
    """The service, which no fault is to end."""
    with lasting.serving() as service:
        yield service


@pytest.fixture
def scene(lasting: Stage) -> Generator[Stage]:
    """The stage, its journal empty; afterwards nothing is wrong, and nothing goes on being so."""
    lasting.journal = Journal()
    lasting.end_leases()  # of processes that were killed before
    yield lasting
    lasting.proxy.delay, lasting.proxy.plan = 0.0, lambda: None
    assert lasting.findings() == []


@pytest.fixture
def service(lasting_service: Running) -> Running:
    """The service, ready."""
    assert lasting_service.is_ready
    return lasting_service
