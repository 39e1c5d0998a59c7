"""The SQL of roles."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from tenantry.database.reader import Reader
from tenantry.database.statement import Json, Statement
from tenantry.database.transaction import Tx
from tenantry.kit.page import PageRequest
from tenantry.roles.model import Role

_COLUMNS = "id, org_id, key, name, description, permissions, is_default, created_at, updated_at"
_INSERT_ALL = Statement(f"""
    insert into roles ({_COLUMNS})
    select id, $1, key, name, description, permissions, is_default, $2, $2
      from jsonb_to_recordset($3) as drawn (
        id uuid, key text, name text, description text, permissions text[], is_default boolean)
""")
_LIST = Statement(f"""
    select {_COLUMNS} from roles where org_id = $1 and id > $2 and id < $3 order by id limit $4
""")
_LIST_DESCENDING = Statement(f"""
    select {_COLUMNS} from roles where org_id = $1 and id > $2 and id < $3 order by id desc limit $4
""")
_FIND = Statement(f"""
    select {_COLUMNS} from roles where org_id = $1 and (id = any($2) or key = any($3))
""")


def insert_all(tx: Tx, org_id: UUID, roles: Iterable[Role]) -> None:
    """Write new roles of an organization."""
    drawn = [{"id": role.id, "is_default": role.is_default, **role.snapshot()} for role in roles]
    tx.later(_INSERT_ALL(org_id, tx.now, Json(drawn)))


async def find(
    reader: Reader, org_id: UUID, ids: Sequence[UUID], keys: Sequence[str]
) -> list[Role]:
    """The roles of these ids and keys, as far as they exist."""
    return [Role(*row) for row in await reader.rows(_FIND(org_id, list(ids), list(keys)))]


async def list_of_organization(reader: Reader, org_id: UUID, page: PageRequest) -> list[Role]:
    """The roles of an organization."""
    statement = _LIST if page.ascending_scan else _LIST_DESCENDING
    return [
        Role(*row) for row in await reader.rows(statement(org_id, page.low, page.high, page.fetch))
    ]
