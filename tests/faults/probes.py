"""Somebody who asks, again and again, how the service is."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import httpx2

from tests.support.processes import CEILING

_PATHS = ("/healthz", "/readyz", "/api/v1/me")


@dataclass
class Readings:
    """Answers, by path, and how long each took."""

    answers: list[tuple[str, float, httpx2.Response]] = field(
        default_factory=list[tuple[str, float, httpx2.Response]]
    )

    def statuses(self, path: str) -> set[int]:
        """Every status that was seen there."""
        return {answer.status_code for at, _, answer in self.answers if at == path}

    def retry_after(self, path: str) -> set[str | None]:
        """Every Retry-After that was seen there."""
        return {answer.headers.get("retry-after") for at, _, answer in self.answers if at == path}

    def seconds(self, path: str) -> list[float]:
        """How long each answer took."""
        return [seconds for at, seconds, _ in self.answers if at == path]

    def longest(self, path: str) -> float:
        """How long the slowest answer took."""
        return max(self.seconds(path))


def probed(
    url: str,
    headers: Mapping[str, str],
    *,
    seconds: float,
    paths: Sequence[str] = _PATHS,
    pause: float = 0.1,
) -> Readings:
    """Ask for so long, with a pause after each round; every answer is waited for."""
    deadline = time.monotonic() + seconds
    return probed_until(
        lambda: time.monotonic() >= deadline, url, headers, paths=paths, pause=pause
    )


def probed_until(
    over: Callable[[], bool],
    url: str,
    headers: Mapping[str, str],
    *,
    paths: Sequence[str] = _PATHS,
    pause: float = 0.1,
) -> Readings:
    """The same until it is over, and once at least."""
    readings = Readings()
    with httpx2.Client(base_url=url, headers=dict(headers), timeout=CEILING) as client:
        while not readings.answers or not over():
            for path in paths:
                begun = time.monotonic()
                answer = client.get(path)
                readings.answers.append((path, time.monotonic() - begun, answer))
            time.sleep(pause)
    return readings
