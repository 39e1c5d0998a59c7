"""The SQL of events."""

from datetime import datetime, timedelta
from functools import partial
from math import ceil
from typing import NamedTuple
from uuid import UUID

from tenantry.authz.authority import Viewer
from tenantry.authz.visibility import JOIN_VIEWER, VISIBLE, ViewerKeyset, ViewerStatement
from tenantry.kit.page import FIRST, LAST, PageRequest
from tenantry.kit.retention import Candidate
from tenantry.platform.audit.model import Change, Event, EventBudgetSpent
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import BoundStatement, Json, Statement, encoded
from tenantry.postgres.transaction import Tx


class _Listed(NamedTuple):
    event: Event
    sees_all: bool


_COLUMNS = """id, org_id, action, actor_type, actor_id, actor_name, targets, changes, occurred_at,
              request_id, workspace_id"""
_INSERT = Statement(f"""
    insert into events ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
""")
# The event is charged to the day's budget in the same statement, so it costs no extra message.
_INSERT_CHARGED = Statement(f"""
    with charged as (
      insert into event_budgets as b (org_id, full_at, full_by)
      values ($2, $9::timestamptz + $12::bigint * interval '1 microsecond',
              $9::timestamptz + interval '1 day')
      on conflict (org_id) do update
         set full_at = greatest(b.full_at, $9::timestamptz)
                     + $12::bigint * interval '1 microsecond',
             full_by = $9::timestamptz + interval '1 day'
    )
    insert into events ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
""")
_DAY = timedelta(days=1)
_OVERHEAD = 300
"""Bytes of a row besides its content, with its indexes."""
_LEAST_WAIT = 60
_HAVING_OLDER = Statement(
    """
    select org_id as id, is_due from directory.organizations_with_events_before($1, $2, $3)
""",
    Candidate,
)
_DELETE_OLDER = Statement("""
    delete from events where org_id = $1 and id in (
      select id from events where org_id = $1 and id < $2 order by id limit $3
         for update skip locked)
""")
_DELETE_OLDER_OF_ACCOUNTS = Statement("""
    delete from account_events where id in (
      select id from account_events where id < $1 order by id limit $2 for update skip locked)
""")
_INSERT_OF_ACCOUNT = Statement("""
    insert into account_events (id, user_id, action, occurred_at, request_id, changes, actor_id)
    values ($1, $2, $3, now(), $4, $5, $6)
""")


def _workspace_is_seen(id: str) -> str:
    """SQL for whether the reader can see the workspace, or could see it when it was deleted.

    A deleted workspace keeps its last visibility: open to all, or private and for Admins only.
    """
    return f"""
    exists (select from workspaces w where w.org_id = $1 and w.id = {id} and {VISIBLE})
    or (select d.changes @> '[{{"type": "workspace", "before": {{"visibility": "organization"}}}}]'
          from events d
         where d.org_id = $1 and d.workspace_id = {id} and d.action = 'workspace.deleted' limit 1)
    """


_EVENTS = f"""
      from events e {JOIN_VIEWER}
     where e.org_id = $1
       and (viewer.role_key = 'admin'
            or (e.workspace_id is null and e.action not like 'workspace%')
            or {_workspace_is_seen("e.workspace_id")})
"""
_SHOWN = ", ".join(f"e.{name} as event_{name}" for name in map(str.strip, _COLUMNS.split(",")))
# One statement for each filter, so that each reads an index in the order of the page. The action is
# part of that order: with an equality, a plan might read all events of the organization.
_LISTED = f"select {_SHOWN}, coalesce(viewer.role_key = 'admin', false) as sees_all {_EVENTS}"
LIST = ViewerKeyset(_LISTED, "e.id", _Listed)
LIST_OF_ACTION = ViewerKeyset(_LISTED, "e.id", _Listed, within=("e.action", "$3::text"))
COUNT = ViewerStatement(f"select count(*) from (select {_EVENTS} limit $3) counted", int)
COUNT_OF_ACTION = ViewerStatement(
    f"""
    select count(*) from (
        select {_EVENTS}
           and (e.action, e.id) >= ($4::text, $5) and (e.action, e.id) <= ($4::text, $6)
         order by e.action, e.id limit $3) counted
""",
    int,
)
_VISIBLE_AMONG = ViewerStatement(
    f"""
    select named.id from unnest($3::uuid[]) named (id)
      {JOIN_VIEWER}
     where viewer.role_key = 'admin' or {_workspace_is_seen("named.id")}
""",
    UUID,
)


_MENTION = Statement("""
    insert into mentions (user_id, org_id, subject_id) values ($1, $2, $3) on conflict do nothing
""")
# The last event of the next batch, and the events of the batch that contain one of the texts.
_BATCH_END = Statement(
    """
    select id from (select id from events where org_id = $1 and id > $2 order by id limit $3) piece
     order by id desc limit 1
""",
    UUID,
)
_NAMING = Statement(
    f"""
    select {_COLUMNS} from events
     where org_id = $1 and id > $2 and id <= $3 and occurred_at <= $4
       and (actor_id = $5
            or exists (select from unnest($6::text[]) sought
                        where strpos(actor_name, sought) > 0 or strpos(targets::text, sought) > 0
                           or strpos(changes::text, sought) > 0))
     order by id
""",
    Event,
)
_REWRITE = Statement("""
    update events set actor_name = $3, targets = $4, changes = $5 where org_id = $1 and id = $2
""")
_ERASE_OF_ACCOUNT = Statement("""
    update account_events
       set changes = coalesce((select jsonb_agg(each) from jsonb_array_elements(changes) each
                                where each ->> 'type' <> 'user'), '[]')
     where id in (select id from account_events
                   where user_id = $1 and changes @> '[{"type": "user"}]' limit $2)
""")


def insert(tx: Tx, event: Event, *, budget: int) -> None:
    """Write one event of an organization; charged, where it may record `budget` bytes a day.

    EventBudgetSpent, at the latest on commit.
    """
    targets, changes = encoded(event.targets), encoded(event.changes)
    row = (
        event.id,
        event.org_id,
        event.action,
        event.actor_type,
        event.actor_id,
        event.actor_name,
        targets,
        changes,
        event.occurred_at,
        event.request_id,
        event.workspace_id,
    )
    if not budget:
        tx.enqueue(_INSERT(*row))
        return
    share = _DAY * ((len(targets) + len(changes) + _OVERHEAD) / budget)
    # The events so far are within the budget, so this one is accepted.
    wait = max(_LEAST_WAIT, ceil(share.total_seconds()))
    spent = partial(EventBudgetSpent, wait)
    tx.enqueue(
        _INSERT_CHARGED(*row, share // timedelta(microseconds=1)), {"event_budgets_within": spent}
    )


def insert_of_account(
    id: UUID,
    user_id: UUID,
    action: str,
    request_id: str | None,
    changes: list[Change],
    actor_id: UUID | None,
) -> BoundStatement:
    """Write one event of a person's account, which belongs to no organization."""
    shown = Json([change.shown() for change in changes])
    return _INSERT_OF_ACCOUNT(id, user_id, action, request_id, shown, actor_id)


async def list_of_organization(
    reader: Reader, org_id: UUID, seen_by: Viewer, page: PageRequest, action: str | None
) -> tuple[list[Event], bool]:
    """Events by id, which is the order in which they were recorded, without those about a workspace
    that the reader cannot see; and whether the reader sees every event."""
    if action is None:
        rows = await reader.rows(LIST(page, org_id, seen_by))
    else:
        rows = await reader.rows(LIST_OF_ACTION(page, org_id, seen_by, action))
    return [row.event for row in rows], all(row.sees_all for row in rows)


async def seen_among(
    reader: Reader, org_id: UUID, seen_by: Viewer, workspace_ids: list[UUID]
) -> set[UUID]:
    """Those of the workspaces, deleted ones included, that the reader can see."""
    call = _VISIBLE_AMONG(org_id, seen_by, workspace_ids)
    return {*await reader.rows(call)}


async def count(
    reader: Reader, org_id: UUID, seen_by: Viewer, action: str | None, most: int
) -> int:
    """The number of events that the reader can see, counted up to `most`."""
    if action is None:
        call = COUNT(org_id, seen_by, most)
    else:
        call = COUNT_OF_ACTION(org_id, seen_by, most, action, FIRST, LAST)
    return await reader.row(call) or 0


def mention(user_id: UUID, org_id: UUID, subject_id: UUID) -> BoundStatement:
    """Record that an organization's events name a person who is not a member there."""
    return _MENTION(user_id, org_id, subject_id)


async def batch_end(tx: Tx, org_id: UUID, after: UUID, most: int) -> UUID | None:
    """The last of the next `most` events; None if there are none."""
    return await tx.row(_BATCH_END(org_id, after, most))


async def find_naming(
    tx: Tx, org_id: UUID, after: UUID, end: UUID, until: datetime, user_id: UUID, sought: list[str]
) -> list[Event]:
    """The events of a batch whose actor is the person, or that contain one of these texts."""
    return await tx.rows(_NAMING(org_id, after, end, until, user_id, sought))


def rewrite(tx: Tx, event: Event) -> None:
    """Replace the parts of an event that name people."""
    parts = event.actor_name, Json(event.targets), Json(event.changes)
    tx.enqueue(_REWRITE(event.org_id, event.id, *parts))


async def erase_of_account(tx: Tx, user_id: UUID, most: int) -> int:
    """Erase personal data from a person's account events; returns from how many."""
    return await tx.count(_ERASE_OF_ACCOUNT(user_id, most))


async def list_with_older(reader: Reader, after: UUID, limit: int, first: UUID) -> list[Candidate]:
    """The next so many organizations, and whether they have events from before an id."""
    return await reader.rows(_HAVING_OLDER(after, limit, first))


async def delete_older(tx: Tx, org_id: UUID, first: UUID, most: int) -> int:
    """Delete at most so many events of an organization from before an id; how many."""
    return await tx.count(_DELETE_OLDER(org_id, first, most))


async def delete_older_of_accounts(tx: Tx, first: UUID, most: int) -> int:
    """The same of people's accounts."""
    return await tx.count(_DELETE_OLDER_OF_ACCOUNTS(first, most))
