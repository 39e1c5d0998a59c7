"""What tests of acts ask for besides."""

from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

from tenantry.http.service import Service
from tests.actions.inviting import hired
from tests.cast import Cast, Player
from tests.console.scene import Scene


@pytest.fixture
def scene(
    api: httpx2.AsyncClient, mailbox: Path, cast: Cast, admin: psycopg.Connection[Any]
) -> Scene:
    """The cast, with what sends letters and looks into tables."""
    return Scene(api, mailbox, cast, admin)


@pytest.fixture
async def eve(scene: Scene, service: Service) -> Player:
    """A second Admin of Acme."""
    return await hired(scene, service, "Eve", "admin")
