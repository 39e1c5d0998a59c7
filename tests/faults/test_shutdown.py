"""The service ends in the middle of its work: killed, or told to; what was acknowledged is there.

Fifty kills in a row are shown in docs/reliability.md.
"""

import httpx2

from tests.cli.commands import Running
from tests.faults.environment import Stage
from tests.faults.journal import Outcome
from tests.faults.kills import kill_a_worker, kill_under_load, terminate_under_load, workers_of
from tests.support.processes import CEILING, wait_for

KILLS = 4
CALLS = 15


def test_killed_again_and_again_it_loses_nothing_that_it_acknowledged(
    scene: Stage, service: Running
) -> None:
    for _ in range(KILLS):
        kill_under_load(scene, calls=CALLS)
    assert scene.journal.count(Outcome.UNKNOWN) >= KILLS
    scene.repeat_unknown(service.url)
    scene.end_leases()
    scene.deliver_all()
    assert scene.findings(mail=True) == []


def test_sigterm_loses_nothing_that_it_acknowledged_and_cuts_nothing(scene: Stage) -> None:
    with scene.serving(workers=2) as service:
        terminate_under_load(service, scene, calls=CALLS)
    assert scene.unanswered_and_there() == []


def test_where_one_of_two_workers_is_killed_the_other_serves_and_a_third_comes(
    scene: Stage,
) -> None:
    with scene.serving(workers=2) as service:
        before = workers_of(service)
        with scene.calling(service.url):
            wait_for(lambda: scene.journal.count(Outcome.ACKNOWLEDGED) >= CALLS)
            killed = kill_a_worker(service)
            written = scene.journal.count(Outcome.ACKNOWLEDGED)
            wait_for(lambda: scene.journal.count(Outcome.ACKNOWLEDGED) >= written + CALLS)
            wait_for(lambda: len(workers_of(service)) == 2)
        assert killed in before
        assert killed not in workers_of(service)
        assert httpx2.get(f"{service.url}/readyz", timeout=CEILING).status_code == 200
