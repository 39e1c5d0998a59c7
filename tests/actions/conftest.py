"""What tests of acts ask for besides: that nothing lies in disorder afterwards."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

from tenantry.web.service import Service
from tests.actions.inviting import hired
from tests.cast import Cast, Player
from tests.console.scene import Scene
from tests.invariants import faults

_MADE_SINCE = """
    select org_id from organizations where created_at >= %(since)s
    union all select id from users where created_at >= %(since)s
"""


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


@pytest.fixture
def unbroken(admin: psycopg.Connection[Any]) -> Generator[None]:
    """After the test, every invariant holds for the organizations and people that it made."""
    (since,) = admin.execute("select clock_timestamp()").fetchall()[0]
    yield
    made = {id for (id,) in admin.execute(_MADE_SINCE, {"since": since}).fetchall()}
    assert faults(admin, about=made) == []
