"""The document, held against the service from outside: by requests made of it, good and bad."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.cast import PASSWORD, Cast
from tests.support.processes import CEILING

CONFIG = Path(__file__).with_name("schemathesis.toml")
ROOT = Path(__file__).parents[2]


def _run(live_url: str, *options: str, **environment: str) -> None:
    """Schemathesis as everybody runs it, with every check that it has."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", f"--config-file={CONFIG}", "--no-color"),
            *("run", f"{live_url}/openapi.json", "--checks=all", *options),
        ],
        cwd=ROOT,
        env={**os.environ, "TENANTRY_TEST_URL": live_url, **environment},
        capture_output=True,
        text=True,
        timeout=12 * CEILING,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_service_keeps_its_document_towards_an_admin(live_url: str, cast: Cast) -> None:
    _run(
        live_url,
        "--exclude-tag=operator",
        TENANTRY_TEST_USER=cast.alice.actor.email,
        TENANTRY_TEST_PASSWORD=PASSWORD,
    )


def test_the_service_keeps_its_document_towards_an_operator(live_url: str, cast: Cast) -> None:
    _run(
        live_url,
        "--include-tag=operator",
        TENANTRY_TEST_USER=cast.olga.actor.email,
        TENANTRY_TEST_PASSWORD=PASSWORD,
    )


def test_the_service_keeps_its_document_towards_no_one(live_url: str) -> None:
    """Authorized callers try each bound of every value; here most are refused first."""
    _run(live_url, "--phases=examples,fuzzing,stateful", "--warnings=off")
