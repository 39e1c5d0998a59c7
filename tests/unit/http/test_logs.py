"""Lines of the log: what of others' messages may stand there."""

import json
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.applications import Starlette

from tenantry.cli.serving.server import OPTIONS
from tenantry.http.observability.logs import OneLine
from tenantry.platform.mail.model import log_text


@asynccontextmanager
async def fails(app: object) -> AsyncGenerator[None]:
    if app:
        raise RuntimeError("hunter2\nhunter2: hunter2")
    yield


async def test_why_a_start_has_failed_is_told_by_type_and_place(
    caplog: pytest.LogCaptureFixture,
) -> None:
    config = uvicorn.Config(Starlette(lifespan=fails), **OPTIONS)
    config.load()
    lifespan = config.lifespan_class(config)
    await lifespan.startup()
    assert lifespan.should_exit
    lines = [json.loads(OneLine("json").format(record)) for record in caplog.records]
    told = [line["message"] for line in lines if line["level"] == "error"]
    assert told[0].startswith(f"RuntimeError in fails ({__file__}:")
    assert "hunter2" not in json.dumps(lines)


def test_another_librarys_message_is_its_first_line_alone() -> None:
    record = logging.LogRecord("other", logging.ERROR, "", 0, "no\nhunter2", None, None)
    assert json.loads(OneLine("json").format(record))["message"] == "no"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("550 5.1.1 <bob@example.com>: Recipient address rejected", "550 5.1.1"),
        ("550 User bob unknown", "550"),
        ("451", "451"),
        ("5500 is no code of bob@example.com's", "5500 is no code of (address)"),
        ("[Errno 111] Connect call failed", "[Errno 111] Connect call failed"),
    ],
)
def test_of_a_mail_servers_answer_the_codes_alone_are_logged(error: str, told: str) -> None:
    assert log_text(error) == told
