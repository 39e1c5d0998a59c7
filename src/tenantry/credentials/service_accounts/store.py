"""The SQL of service accounts."""

from uuid import UUID

from tenantry.authz.authority import Viewer
from tenantry.authz.visibility import JOIN_VIEWER, VISIBLE, ViewerKeyset, ViewerStatement
from tenantry.credentials.service_accounts.model import ServiceAccount
from tenantry.kit.page import PageRequest
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx

_COLUMNS = """a.id, a.org_id, a.name, r.id as role_id, r.key as role_key, r.name as role_name,
              directory.permissions_of(r.key, r.permissions) as role_permissions,
              a.workspace_id, a.created_at, a.updated_at"""
# An account that is limited to a workspace is visible to those who see the workspace.
_VISIBLE = f"""
    select {_COLUMNS}
      from service_accounts a
      join roles r on r.org_id = a.org_id and r.id = a.role_id
      {JOIN_VIEWER}
      left join workspaces w on w.org_id = a.org_id and w.id = a.workspace_id
     where a.org_id = $1
       and (w.id is null or {VISIBLE})
"""
_GET = ViewerStatement(f"{_VISIBLE} and a.id = $3", ServiceAccount)
_LIST = ViewerKeyset(_VISIBLE, "a.id", ServiceAccount)
_IN_WORKSPACE = Statement(
    f"""
    select {_COLUMNS} from service_accounts a
      join roles r on r.org_id = a.org_id and r.id = a.role_id
     where a.org_id = $1 and ($2::uuid is null or a.workspace_id = $2) order by a.id
""",
    ServiceAccount,
)
_COUNT = Statement("select count(*) from service_accounts where org_id = $1", int)
_INSERT = Statement("""
    insert into service_accounts (org_id, id, name, role_id, workspace_id, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7)
""")
_UPDATE = Statement("""
    update service_accounts set name = $3, role_id = $4, updated_at = $5
     where org_id = $1 and id = $2
""")
_DELETE = Statement("delete from service_accounts where org_id = $1 and id = any($2)")
_COUNT_WITH_ROLE = Statement(
    """
    select count(*) from service_accounts where org_id = $1 and role_id = $2
""",
    int,
)
_REPLACE_ROLE = Statement(
    """
    update service_accounts set role_id = $3, updated_at = $4
     where org_id = $1 and role_id = $2 returning id
""",
    UUID,
)


async def find(
    reader: Reader, org_id: UUID, viewer: Viewer, account_id: UUID
) -> ServiceAccount | None:
    return await reader.row(_GET(org_id, viewer, account_id))


async def list_of_organization(
    reader: Reader, org_id: UUID, viewer: Viewer, page: PageRequest
) -> list[ServiceAccount]:
    return await reader.rows(_LIST(page, org_id, viewer))


async def bound_to(tx: Tx, org_id: UUID, workspace_id: UUID | None) -> list[ServiceAccount]:
    return await tx.rows(_IN_WORKSPACE(org_id, workspace_id))


async def count(tx: Tx, org_id: UUID) -> int:
    return await tx.row(_COUNT(org_id)) or 0


def insert(tx: Tx, account: ServiceAccount) -> None:
    tx.enqueue(
        _INSERT(
            account.org_id,
            account.id,
            account.name,
            account.role.id,
            account.workspace_id,
            account.created_at,
            account.updated_at,
        )
    )


def update(tx: Tx, account: ServiceAccount) -> None:
    tx.enqueue(
        _UPDATE(account.org_id, account.id, account.name, account.role.id, account.updated_at)
    )


def delete(tx: Tx, org_id: UUID, ids: list[UUID]) -> None:
    """Delete accounts, after their keys."""
    tx.enqueue(_DELETE(org_id, ids))


async def count_with_role(tx: Tx, org_id: UUID, role_id: UUID) -> int:
    return await tx.row(_COUNT_WITH_ROLE(org_id, role_id)) or 0


async def replace_role(tx: Tx, org_id: UUID, role_id: UUID, replacement_id: UUID) -> list[UUID]:
    """Replace the role of accounts; returns their ids."""
    return await tx.rows(_REPLACE_ROLE(org_id, role_id, replacement_id, tx.now))
