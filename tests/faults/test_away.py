"""PostgreSQL is away, in every way: the process is well, calls say so at once, and it heals alone.

A call has its answer within a second, and all is well again two seconds after PostgreSQL is; these
are shown in docs/reliability.md. Here both have five, for machines that are shared.
"""

from collections.abc import Callable

import pytest

from tests.cli.commands import Running
from tests.faults.journal import Outcome
from tests.faults.probing import AT_ONCE, Readings, probed
from tests.faults.stage import Stage, seconds_until
from tests.processes import wait_for

Blow = tuple[Callable[[Stage], None], Callable[[Stage], None]]

BLOWS: dict[str, Blow] = {
    "shut down": (lambda stage: stage.patient.shut_down(), lambda stage: stage.patient.start()),
    "frozen": (lambda stage: stage.patient.freeze(), lambda stage: stage.patient.thaw()),
    "killed": (lambda stage: stage.patient.kill(), lambda stage: stage.patient.start()),
}

LASTING = {"shut down": 2.0, "frozen": AT_ONCE + 1, "killed": 2.0}
"""For how many seconds; long enough to tell who waits for its end from who does not."""


@pytest.mark.parametrize("blow", BLOWS)
def test_it_says_so_at_once_and_heals_alone(scene: Stage, service: Running, blow: str) -> None:
    """Without the pulse, a writer waits for as long as PostgreSQL is frozen: too long."""
    strike, mend = BLOWS[blow]
    with scene.calling(service.url):
        wait_for(lambda: scene.journal.count(Outcome.ACKNOWLEDGED) > 10)
        strike(scene)
        readings = probed(service.url, scene.players[0].headers, seconds=LASTING[blow])
        mend(scene)
        assert seconds_until(lambda: service.is_ready) < AT_ONCE
        written = scene.journal.count(Outcome.ACKNOWLEDGED)
        wait_for(lambda: scene.journal.count(Outcome.ACKNOWLEDGED) > written + 10)
    must_have_said_so(readings)
    assert scene.journal.statuses[500] == 0
    assert max(each.seconds for each in scene.journal.entries) < AT_ONCE


def must_have_said_so(readings: Readings) -> None:
    assert readings.statuses("/healthz") == {200}
    for path in ("/readyz", "/api/v1/me"):
        assert readings.statuses(path) == {503}
        assert readings.retry_after(path) == {"1"}
        assert readings.longest(path) < AT_ONCE


def test_two_seconds_of_latency_lose_nothing(scene: Stage, service: Running) -> None:
    with scene.calling(service.url):
        wait_for(lambda: scene.journal.count(Outcome.ACKNOWLEDGED) > 10)
        scene.proxy.delay = 2.0
        readings = probed(service.url, scene.players[0].headers, seconds=3)
        scene.proxy.delay = 0.0
        assert seconds_until(lambda: service.is_ready) < AT_ONCE
    assert readings.statuses("/healthz") == {200}
    assert max(each.seconds for each in scene.journal.entries) < 2 * AT_ONCE
