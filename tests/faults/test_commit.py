"""A connection is cut exactly at COMMIT: what was done is there whole, or not at all."""

from itertools import cycle

import pytest

from tenantry.kit.ids import new_id
from tests.cli.commands import Running
from tests.faults.environment import Stage
from tests.faults.journal import Act, Outcome
from tests.faults.proxy import Moment
from tests.support.processes import wait_for

MAKING = (Act.FOUND, Act.OPEN, Act.INVITE)


@pytest.mark.parametrize("moment", Moment)
def test_a_commit_that_was_cut_off_is_not_acknowledged_and_may_be_repeated(
    scene: Stage, service: Running, moment: Moment
) -> None:
    caller = scene.caller(service.url)
    markers = [(act, f"m{new_id().hex}") for act in MAKING]
    scene.proxy.plan = lambda: moment
    first = [caller.call(act, marker) for act, marker in markers]
    scene.proxy.plan = lambda: None
    assert [entry.status for entry in first] == [503] * len(MAKING)
    assert scene.findings() == []

    again = [caller.call(act, marker) for act, marker in markers]
    assert [entry.status for entry in again] == [201] * len(MAKING)
    caller.close()


def test_under_load_every_cut_commit_is_whole_or_absent(scene: Stage, service: Running) -> None:
    moments = cycle([None, None, None, Moment.BEFORE, None, None, None, Moment.AFTER])
    before = scene.proxy.cuts
    scene.proxy.plan = lambda: next(moments)
    with scene.calling(service.url):
        for _ in range(3):
            wanted = len(scene.journal.entries) + 40
            wait_for(lambda wanted=wanted: len(scene.journal.entries) >= wanted)
            scene.proxy.cut_all()
    scene.proxy.plan = lambda: None
    assert scene.proxy.cuts > before
    assert scene.journal.count(Outcome.UNKNOWN) > 0
    assert scene.journal.statuses[500] == 0
    assert scene.repeat_unknown(service.url) > 0
    scene.end_leases()
    scene.deliver_all()
    assert scene.findings(mail=True) == []
