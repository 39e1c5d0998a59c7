"""What somebody does who has just started `tenantry dev`: reads the banner, and tries it."""

import signal
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx2

from tests.cli.commands import Running
from tests.support.processes import CEILING, is_running, pid_of

LAST_LINE = "Ctrl-C stops it"


@dataclass
class Demo:
    """A running `tenantry dev`, as the person in front of it sees it."""

    started: Running
    home: Path

    @cached_property
    def banner(self) -> str:
        """All that it has printed."""
        stdout = self.started.process.stdout
        assert stdout is not None
        lines = [stdout.readline()]
        while LAST_LINE not in lines[-1]:
            lines.append(stdout.readline())
            assert lines[-1], lines
        return "".join(lines)

    def told(self, name: str) -> str:
        """What the banner says under a name."""
        (line,) = [each for each in self.banner.splitlines() if each.startswith(f"  {name} ")]
        return line.removeprefix(f"  {name}").strip()

    @property
    def curl(self) -> str:
        """The line to try first."""
        (line,) = [each for each in self.banner.splitlines() if each.strip().startswith("curl ")]
        return line.strip()

    @cached_property
    def headers(self) -> dict[str, str]:
        """Of requests made by the demo's person, who signs in as the banner says."""
        email, password = self.told("Sign in").split()
        form = {"grant_type": "password", "username": email, "password": password}
        answer = httpx2.post(f"{self.started.url}/api/v1/auth/token", data=form, timeout=CEILING)
        return {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}

    def ask(self, path: str, **sent: Any) -> Any:
        """What the API answers: to GET, or to POST where something is sent."""
        answer = httpx2.request(
            "POST" if sent else "GET",
            f"{self.started.url}/api/v1{path}",
            headers=self.headers,
            timeout=CEILING,
            **sent,
        )
        return answer.raise_for_status().json()

    def found(self, name: str) -> None:
        """Make an organization."""
        self.ask("/organizations", json={"name": name})

    @property
    def organizations(self) -> list[str]:
        """The names of those that the demo's person belongs to."""
        return [each["name"] for each in self.ask("/organizations")["data"]]

    def end(self, sign: signal.Signals) -> None:
        """Send a signal, and wait for the end."""
        assert is_running(self.postgres)
        self.started.end(sign)

    @cached_property
    def postgres(self) -> int:
        """The process of its PostgreSQL."""
        return pid_of(self.home / "postgres")

    @property
    def has_left_nothing(self) -> bool:
        """Whether PostgreSQL has gone too, and in good order."""
        last = (self.home / "postgres.log").read_text().splitlines()[-1]
        return not is_running(self.postgres) and last.endswith("database system is shut down")

    @property
    def has_ended_in_peace(self) -> bool:
        """Whether all has gone at once, without a word of complaint."""
        process = self.started.process
        assert process.stderr is not None
        return (process.returncode, process.stderr.read()) == (0, "") and self.has_left_nothing
