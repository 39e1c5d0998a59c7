"""The checker finds what it is there to find: each fault is planted, and named."""

import pytest

from tenantry.kit.ids import new_id
from tests.cli.commands import Running, running
from tests.faults.environment import Stage
from tests.faults.journal import Act, Entry, Outcome
from tests.faults.proxy import Moment

I13_ROLLED_BACK = "I13 an email of an act that was rolled back: "

# How the database is made to differ from what the journal says, and what must be found of it.
PLANTED = [
    (
        "delete from invitation_workspaces",
        "delete from invitation_tokens",
        "delete from invitations where split_part(email, '@', 1) = %(invite)s",
        "I1 acknowledged, and not there: an invitation",
    ),
    (
        "delete from workspaces where name = %(open)s",
        "I1 acknowledged, and not there: a workspace",
    ),
    (
        "update organizations set metadata = '{}' where metadata ? 'turn'",
        "I1 not what was acknowledged last: a change by",
    ),
    (
        "update organizations set metadata = jsonb_build_object('turn', %(earlier)s::text)"
        " where metadata ->> 'turn' = %(change)s",
        "I1 not what was acknowledged last: a change by",
    ),
    (
        "update organizations set metadata = '{\"turn\": \"of another\"}' where metadata ? 'turn'",
        "I9 its events do not give what there is",
    ),
    (
        "update workspaces set name = %(refused)s where name = %(open)s",
        "I1 refused, and there: a workspace",
    ),
    (
        "insert into emails (org_id, id, recipient, created_at, next_attempt_at, state)"
        " select org_id, gen_random_uuid(), 'no@body.test', now(), now(), 'sent'"
        " from emails limit 1",
        I13_ROLLED_BACK + "no@body.test",
    ),
    (
        "delete from events where action = 'workspace.created'",
        "I9 its events do not give what there is",
    ),
]


@pytest.fixture
def markers(scene: Stage, service: Running) -> dict[str, str]:
    """Of acknowledged calls, the change after an `earlier` one; and of one that was refused."""
    caller, made = scene.caller(service.url), dict[str, str]()
    calls = {"open": Act.OPEN, "invite": Act.INVITE, "earlier": Act.CHANGE, "change": Act.CHANGE}
    for name, act in calls.items():
        made[name] = f"m{new_id().hex}"
        assert caller.call(act, made[name]).outcome is Outcome.ACKNOWLEDGED
    caller.close()
    made["refused"] = f"m{new_id().hex}"
    scene.journal.add(Entry("", Act.OPEN, made["refused"], Outcome.REFUSED))
    return made


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted[-1])
def test_what_is_planted_is_found(
    scene: Stage, markers: dict[str, str], planted: tuple[str, ...]
) -> None:
    *statements, expected = planted
    with scene.patient.admin() as admin, admin.transaction(force_rollback=True):
        admin.execute("set local session_replication_role = replica")
        for statement in statements:
            admin.execute(statement.encode(), markers)
        found = scene.findings(admin=admin)
    assert any(fault.startswith(expected) for fault in found), found


def test_an_outbox_outside_the_transaction_is_found(scene: Stage) -> None:
    """Its act is cut off before COMMIT; the email is there all the same."""
    with running(
        "serve", module="tests.faults.defective_service", settings=scene.settings, log=scene.log
    ) as planted:
        caller = scene.caller(planted.url)
        scene.proxy.plan = lambda: Moment.BEFORE
        marker = f"m{new_id().hex}"
        assert caller.call(Act.INVITE, marker).status == 503
        scene.proxy.plan = lambda: None
        caller.close()
    assert f"{I13_ROLLED_BACK}{marker}@example.com" in scene.findings()
    with scene.patient.admin() as admin:
        admin.execute("delete from emails where recipient = %s", [f"{marker}@example.com"])
