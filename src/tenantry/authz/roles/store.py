"""The SQL of roles."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tenantry.authz.roles.model import DEFAULT_ROLES, Blueprint, Role, RoleKeyTaken, RoleName
from tenantry.kit.page import PageRequest
from tenantry.postgres.keyset import Keyset
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import BoundStatement, Statement
from tenantry.postgres.transaction import Tx

_COLUMNS = "id, org_id, key, name, description, permissions, is_default, created_at, updated_at"
# As shown to callers: Admin also has every permission that the product declares.
_SHOWN = _COLUMNS.replace(
    "permissions", "directory.permissions_of(key, permissions) as permissions"
)
_INSERT = Statement(f"insert into roles ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $8)")
_LIST = Keyset(f"select {_SHOWN} from roles where org_id = $1 and retired_at is null", "id", Role)
_FIND = Statement(
    f"""
    select {_SHOWN} from roles
     where org_id = $1 and (id = any($2) or key = any($3)) and retired_at is null
""",
    Role,
)
_GET = Statement(
    f"""
    select {_SHOWN} from roles where org_id = $1 and id = $2 and retired_at is null
""",
    Role,
)
_KEY_EXISTS = Statement(
    """
    select 1 from roles where org_id = $1 and key = $2 and retired_at is null
""",
    int,
)
_COUNT_CUSTOM = Statement(
    """
    select count(*) from roles where org_id = $1 and not is_default and retired_at is null
""",
    int,
)
_UPDATE = Statement("""
    update roles set name = $3, description = $4, permissions = $5, updated_at = $6
     where org_id = $1 and id = $2
""")
_RETIRE = Statement("update roles set retired_at = $3 where org_id = $1 and id = $2")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _default_row(number: int, blueprint: Blueprint) -> str:
    words = map(_literal, [blueprint.key, blueprint.name, blueprint.description])
    permissions = ", ".join(map(_literal, blueprint.permissions))
    return f"(${number}, $1, {', '.join(words)}, array[{permissions}], true, $2, $2)"


_DEFAULT_ROWS = ", ".join(_default_row(*each) for each in enumerate(DEFAULT_ROLES, start=3))
_INSERT_DEFAULTS = Statement(f"insert into roles ({_COLUMNS}) values {_DEFAULT_ROWS}")

_REFUSALS = {"roles_key": RoleKeyTaken}


def insert(tx: Tx, role: Role) -> None:
    """Write a new role. RoleKeyTaken, at the latest on commit."""
    tx.enqueue(
        _INSERT(
            role.id,
            role.org_id,
            role.key,
            role.name,
            role.description,
            role.permissions,
            role.is_default,
            role.created_at,
        ),
        _REFUSALS,
    )


def insert_defaults(tx: Tx, org_id: UUID, drawn: Mapping[str, Role]) -> None:
    """Insert the default roles; everything but their ids is constant."""
    ids = [drawn[blueprint.key].id for blueprint in DEFAULT_ROLES]
    tx.enqueue(_INSERT_DEFAULTS(org_id, tx.now, *ids))


def select_named(org_id: UUID, names: Sequence[RoleName]) -> BoundStatement[Role]:
    ids = [name for name in names if isinstance(name, UUID)]
    keys = [name for name in names if isinstance(name, str)]
    return _FIND(org_id, ids, keys)


async def list_of_organization(reader: Reader, org_id: UUID, page: PageRequest) -> list[Role]:
    return await reader.rows(_LIST(page, org_id))


async def get(reader: Reader, org_id: UUID, role_id: UUID) -> Role | None:
    """The role, unless it is retired."""
    return await reader.row(_GET(org_id, role_id))


async def key_exists(tx: Tx, org_id: UUID, key: str) -> bool:
    return await tx.row(_KEY_EXISTS(org_id, key)) is not None


async def count_custom(tx: Tx, org_id: UUID) -> int:
    """How many roles are not default ones."""
    return await tx.row(_COUNT_CUSTOM(org_id)) or 0


def update(tx: Tx, role: Role) -> None:
    tx.enqueue(
        _UPDATE(
            role.org_id, role.id, role.name, role.description, role.permissions, role.updated_at
        )
    )


def retire(tx: Tx, role: Role) -> None:
    """Keep the role for history only; it can no longer be granted."""
    tx.enqueue(_RETIRE(role.org_id, role.id, tx.now))
