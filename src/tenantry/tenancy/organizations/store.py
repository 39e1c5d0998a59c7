"""The SQL of organizations and of the registry of their slugs."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tenantry.authz.authority import RoleRef
from tenantry.authz.visibility import JOIN_VIEWER, VISIBLE, ViewerStatement
from tenantry.kit.page import PageRequest
from tenantry.postgres.keyset import Keyset
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.organizations.model import Organization, SlugTaken, Summary


class OrganizationRow(NamedTuple):
    """An organization without the caller's role, which their authorization knows."""

    id: UUID
    name: str
    slug: str
    kind: str
    locale: str
    metadata: Mapping[str, str]
    default_workspace_id: UUID
    created_at: datetime
    updated_at: datetime

    def with_role(self, role: RoleRef) -> Organization:
        return Organization(**self._asdict(), role=role)


_TAKE_SLUG = Statement("insert into organization_slugs (slug, org_id) values ($1, $2)")
_CLAIM_SLUG = Statement(f"{_TAKE_SLUG.sql} on conflict (slug) do nothing")
_FREE_SLUG = Statement("delete from organization_slugs where slug = $1 and org_id = $2")
_INSERT = Statement("""
    insert into organizations (org_id, name, slug, kind, locale, metadata, default_workspace_id,
                               owner_id, created_by, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
""")
_GET = Statement(
    """
    select org_id as id, name, slug, kind, locale, metadata, default_workspace_id, created_at,
           updated_at
      from organizations where org_id = $1
""",
    OrganizationRow,
)
# A private workspace is counted for those who see it. Archived ones are not counted.
_SUMMARY = ViewerStatement(
    f"""
    select (select count(*) from memberships where org_id = $1) as members,
           (select count(*) from invitations
             where org_id = $1 and status = 'pending'
               and expires_at > now()) as pending_invitations,
           (select count(*) from workspaces w {JOIN_VIEWER}
             where w.org_id = $1 and w.archived_at is null and {VISIBLE}) as workspaces,
           (select count(*) from roles where org_id = $1 and retired_at is null) as roles
""",
    Summary,
)
_UPDATE = Statement("""
    update organizations set name = $2, slug = $3, locale = $4, metadata = $5, updated_at = $6
     where org_id = $1
""")
_MINE_COLUMNS = """org_id as id, name, slug, kind, locale, metadata, default_workspace_id,
                  created_at, updated_at, role_id, role_key, role_name"""
_MINE = Keyset.of_functions(
    f"select {_MINE_COLUMNS} from {{}}($1, $2, $4, $5, $6, $3)",
    "directory.my_organizations",
    "directory.my_organizations_descending",
    Organization,
)
_PERSONAL = Statement("select directory.personal_organization($1)", UUID)
_DELETE = Statement("""
    update organizations set deleted_at = $2, updated_at = $3
     where org_id = $1 and ($2::timestamptz < $3::timestamptz or deleted_at is null)
""")
# The locked row, as it was, has the time of the deletion.
_UNDELETE = Statement(
    """
    update organizations o set deleted_at = null, updated_at = $2
      from (select org_id, deleted_at from organizations where org_id = $1 for no key update) was
     where o.org_id = $1 and was.org_id = $1
       and was.deleted_at > $2::timestamptz - interval '30 days'
    returning was.deleted_at
""",
    datetime,
)
_MINE_DELETED = Keyset.of_functions(
    f"select {_MINE_COLUMNS} from directory.my_deleted_organizations($1, $2, $4, $5, $6, $3, {{}})",
    "false",
    "true",
    Organization,
)
_CREATOR = Statement("select created_by from organizations where org_id = $1", UUID)
_PURGEABLE = Statement("select * from directory.purgeable_organizations($1, $2)", UUID)
_LOCK_TO_PURGE = Statement(
    """
    select 1 from organizations
     where org_id = $1 and deleted_at <= now() - interval '30 days' for update skip locked
""",
    int,
)
_FREE_SLUGS = Statement("delete from organization_slugs where org_id = $1")
_PURGE = Statement("delete from organizations where org_id = $1")
# What there may be much of, each before what it refers to. The rest is bounded by limits, and goes
# with the organization's own row.
_ROWS = {
    "events": "id",
    "workspace_memberships": "workspace_id, membership_id",
    "invitation_workspaces": "invitation_id, workspace_id",
    "invitation_tokens": "digest",
    "invitations": "id",
    "emails": "id",
    "api_key_secrets": "digest",
    "api_keys": "id",
    "service_accounts": "id",
    "memberships": "id",
    "mentions": "user_id, subject_id",
}
_PURGE_ROWS = [
    Statement(f"""
        delete from {table} where org_id = $1 and ({key}) in (
          select {key} from {table} where org_id = $1 limit $2)
    """)
    for table, key in _ROWS.items()
]

_REFUSALS = {"organization_slugs_pkey": SlugTaken}


def take_slug(tx: Tx, slug: str, org_id: UUID) -> None:
    """Take this slug and no other for an organization. SlugTaken, at the latest on commit."""
    tx.enqueue(_TAKE_SLUG(slug, org_id), _REFUSALS)


async def claim_slug(tx: Tx, slug: str, org_id: UUID) -> bool:
    """Take a slug if it is free; whether it was. Waits for a transaction that is taking it."""
    return await tx.count(_CLAIM_SLUG(slug, org_id)) == 1


def free_slug(tx: Tx, slug: str, org_id: UUID) -> None:
    tx.enqueue(_FREE_SLUG(slug, org_id))


def insert(
    tx: Tx, organization: Organization, *, owner_id: UUID | None, created_by: UUID | None
) -> None:
    """Write a new organization; the caller has set the tenant.

    `owner_id` is the person whose personal one it is; towards the limit of `created_by` it counts.
    """
    tx.enqueue(
        _INSERT(
            organization.id,
            organization.name,
            organization.slug,
            organization.kind,
            organization.locale,
            dict(organization.metadata),
            organization.default_workspace_id,
            owner_id,
            created_by,
            organization.created_at,
        )
    )


def update(tx: Tx, organization: Organization) -> None:
    tx.enqueue(
        _UPDATE(
            organization.id,
            organization.name,
            organization.slug,
            organization.locale,
            dict(organization.metadata),
            organization.updated_at,
        )
    )


async def summary(reader: Reader, org_id: UUID, user_id: UUID) -> Summary:
    (row,) = await reader.rows(_SUMMARY(org_id, user_id))
    return row


async def find(reader: Reader, org_id: UUID) -> OrganizationRow | None:
    return await reader.row(_GET(org_id))


async def list_of_user(
    reader: Reader, session_id: UUID, user_id: UUID, page: PageRequest, slug: str | None
) -> list[Organization]:
    return await reader.rows(_MINE(page, session_id, user_id, slug))


async def personal_of(reader: Reader, user_id: UUID) -> UUID | None:
    return await reader.row(_PERSONAL(user_id))


def delete(tx: Tx, org_id: UUID, *, since: datetime) -> None:
    """Note that the organization is deleted; its slug stays taken. One that is already stays so,
    save where its time to be restored is to be over at once."""
    tx.enqueue(_DELETE(org_id, since, tx.now))


async def undelete(tx: Tx, org_id: UUID) -> datetime | None:
    """Mark it as not deleted; when it was deleted. None if it was not, or too long ago."""
    return await tx.row(_UNDELETE(org_id, tx.now))


async def list_deleted_of_user(
    reader: Reader, session_id: UUID, user_id: UUID, page: PageRequest, slug: str | None
) -> list[Organization]:
    """The deleted organizations that a person is an Admin of and may still restore."""
    return await reader.rows(_MINE_DELETED(page, session_id, user_id, slug))


async def creator(tx: Tx, org_id: UUID) -> UUID | None:
    return await tx.row(_CREATOR(org_id))


async def purgeable(reader: Reader, after: UUID, limit: int) -> list[UUID]:
    """Those that can no longer be restored, by id, after a given one."""
    return await reader.rows(_PURGEABLE(after, limit))


async def lock_to_purge(tx: Tx, org_id: UUID) -> bool:
    """Lock such an organization; False if it is gone, or someone else has locked it."""
    return await tx.row(_LOCK_TO_PURGE(org_id)) is not None


async def purge_rows(tx: Tx, org_id: UUID, most: int) -> int:
    """Remove at most so many rows of one table that has any of the organization's; how many."""
    for rows in _PURGE_ROWS:
        if removed := await tx.count(rows(org_id, most)):
            return removed
    return 0


async def purge(tx: Tx, org_id: UUID) -> None:
    await tx.count(_PURGE(org_id))
    tx.enqueue(_FREE_SLUGS(org_id))
