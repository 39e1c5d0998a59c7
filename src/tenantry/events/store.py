"""The SQL of events."""

from uuid import UUID

from tenantry.database.reader import Reader
from tenantry.database.statement import Call, Json, Statement
from tenantry.events.model import Change, Event
from tenantry.kit.page import PageRequest

_COLUMNS = """id, org_id, action, actor_type, actor_id, actor_name, targets, changes, occurred_at,
              request_id"""
_INSERT = Statement(f"""
    insert into events ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
""")
_INSERT_OF_ACCOUNT = Statement("""
    insert into account_events (id, user_id, action, occurred_at, request_id, changes, actor_id)
    values ($1, $2, $3, now(), $4, $5, $6)
""")
_LIST = Statement(f"""
    select {_COLUMNS} from events
     where org_id = $1 and id > $2 and id < $3 and ($5::text is null or action = $5)
     order by id limit $4
""")
_LIST_DESCENDING = Statement(f"""
    select {_COLUMNS} from events
     where org_id = $1 and id > $2 and id < $3 and ($5::text is null or action = $5)
     order by id desc limit $4
""")

_COUNT = Statement("""
    select count(*) from (
        select from events where org_id = $1 and ($2::text is null or action = $2) limit $3
    ) counted
""")


def insert(event: Event) -> Call:
    """Write one event of an organization."""
    return _INSERT(
        event.id,
        event.org_id,
        event.action,
        event.actor_type,
        event.actor_id,
        event.actor_name,
        Json(event.targets),
        Json(event.changes),
        event.occurred_at,
        event.request_id,
    )


def insert_of_account(
    id: UUID,
    user_id: UUID,
    action: str,
    request_id: str | None,
    changes: list[Change],
    actor_id: UUID | None,
) -> Call:
    """Write one event of a person's account, which belongs to no organization."""
    shown = Json([change.shown() for change in changes])
    return _INSERT_OF_ACCOUNT(id, user_id, action, request_id, shown, actor_id)


async def list_of_organization(
    reader: Reader, org_id: UUID, page: PageRequest, action: str | None
) -> list[Event]:
    """Events in the order of their ids, which is the order in which they were recorded."""
    statement = _LIST if page.ascending_scan else _LIST_DESCENDING
    rows = await reader.rows(statement(org_id, page.low, page.high, page.fetch, action))
    return [Event(*row) for row in rows]


async def count(reader: Reader, org_id: UUID, action: str | None, most: int) -> int:
    """How many there are; `most` where there are that many or more."""
    row = await reader.row(_COUNT(org_id, action, most))
    return row[0] if row else 0
