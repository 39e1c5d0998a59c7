"""The stage on which promises are held against the service."""

from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

from tests.cast import Cast
from tests.console.scene import Scene
from tests.promises.stage import Stage


@pytest.fixture
def stage(
    api: httpx2.AsyncClient, mailbox: Path, cast: Cast, admin: psycopg.Connection[Any]
) -> Stage:
    """The cast, and the requests of the matrix."""
    return Stage(Scene(api, mailbox, cast, admin))
