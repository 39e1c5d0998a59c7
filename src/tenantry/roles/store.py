"""The SQL of roles."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from tenantry.database.reader import Reader
from tenantry.database.statement import Json, Statement
from tenantry.database.transaction import Tx
from tenantry.kit.page import PageRequest
from tenantry.roles.model import Role, RoleKeyTaken

_COLUMNS = "id, org_id, key, name, description, permissions, is_default, created_at, updated_at"
_INSERT_ALL = Statement(f"""
    insert into roles ({_COLUMNS})
    select id, $1, key, name, description, permissions, is_default, $2, $2
      from jsonb_to_recordset($3) as drawn (
        id uuid, key text, name text, description text, permissions text[], is_default boolean)
""")
_LIST = Statement(f"""
    select {_COLUMNS} from roles
     where org_id = $1 and id > $2 and id < $3 and retired_at is null order by id limit $4
""")
_LIST_DESCENDING = Statement(f"""
    select {_COLUMNS} from roles
     where org_id = $1 and id > $2 and id < $3 and retired_at is null order by id desc limit $4
""")
_FIND = Statement(f"""
    select {_COLUMNS} from roles
     where org_id = $1 and (id = any($2) or key = any($3)) and retired_at is null
""")
_GET = Statement(f"""
    select {_COLUMNS} from roles where org_id = $1 and id = $2 and retired_at is null
""")
_KEY_EXISTS = Statement("""
    select 1 from roles where org_id = $1 and key = $2 and retired_at is null
""")
_COUNT_CUSTOM = Statement("""
    select count(*) from roles where org_id = $1 and not is_default and retired_at is null
""")
_UPDATE = Statement("""
    update roles set name = $3, description = $4, permissions = $5, updated_at = $6
     where org_id = $1 and id = $2
""")
_RETIRE = Statement("update roles set retired_at = $3 where org_id = $1 and id = $2")

_REFUSALS = {"roles_key": RoleKeyTaken}


def insert_all(tx: Tx, org_id: UUID, roles: Iterable[Role]) -> None:
    """Write new roles of an organization. RoleKeyTaken, at the latest on commit."""
    drawn = [{"id": role.id, "is_default": role.is_default, **role.snapshot()} for role in roles]
    tx.later(_INSERT_ALL(org_id, tx.now, Json(drawn)), _REFUSALS)


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


async def get(reader: Reader, org_id: UUID, role_id: UUID) -> Role | None:
    """The role, unless it is retired."""
    row = await reader.row(_GET(org_id, role_id))
    return Role(*row) if row else None


async def key_exists(tx: Tx, org_id: UUID, key: str) -> bool:
    """Whether a role of the organization has this key."""
    return await tx.row(_KEY_EXISTS(org_id, key)) is not None


async def count_custom(tx: Tx, org_id: UUID) -> int:
    """How many roles the organization has made for itself."""
    row = await tx.row(_COUNT_CUSTOM(org_id))
    return row[0] if row else 0


def update(tx: Tx, role: Role) -> None:
    """Write what can be changed of a role."""
    tx.later(
        _UPDATE(
            role.org_id, role.id, role.name, role.description, role.permissions, role.updated_at
        )
    )


def retire(tx: Tx, role: Role) -> None:
    """Keep the role for the record alone: nobody holds it, and nobody can be given it."""
    tx.later(_RETIRE(role.org_id, role.id, tx.now))
