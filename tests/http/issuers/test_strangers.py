"""A subject of an issuer is a stranger like any other: what is not theirs is not there."""

from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

from tests.contracts.matrix import MATRIX
from tests.contracts.stage import Stage
from tests.http.responses import told
from tests.support.cast import Cast
from tests.support.issuer import FakeIssuer, bearer
from tests.support.scene import Scene

STRANGE = [row for row in MATRIX if row.statuses["charlie"] in (403, 404)]


@pytest.fixture
def stage(
    trusting: httpx2.AsyncClient, mailbox: Path, cast: Cast, admin: psycopg.Connection[Any]
) -> Stage:
    return Stage(Scene(trusting, mailbox, cast, admin))


async def test_every_call_that_refuses_a_stranger_refuses_a_subject_alike(
    stage: Stage, fake: FakeIssuer
) -> None:
    """By the first call, and by every other."""
    known = fake.token()
    assert (await stage.scene.api.get("/api/v1/me", headers=bearer(known))).status_code == 200
    for row in STRANGE:
        as_stranger = told(await stage.scene.api.send(await stage.request(row, "charlie")))
        for token in (known, fake.token()):
            request = await stage.request(row, "charlie")
            request.headers.update(bearer(token))
            assert told(await stage.scene.api.send(request)) == as_stranger, row.call
