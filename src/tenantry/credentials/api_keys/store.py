"""The SQL of API keys and of the registry of their secrets."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from tenantry.authz.authority import Viewer
from tenantry.authz.visibility import JOIN_VIEWER, VISIBLE, ViewerKeyset, ViewerStatement
from tenantry.credentials.api_keys.model import ApiKey
from tenantry.kit.page import PageRequest
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx

Basis = Literal["organization", "membership", "user", "known_to", "service_account", "workspace"]
"""What keys rest on; `known_to` is a person who owns them, or was shown the current secret."""

_CONDITIONS: Mapping[Basis, str] = {
    "organization": "k.org_id = $2",
    "membership": "m.id = $2",
    "user": "m.user_id = $2",
    "known_to": """(m.user_id = $2
            or exists (select from api_key_secrets s
                        where s.org_id = k.org_id and s.key_id = k.id
                          and s.shown_to = $2 and s.expires_at is null))""",
    "service_account": "a.id = $2",
    "workspace": "coalesce(a.workspace_id, k.workspace_id) = $2",
}
_KEYS = """
    select k.id, k.org_id, k.name, k.hint,
           case when a.id is null then 'user' else 'sa' end as holder_kind,
           coalesce(a.id, u.id) as holder_id, coalesce(a.name, u.name) as holder_name,
           k.membership_id as holder_membership_id,
           r.id as role_id, r.key as role_key, r.name as role_name,
           directory.permissions_of(r.key, r.permissions) as role_permissions,
           coalesce(a.workspace_id, k.workspace_id) as workspace_id,
           k.expires_at, k.last_used_at, k.created_at, k.updated_at
      from api_keys k
      left join service_accounts a on a.org_id = k.org_id and a.id = k.service_account_id
      join roles r on r.org_id = k.org_id and r.id = coalesce(a.role_id, k.role_id)
      left join memberships m on m.org_id = k.org_id and m.id = k.membership_id
      left join users u on u.id = m.user_id
"""
# A key that is limited to a workspace is visible to those who see the workspace, and always to its
# owner, who can revoke it. It shows only the workspace id that they set.
_VISIBLE = f"""{_KEYS}
      {JOIN_VIEWER}
      left join workspaces w
        on w.org_id = k.org_id and w.id = coalesce(a.workspace_id, k.workspace_id)
     where k.org_id = $1
       and (w.id is null or k.membership_id = viewer.membership_id or {VISIBLE})
"""
_GET = ViewerStatement(f"{_VISIBLE} and k.id = $3", ApiKey)
_LIST = ViewerKeyset(_VISIBLE, "k.id", ApiKey)
_LIST_OF_ACCOUNT = ViewerKeyset(f"{_VISIBLE} and k.service_account_id = $3", "k.id", ApiKey)
_RESTING_ON: Mapping[Basis, Statement[ApiKey]] = {
    basis: Statement(f"{_KEYS} where k.org_id = $1 and {condition} order by k.id", ApiKey)
    for basis, condition in _CONDITIONS.items()
}
_COUNT = Statement("select count(*) from api_keys where org_id = $1", int)
_INSERT = Statement("""
    insert into api_keys (org_id, id, name, hint, membership_id, role_id, workspace_id,
                          service_account_id, expires_at, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
""")
_INSERT_SECRET = Statement("""
    insert into api_key_secrets (digest, org_id, key_id, created_at, shown_to)
    values ($1, $2, $3, $4, $5)
""")
# At most two secrets are valid: the newest, and the one before it until the overlap ends. The
# caller holds the lock of the organization, so rotations never interleave.
_FORGET_REPLACED_SECRETS = Statement("""
    delete from api_key_secrets where org_id = $1 and key_id = $2 and expires_at is not null
""")
_REPLACE_SECRET = Statement("""
    update api_key_secrets set expires_at = $3
     where org_id = $1 and key_id = $2 and expires_at is null
""")
_FORGET_REPLACED_SHOWN_TO = Statement("""
    delete from api_key_secrets where org_id = $1 and shown_to = $2 and expires_at is not null
""")
_UPDATE = Statement("""
    update api_keys set name = $3, hint = $4, updated_at = $5 where org_id = $1 and id = $2
""")
_DELETE_SECRETS = Statement("delete from api_key_secrets where org_id = $1 and key_id = any($2)")
_DELETE_ALL_SECRETS = Statement("delete from api_key_secrets where org_id = $1")
_DELETE = Statement("delete from api_keys where org_id = $1 and id = any($2)")
_COUNT_WITH_ROLE = Statement(
    "select count(*) from api_keys where org_id = $1 and role_id = $2", int
)
_REPLACE_ROLE = Statement(
    """
    update api_keys set role_id = $3, updated_at = $4
     where org_id = $1 and role_id = $2 returning id
""",
    UUID,
)
_NOTE_USES = Statement("""
    update api_keys k set last_used_at = greatest(k.last_used_at, used.at)
      from unnest($2::uuid[], $3::timestamptz[]) as used (id, at)
     where k.org_id = $1 and k.id = used.id
""")


async def find(reader: Reader, org_id: UUID, viewer: Viewer, key_id: UUID) -> ApiKey | None:
    return await reader.row(_GET(org_id, viewer, key_id))


async def list_of_organization(
    reader: Reader, org_id: UUID, viewer: Viewer, page: PageRequest, *, account_id: UUID | None
) -> list[ApiKey]:
    """The keys of an organization that the viewer can see, optionally of one service account."""
    if account_id is None:
        return await reader.rows(_LIST(page, org_id, viewer))
    return await reader.rows(_LIST_OF_ACCOUNT(page, org_id, viewer, account_id))


async def list_resting_on(tx: Tx, org_id: UUID, basis: Basis, basis_id: UUID) -> list[ApiKey]:
    return await tx.rows(_RESTING_ON[basis](org_id, basis_id))


async def count(tx: Tx, org_id: UUID) -> int:
    return await tx.row(_COUNT(org_id)) or 0


def insert(tx: Tx, key: ApiKey, digest: bytes, *, shown_to: UUID) -> None:
    """Insert a key with its secret's digest, and the person that the secret is shown to."""
    is_own = key.holder.membership_id is not None
    tx.enqueue(
        _INSERT(
            key.org_id,
            key.id,
            key.name,
            key.hint,
            key.holder.membership_id,
            key.role.id if is_own else None,
            key.workspace_id if is_own else None,
            None if is_own else key.holder.id,
            key.expires_at,
            key.created_at,
        )
    )
    tx.enqueue(_INSERT_SECRET(digest, key.org_id, key.id, key.created_at, shown_to))


def renew(tx: Tx, key: ApiKey, digest: bytes, *, shown_to: UUID, until: datetime) -> None:
    """Give a key a new secret: the current one ends at `until`, and older ones at once."""
    tx.enqueue(_FORGET_REPLACED_SECRETS(key.org_id, key.id))
    tx.enqueue(_REPLACE_SECRET(key.org_id, key.id, until))
    tx.enqueue(_INSERT_SECRET(digest, key.org_id, key.id, tx.now, shown_to))
    update(tx, key)


def update(tx: Tx, key: ApiKey) -> None:
    tx.enqueue(_UPDATE(key.org_id, key.id, key.name, key.hint, key.updated_at))


def delete(tx: Tx, org_id: UUID, ids: list[UUID]) -> None:
    if ids:
        tx.enqueue(_DELETE_SECRETS(org_id, ids))
        tx.enqueue(_DELETE(org_id, ids))


def forget_replaced_shown_to(tx: Tx, org_id: UUID, user_id: UUID) -> None:
    """Delete replaced secrets that were shown to a person."""
    tx.enqueue(_FORGET_REPLACED_SHOWN_TO(org_id, user_id))


async def count_with_role(tx: Tx, org_id: UUID, role_id: UUID) -> int:
    """How many members' own keys have the role."""
    return await tx.row(_COUNT_WITH_ROLE(org_id, role_id)) or 0


async def replace_role(tx: Tx, org_id: UUID, role_id: UUID, replacement_id: UUID) -> list[UUID]:
    """Replace the role of keys; returns their ids."""
    return await tx.rows(_REPLACE_ROLE(org_id, role_id, replacement_id, tx.now))


def note_uses(tx: Tx, org_id: UUID, uses: Mapping[UUID, datetime]) -> None:
    """Write when keys were last used. The caller has set the tenant."""
    tx.enqueue(_NOTE_USES(org_id, list(uses), list(uses.values())))
