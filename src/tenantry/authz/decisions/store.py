"""The SQL of checks, effective permissions and members with a permission."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from tenantry.authz.authority import RoleRef, Viewer
from tenantry.authz.authorized_reader import AuthorizedReader, CheckCaller
from tenantry.authz.claims import Claims, KeyClaims
from tenantry.authz.decisions.model import (
    ALLOWED_BY,
    WORKSPACES_PER_PAGE,
    CheckRequest,
    Decision,
    MemberWithPermission,
    PermissionsRow,
)
from tenantry.authz.visibility import JOIN_VIEWER, VISIBLE, ViewerKeyset, ViewerStatement
from tenantry.kit.page import PageRequest
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement

# Ids as text: parsing a thousand UUIDs would take longer than everything else.
_DECISION = """outcome, revision, membership_id::text, role_id::text, role_key, role_name, archived,
           workspace_role_id::text, workspace_role_key, workspace_role_name"""
_CHECK = Statement(
    f"""
    select {_DECISION}
      from directory.check_access($1, $2, $3, $4::uuid[], $5::uuid[], $6::uuid[], $7::text[])
""",
    Decision,
)
_CHECK_BY_KEY = Statement(
    f"""
    select {_DECISION}
      from directory.check_access_by_key($1, $2::uuid[], $3::uuid[], $4::uuid[], $5::text[])
""",
    Decision,
)


def _page_of(permissions: str) -> str:
    """A row for the organization, then those of the workspaces after the one of id $4."""
    return f"""
        with h as materialized ({permissions})
        (select h.*, (select count(*) from h) as workspaces_count
           from h order by h.workspace_id limit 1)
        union all
        (select h.*, (select count(*) from h) from h where h.workspace_id > $4
          order by h.workspace_id limit {WORKSPACES_PER_PAGE + 1})
    """


_OWN_EFFECTIVE_PERMISSIONS = Statement(
    _page_of("select * from directory.my_effective_permissions($1, $2, $3)"), PermissionsRow
)
# Only workspaces that the viewer can see: even the id of a private one is hidden from others. The
# default workspace is open to everyone, so a member always has a row.
_EFFECTIVE_PERMISSIONS = ViewerStatement(
    _page_of(f"""
        select h.* from directory.effective_permissions($1) h
          cross join lateral (select $1::uuid as org_id, h.workspace_id as id, h.visibility) w
          {JOIN_VIEWER}
         where h.membership_id = $3 and {VISIBLE}
    """),
    PermissionsRow,
)


class _MemberRow(NamedTuple):
    id: UUID
    user_id: UUID
    email: str
    name: str
    role: RoleRef
    workspace_role: RoleRef | None
    by_role: bool
    by_workspace_role: bool


_MEMBERS_WITH = ViewerKeyset(
    f"""
        select s.membership_id as id, s.user_id, u.email, u.name,
               s.role_id, s.role_key, s.role_name,
               s.workspace_role_id, s.workspace_role_key, s.workspace_role_name,
               may.by_role, may.by_workspace_role
          from directory.member_access($1, $4) s
          join users u on u.id = s.user_id
          {JOIN_VIEWER}
          left join permissions d on d.name = $3
         cross join lateral (
           select directory.permits(s.role_key, s.held, $3, d.name is not null) as by_role,
                  directory.counts_in_workspace($3)
                    and directory.permits(
                      s.workspace_role_key, s.workspace_permissions, $3, d.name is not null)
                    as by_workspace_role
         ) may
         where s.state = 'active' and (may.by_role or may.by_workspace_role)
           and ($4::uuid is null or s.sees and exists (
             select from workspaces w
              where w.org_id = $1 and w.id = $4
                and {VISIBLE}))
""",
    "s.membership_id",
    _MemberRow,
)
_IS_DECLARED = Statement("select name from permissions where name = $1", str)
_BY = {(True, True): "both", (True, False): "role", (False, True): "workspace_role"}


async def check_all(caller: CheckCaller, request: CheckRequest) -> list[Decision]:
    """The decision on each check, all from one snapshot."""
    columns = (
        _array(request.org_ids),
        _array(request.workspace_ids),
        _array(request.user_ids),
        _array(request.permissions),
    )
    who = caller.credentials
    if isinstance(who, KeyClaims):
        return await caller.rows(_CHECK_BY_KEY(who.digest, *columns))
    if isinstance(who, Claims):
        return await caller.rows(_CHECK(who.session_id, who.user_id, None, *columns))
    return await caller.rows(_CHECK(None, None, who.digest, *columns))


async def own_effective_permissions(
    reader: AuthorizedReader, org_id: UUID, after: UUID
) -> list[PermissionsRow]:
    """A row for the organization and one for each workspace of a page; none for a non-member."""
    claims = reader.claims
    return await reader.rows(
        _OWN_EFFECTIVE_PERMISSIONS(claims.session_id, claims.user_id, org_id, after)
    )


async def effective_permissions(
    reader: Reader, org_id: UUID, viewer: Viewer, membership_id: UUID, after: UUID
) -> list[PermissionsRow]:
    """The same for a member, with the workspaces that the viewer can see."""
    return await reader.rows(_EFFECTIVE_PERMISSIONS(org_id, viewer, membership_id, after))


async def list_members_with(
    reader: Reader,
    org_id: UUID,
    viewer: Viewer,
    page: PageRequest,
    *,
    permission: str,
    workspace_id: UUID | None,
) -> list[MemberWithPermission]:
    rows = await reader.rows(_MEMBERS_WITH(page, org_id, viewer, permission, workspace_id))
    return [MemberWithPermission(*row[:6], allowed_by=ALLOWED_BY[_BY[row[6:]]]) for row in rows]


async def is_declared(reader: Reader, permission: str) -> bool:
    return await reader.row(_IS_DECLARED(permission)) is not None


def _array(values: Sequence[str | None]) -> str:
    """A PostgreSQL array literal of values without special characters: ids, permission names."""
    return f"{{{','.join(['NULL' if value is None else value for value in values])}}}"
