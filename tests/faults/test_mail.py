"""The mail server is down, slow, or fails once it has the email: no email is lost."""

import pytest

from tenantry.kit.ids import new_id
from tests.cli.commands import Running
from tests.faults.environment import Stage
from tests.faults.journal import Act
from tests.support.processes import wait_for


def invited(scene: Stage, service: Running) -> str:
    """Somebody's address, to whom an email is to go."""
    caller, marker = scene.caller(service.url), f"m{new_id().hex}"
    assert caller.call(Act.INVITE, marker).status == 201
    caller.close()
    return f"{marker}@example.com"


def tries(scene: Stage, address: str) -> int:
    """How often it was tried to send an email."""
    query = "select attempts from emails where recipient = %s and next_attempt_at > now()"
    with scene.patient.admin() as admin:
        row = admin.execute(query, [address]).fetchone()
    return row[0] if row else 0


def test_where_it_is_down_an_email_waits(scene: Stage, service: Running) -> None:
    scene.post.stop()
    address = invited(scene, service)
    wait_for(lambda: tries(scene, address) > 0)
    assert scene.post.came[address] == 0
    scene.post.start()
    scene.deliver_all()
    assert scene.post.came[address] == 1
    assert scene.findings(mail=True) == []


def test_where_it_is_slow_calls_are_not(scene: Stage, service: Running) -> None:
    scene.post.holds = True
    first = invited(scene, service)
    wait_for(lambda: tries(scene, first) > 0)
    others = [invited(scene, service) for _ in range(3)]
    assert scene.post.came[first] == 0  # it is being handed over still
    scene.post.holds = False
    wait_for(lambda: all(scene.post.came[each] == 1 for each in [first, *others]))
    scene.deliver_all()
    assert scene.findings(mail=True) == []


@pytest.mark.parametrize("answer", ["451 try again later", "250 taken"])
def test_where_it_fails_with_the_email_in_hand_it_comes_again(
    scene: Stage, service: Running, answer: str
) -> None:
    """It answers with a failure, or with what no one hears: the connection is gone before."""
    scene.post.answer, scene.post.hangs_up = answer, answer.startswith("250")
    address = invited(scene, service)
    wait_for(lambda: scene.post.came[address] > 0 and tries(scene, address) > 0)
    scene.post.answer, scene.post.hangs_up = "250 taken", False
    scene.deliver_all()
    assert scene.post.came[address] > 1
    assert scene.findings(mail=True) == []
