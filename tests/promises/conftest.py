"""The stage on which promises are held against the service."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

from tenantry.app import Parts
from tests.cast import Cast
from tests.console.scene import Scene
from tests.house.populated import Populated, populated
from tests.postgres import TestPostgres
from tests.promises.stage import Stage


@pytest.fixture
def scene(
    api: httpx2.AsyncClient, mailbox: Path, cast: Cast, admin: psycopg.Connection[Any]
) -> Scene:
    """The cast, with what sends letters and looks into tables."""
    return Scene(api, mailbox, cast, admin)


@pytest.fixture
def stage(scene: Scene) -> Stage:
    """The cast, and the requests of the matrix."""
    return Stage(scene)


@pytest.fixture(scope="package")
async def own(postgres: TestPostgres, parts: Parts, mailbox: Path) -> AsyncGenerator[Populated]:
    """A database of its own in which people have lived, to torture and to break into."""
    async with populated(postgres, parts, mailbox) as people:
        yield people
