"""PostgreSQL is away, in every way: the process is well, calls say so at once, and it heals alone.

At once: while it is still away. It comes back only when everybody who writes, and who asks how the
service is, has had answers since; how long they took is shown in docs/reliability.md.
"""

import time
from collections import Counter
from collections.abc import Callable

import pytest

from tests.cli.commands import Running
from tests.faults.environment import Stage
from tests.faults.journal import Outcome
from tests.faults.probes import Readings, probed_until
from tests.support.processes import CEILING, wait_for

Blow = tuple[Callable[[Stage], None], Callable[[Stage], None]]

BLOWS: dict[str, Blow] = {
    "shut down": (lambda stage: stage.patient.shut_down(), lambda stage: stage.patient.start()),
    "frozen": (lambda stage: stage.patient.freeze(), lambda stage: stage.patient.thaw()),
    "killed": (lambda stage: stage.patient.kill(), lambda stage: stage.patient.start()),
}

ROUNDS = 3
"""Answers that each who writes has before it is over. The first may have been on its way before."""


def answered(scene: Stage) -> Callable[[], bool]:
    """Whether each writer has had so many responses from now on."""
    before, deadline = len(scene.journal.entries), time.monotonic() + CEILING

    def all_were() -> bool:
        assert time.monotonic() < deadline, "somebody waits for PostgreSQL to come back"
        entries = list(scene.journal.entries)[before:]
        since = Counter(each.by for each in entries if each.status)
        return all(since[each.id] >= ROUNDS for each in scene.players)

    return all_were


@pytest.mark.parametrize("blow", BLOWS)
def test_it_says_so_at_once_and_heals_alone(scene: Stage, service: Running, blow: str) -> None:
    """Without the pulse, a writer waits for as long as PostgreSQL is frozen: for ever, here."""
    strike, fix = BLOWS[blow]
    with scene.calling(service.url):
        wait_for(lambda: scene.journal.count(Outcome.ACKNOWLEDGED) > 10)
        strike(scene)
        readings = probed_until(answered(scene), service.url, scene.players[0].headers)
        fix(scene)
        wait_for(lambda: service.is_ready)
        written = scene.journal.count(Outcome.ACKNOWLEDGED)
        wait_for(lambda: scene.journal.count(Outcome.ACKNOWLEDGED) > written + 10)
    must_have_said_so(readings)
    assert scene.journal.statuses[500] == 0


def must_have_said_so(readings: Readings) -> None:
    assert readings.statuses("/healthz") == {200}
    for path in ("/readyz", "/api/v1/me"):
        assert readings.statuses(path) == {503}
        assert readings.retry_after(path) == {"1"}


def test_two_seconds_of_latency_lose_nothing(scene: Stage, service: Running) -> None:
    with scene.calling(service.url):
        wait_for(lambda: scene.journal.count(Outcome.ACKNOWLEDGED) > 10)
        scene.proxy.delay = 2.0
        readings = probed_until(answered(scene), service.url, scene.players[0].headers)
        scene.proxy.delay = 0.0
        wait_for(lambda: service.is_ready)
    assert readings.statuses("/healthz") == {200}
