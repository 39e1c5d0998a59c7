"""What a start does not need is not brought: docs/adr/0019-fast-start.md."""

import subprocess
import sys

import pytest

_TELL = (
    "import sys, {}; print(*({{'fastapi', 'httpx2', 'uvicorn', 'starlette'}} & set(sys.modules)))"
)


def brought_by(modules: str) -> set[str]:
    """Which of the heavy libraries are there once a fresh process has imported the modules."""
    told = subprocess.run(
        [sys.executable, "-c", _TELL.format(modules)], capture_output=True, text=True, check=True
    )
    return set(told.stdout.split())


@pytest.mark.parametrize("command", ["serving.dev", "serving.application"])
def test_what_serves_brings_neither_the_description_nor_a_client(command: str) -> None:
    assert brought_by(f"tenantry.cli.{command}") == {"starlette", "uvicorn"}


@pytest.mark.parametrize(
    "command", ["main", "maintenance.migrate", "maintenance.backup", "operators.operators"]
)
def test_a_command_that_serves_no_one_brings_no_server(command: str) -> None:
    assert brought_by(f"tenantry.cli.{command}") == set()
