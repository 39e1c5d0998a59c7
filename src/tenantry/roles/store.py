"""The SQL of roles."""

from collections.abc import Sequence
from uuid import UUID

from tenantry.database.reader import Reader
from tenantry.database.statement import Statement
from tenantry.database.transaction import Tx
from tenantry.kit.page import PageRequest
from tenantry.roles.model import Role

_COLUMNS = "id, org_id, key, name, description, permissions, is_default, created_at, updated_at"
_INSERT = Statement(f"""
    insert into roles ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
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


def insert(tx: Tx, role: Role) -> None:
    """Write a new role."""
    tx.later(
        _INSERT(
            role.id,
            role.org_id,
            role.key,
            role.name,
            role.description,
            role.permissions,
            role.is_default,
            role.created_at,
            role.updated_at,
        )
    )


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
