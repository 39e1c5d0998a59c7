"""What contracts are held against: the cast with its requests, and a database with a past."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tenantry.app import Parts
from tests.contracts.stage import Stage
from tests.support.postgres import TestPostgres
from tests.support.scenarios.populated import Populated, populated
from tests.support.scene import Scene


@pytest.fixture
def stage(scene: Scene) -> Stage:
    """The cast, and the requests of the matrix."""
    return Stage(scene)


@pytest.fixture(scope="package")
async def own(postgres: TestPostgres, parts: Parts, mailbox: Path) -> AsyncGenerator[Populated]:
    """A database of its own in which people have lived, to torture and to break into."""
    async with populated(postgres, parts, mailbox) as people:
        yield people
