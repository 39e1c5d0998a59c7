"""The SQL of the product's own permissions."""

from collections.abc import Collection
from datetime import datetime

from tenantry.authz.permissions.model import ProductPermission, UsedPermission, Uses
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx

_COLUMNS = "name, description, created_at, updated_at"
_INSERT = Statement(f"""
    insert into permissions ({_COLUMNS}) values ($1, $2, $3, $3) on conflict (name) do nothing
""")
_DESCRIBE = Statement("update permissions set description = $2, updated_at = $3 where name = $1")
_DELETE = Statement("delete from permissions where name = $1")
_LIST = Statement(f"select {_COLUMNS} from permissions order by name", ProductPermission)
_USED = """
    select p.name as permission_name, p.description as permission_description,
           p.created_at as permission_created_at, p.updated_at as permission_updated_at,
           u.roles as uses_roles, u.organizations as uses_organizations
      from permissions p cross join lateral directory.permission_uses(p.name) u
"""
_LIST_USED = Statement(f"{_USED} order by p.name", UsedPermission)
_FIND_USED = Statement(f"{_USED} where p.name = $1", UsedPermission)
_USES = Statement("select roles, organizations from directory.permission_uses($1)", Uses)
_COUNT = Statement("select count(*) from permissions", int)
# Conflicts with every hold: a withdrawal waits for transactions that add the permission to roles.
_LOCK = Statement(
    f"select {_COLUMNS} from permissions where name = $1 for update", ProductPermission
)
_HOLD = Statement(
    "select name from permissions where name = any($1) order by name for key share", str
)


async def insert(tx: Tx, name: str, description: str) -> bool:
    """Insert a permission; False if it is already declared."""
    return await tx.count(_INSERT(name, description, tx.now)) == 1


def describe(tx: Tx, name: str, description: str, now: datetime) -> None:
    tx.enqueue(_DESCRIBE(name, description, now))


def delete(tx: Tx, name: str) -> None:
    tx.enqueue(_DELETE(name))


async def list_all(reader: Reader) -> list[ProductPermission]:
    return await reader.rows(_LIST())


async def list_used(reader: Reader) -> list[UsedPermission]:
    return await reader.rows(_LIST_USED())


async def find_used(reader: Reader, name: str) -> UsedPermission | None:
    return await reader.row(_FIND_USED(name))


async def uses(tx: Tx, name: str) -> Uses:
    (found,) = await tx.rows(_USES(name))
    return found


async def count(tx: Tx) -> int:
    (found,) = await tx.rows(_COUNT())
    return found


async def lock(tx: Tx, name: str) -> ProductPermission | None:
    """The permission; it cannot be added to roles until the transaction ends."""
    return await tx.row(_LOCK(name))


async def hold(tx: Tx, names: Collection[str]) -> set[str]:
    """The declared ones; none of them can be withdrawn until the transaction ends."""
    return {*await tx.rows(_HOLD(list(names)))} if names else set()
