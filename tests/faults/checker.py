"""Whether the database holds what clients were told, and nothing that they were refused.

`I1` to `I13` are the invariants of the service; what is found is told as sentences that begin with
one of them, and nothing found is an empty list.
"""

import time
from collections import defaultdict
from collections.abc import Collection
from typing import Any

import psycopg

from tenantry.kit.ids import Kind, show
from tests.faults.journal import Act, Entry, Journal, Outcome
from tests.support.database import invariants, replay

Admin = psycopg.Connection[Any]

_MADE: dict[Act, tuple[Kind, str]] = {
    Act.FOUND: (Kind.ORGANIZATION, "select name, org_id from organizations"),
    Act.OPEN: (Kind.WORKSPACE, "select name, id from workspaces"),
    Act.INVITE: (Kind.INVITATION, "select split_part(email, '@', 1), id from invitations"),
}
# An email is enqueued with the change that it reports: an invitation or an account.
_EMAILS_OF_NOTHING = """
    select l.recipient from emails l
      left join invitations i on i.org_id = l.org_id and i.email_id = l.id where i.id is null
"""
_INVITATIONS_WITHOUT_EMAIL = """
    select i.email from invitations i
      left join emails l on l.org_id = i.org_id and l.id = i.email_id where l.id is null
"""
_A_JOB = 30.0
"""Seconds in which whatever the worker is doing of its own accord is over, on any machine."""

_LEFT_OPEN = """
    select pid, xact_start from pg_stat_activity
     where usename = 'tenantry' and state like 'idle in transaction%'
"""


def findings(
    admin: Admin,
    journal: Journal,
    *,
    delivered: Collection[str] | None = None,
    secrets: Collection[str] = (),
) -> list[str]:
    """What is wrong, once no one writes any more. `delivered`: to whom emails came, if it counts.

    A row for which a client knows no response is whole if replaying the events gives it.
    """
    found = [*invariants.faults(admin, secrets), *_not_replayed(admin), *_left_open(admin)]
    for act, (kind, query) in _MADE.items():
        found += _of_makings(admin, journal, act, kind, query)
    found += [*_of_changes(admin, journal), *_of_withdrawals(admin, journal)]
    return [*found, *_of_emails(admin, delivered)]


def _not_replayed(admin: Admin) -> list[str]:
    found = list[str]()
    for (org_id,) in admin.execute("select org_id from organizations").fetchall():
        try:
            if replay.replayed(admin, org_id) != replay.present(admin, org_id):
                found.append(f"I9 its events do not give what there is: {org_id}")
        except AssertionError as broken:
            found.append(f"I9 its events contradict each other: {org_id}: {broken}")
    return found


def _left_open(admin: Admin) -> list[str]:
    left = set(admin.execute(_LEFT_OPEN).fetchall())
    deadline = time.monotonic() + _A_JOB
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left &= set(admin.execute(_LEFT_OPEN).fetchall())
    return [f"I12 a connection was left with its transaction open: {pid}" for pid, _ in left]


def _of_makings(admin: Admin, journal: Journal, act: Act, kind: Kind, query: str) -> list[str]:
    there = defaultdict[str, list[str]](list)
    for marker, id in admin.execute(query.encode()).fetchall():
        there[marker].append(show(kind, id))
    found = list[str]()
    by_marker = defaultdict[str, list[Entry]](list)
    for entry in journal.entries:
        if entry.act is act:
            by_marker[entry.marker].append(entry)
    for marker, entries in by_marker.items():
        outcomes = {entry.outcome for entry in entries}
        told = {entry.id for entry in entries if entry.outcome is Outcome.ACKNOWLEDGED}
        made = there.get(marker, [])
        if told and set(made) != told:
            found.append(f"I1 acknowledged, and not there: {act.value} {marker}")
        if outcomes == {Outcome.REFUSED} and made:
            found.append(f"I1 refused, and there: {act.value} {marker}")
        if len(made) > 1:
            found.append(f"I1 asked for once, and there twice: {act.value} {marker}")
    return found


def _of_changes(admin: Admin, journal: Journal) -> list[str]:
    """Each personal organization was changed by its owner alone, in calls that may overlap."""
    query = """
        select owner_id, metadata ->> 'turn' from organizations
         where kind = 'personal' and metadata ? 'turn'
    """
    now = {show(Kind.USER, owner): turn for owner, turn in admin.execute(query).fetchall()}
    # One of unknown outcome may come true late: the server still had it when its client gave up.
    unknown = {each.marker for each in journal.of(Act.CHANGE, Outcome.UNKNOWN)}
    by_owner = defaultdict[str, list[Entry]](list)
    for entry in journal.of(Act.CHANGE, Outcome.ACKNOWLEDGED):
        by_owner[entry.by].append(entry)
    return [
        f"I1 not what was acknowledged last: a change by {owner}"
        for owner, changes in by_owner.items()
        if now.get(owner) not in {*_possibly_last(changes), *unknown}
    ]


def _possibly_last(changes: list[Entry]) -> list[str]:
    """The markers of those that ended no earlier than the latest of them began."""
    latest = max(entry.began for entry in changes)
    return [entry.marker for entry in changes if entry.ended >= latest]


def _of_withdrawals(admin: Admin, journal: Journal) -> list[str]:
    query = "select id from invitations where status = 'revoked'"
    gone = {show(Kind.INVITATION, id) for (id,) in admin.execute(query).fetchall()}
    return [
        f"I1 acknowledged, and not so: {entry.act.value} {entry.marker}"
        for entry in journal.of(Act.WITHDRAW, Outcome.ACKNOWLEDGED)
        if entry.marker not in gone
    ]


def _of_emails(admin: Admin, delivered: Collection[str] | None) -> list[str]:
    of_nothing = admin.execute(_EMAILS_OF_NOTHING).fetchall()
    without = admin.execute(_INVITATIONS_WITHOUT_EMAIL).fetchall()
    found = [f"I13 an email of an act that was rolled back: {to}" for (to,) in of_nothing]
    found += [f"I13 an invitation without an email: {to}" for (to,) in without]
    if delivered is None:
        return found
    invited = {email for (email,) in admin.execute("select email from invitations").fetchall()}
    sent = admin.execute("select recipient from emails where state = 'sent'").fetchall()
    found += [f"I13 mail of an act that never was: {to}" for to in {*delivered} - invited]
    return found + [f"I13 sent, and never come: {to}" for (to,) in sent if to not in delivered]
