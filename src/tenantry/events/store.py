"""The SQL of events."""

from typing import Any
from uuid import UUID

from tenantry.database.reader import Reader
from tenantry.database.statement import Call, Statement
from tenantry.events.model import Event
from tenantry.kit.page import PageRequest

_INSERT = Statement("""
    insert into events (org_id, id, action, actor_type, actor_id, actor_name, targets, changes,
                        occurred_at, request_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
""")
_INSERT_OF_ACCOUNT = Statement("""
    insert into account_events (id, user_id, action, occurred_at, request_id, changes)
    values ($1, $2, $3, $4, $5, $6)
""")
_COLUMNS = """id, org_id, action, actor_type, actor_id, actor_name, targets, changes, occurred_at,
              request_id"""
_LIST = Statement(f"""
    select {_COLUMNS} from events
     where org_id = $1 and id > $2 and ($4::text is null or action = $4) order by id limit $3
""")  # noqa: S608
_LIST_DESCENDING = Statement(f"""
    select {_COLUMNS} from events
     where org_id = $1 and id < $2 and ($4::text is null or action = $4) order by id desc limit $3
""")  # noqa: S608


def insert(event: Event) -> Call:
    """Write one event of an organization."""
    return _INSERT(
        event.org_id,
        event.id,
        event.action,
        event.actor_type,
        event.actor_id,
        event.actor_name,
        Raw(event.targets),
        event.changes,
        event.occurred_at,
        event.request_id,
    )
