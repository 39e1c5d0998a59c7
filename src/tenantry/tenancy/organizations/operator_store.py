"""The SQL by which operators see organizations of all tenants, and disable one."""

from uuid import UUID

from tenantry.authz.claims import Claims
from tenantry.kit.page import PageRequest
from tenantry.postgres.keyset import Keyset
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.organizations.model import OperatedOrganization

_GET = Statement("select * from directory.operator_organization($1, $2, $3)", OperatedOrganization)
LIST = Keyset.of_functions(
    "select * from {}($1, $2, $4, $5, $6, null, $3)",
    "directory.operator_organizations",
    "directory.operator_organizations_descending",
    OperatedOrganization,
)
# The one of a slug is found by the registry: the list would read all organizations to find it.
LIST_OF_SLUG = Keyset(
    """
    select o.* from organization_slugs s
     cross join lateral directory.operator_organization($1, $2, s.org_id) o
     where s.slug = $4 and o.slug = s.slug
       and case $3 when 'live' then o.deleted_at is null and o.disabled_at is null
                   when 'deleted' then o.deleted_at is not null
                   when 'disabled' then o.disabled_at is not null
                   else true end
    """,
    "o.id",
    OperatedOrganization,
)
# What `directory.operator_organization` shows, for a transaction that has set the tenant.
_GET_KEPT = Statement(
    """
    select o.org_id as id, o.name, o.slug, o.kind,
           (select count(*)::int from memberships m where m.org_id = o.org_id) as members,
           (select count(*)::int from workspaces w where w.org_id = o.org_id) as workspaces,
           o.created_at, o.deleted_at, o.disabled_at, o.status_reason
      from organizations o where o.org_id = $1
""",
    OperatedOrganization,
)
_ID_OF_SLUG = Statement("select org_id from organization_slugs where slug = $1", UUID)
_SET_STATUS = Statement("""
    update organizations set disabled_at = $2, status_reason = $3, deleted_at = $4
     where org_id = $1
""")


async def find_operated(
    reader: Reader, claims: Claims, org_id: UUID
) -> OperatedOrganization | None:
    """An organization, where who asks is an operator."""
    return await reader.row(_GET(claims.session_id, claims.user_id, org_id))


async def find_kept(tx: Tx, org_id: UUID) -> OperatedOrganization | None:
    """The same, for a transaction that acts as its tenant."""
    return await tx.row(_GET_KEPT(org_id))


async def id_of_slug(reader: Reader, slug: str) -> UUID | None:
    return await reader.row(_ID_OF_SLUG(slug))


async def list_operated(
    reader: Reader,
    claims: Claims,
    page: PageRequest,
    *,
    slug: str | None,
    status: str | None,
) -> list[OperatedOrganization]:
    """Organizations of all tenants, where who asks is an operator."""
    caller = claims.session_id, claims.user_id
    if slug is None:
        return await reader.rows(LIST(page, *caller, status))
    return await reader.rows(LIST_OF_SLUG(page, *caller, status, slug))


def set_status(tx: Tx, organization: OperatedOrganization) -> None:
    """Write when and why it was disabled or deleted; the caller has set the tenant."""
    tx.enqueue(
        _SET_STATUS(
            organization.id,
            organization.disabled_at,
            organization.status_reason,
            organization.deleted_at,
        )
    )
