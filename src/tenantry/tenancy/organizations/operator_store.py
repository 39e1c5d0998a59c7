"""The SQL by which operators see organizations of all tenants, and disable one."""

from uuid import UUID

from tenantry.kit.page import PageRequest
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.organizations.model import OperatedOrganization

_GET = Statement("select * from directory.operator_organization($1, $2, $3)")
LIST = Statement("select * from directory.operator_organizations($1, $2, $3, $4, $5, null, $6)")
LIST_DESCENDING = Statement(
    "select * from directory.operator_organizations_descending($1, $2, $3, $4, $5, null, $6)"
)
# The one of a slug is found by the registry: the list would read all organizations to find it.
LIST_OF_SLUG = Statement("""
    select o.* from organization_slugs s
     cross join lateral directory.operator_organization($1, $2, s.org_id) o
     where s.slug = $7 and o.slug = s.slug and o.id > $3 and o.id < $4
       and case $6 when 'live' then o.deleted_at is null and o.disabled_at is null
                   when 'deleted' then o.deleted_at is not null
                   when 'disabled' then o.disabled_at is not null
                   else true end
     limit $5
""")
# What `directory.operator_organization` shows, for who acts as the tenant.
_GET_KEPT = Statement("""
    select o.org_id, o.name, o.slug, o.kind,
           (select count(*)::int from memberships m where m.org_id = o.org_id),
           (select count(*)::int from workspaces w where w.org_id = o.org_id),
           o.created_at, o.deleted_at, o.disabled_at, o.status_reason
      from organizations o where o.org_id = $1
""")
_ID_OF_SLUG = Statement("select org_id from organization_slugs where slug = $1")
_SET_STANDING = Statement("""
    update organizations set disabled_at = $2, status_reason = $3, deleted_at = $4
     where org_id = $1
""")


async def find_operated(
    reader: Reader, session_id: UUID, user_id: UUID, org_id: UUID
) -> OperatedOrganization | None:
    """An organization, where who asks is an operator."""
    row = await reader.row(_GET(session_id, user_id, org_id))
    return OperatedOrganization(*row) if row else None


async def find_kept(tx: Tx, org_id: UUID) -> OperatedOrganization | None:
    """The same, for a transaction that acts as its tenant."""
    row = await tx.row(_GET_KEPT(org_id))
    return OperatedOrganization(*row) if row else None


async def id_of_slug(reader: Reader, slug: str) -> UUID | None:
    """Which organization has this slug, deleted ones included."""
    row = await reader.row(_ID_OF_SLUG(slug))
    return row[0] if row else None


async def list_operated(
    reader: Reader,
    session_id: UUID,
    user_id: UUID,
    page: PageRequest,
    *,
    slug: str | None,
    status: str | None,
) -> list[OperatedOrganization]:
    """Organizations of all tenants, where who asks is an operator."""
    bounds = (session_id, user_id, page.low, page.high, page.fetch, status)
    if slug is not None:
        call = LIST_OF_SLUG(*bounds, slug)
    else:
        call = (LIST if page.ascending_scan else LIST_DESCENDING)(*bounds)
    return [OperatedOrganization(*row) for row in await reader.rows(call)]


def set_standing(tx: Tx, organization: OperatedOrganization) -> None:
    """Write since when, and why, it is disabled or deleted, or is not; the transaction acts as its
    tenant."""
    tx.enqueue(
        _SET_STANDING(
            organization.id,
            organization.disabled_at,
            organization.status_reason,
            organization.deleted_at,
        )
    )
