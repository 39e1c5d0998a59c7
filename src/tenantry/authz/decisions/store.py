"""The SQL of checks, effective permissions and members with a permission."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tenantry.authz.authority import RoleRef, Viewer
from tenantry.authz.authorization import AuthorizedReader
from tenantry.authz.decisions.model import (
    ALLOWED_BY,
    WORKSPACES_PER_PAGE,
    CheckRequest,
    Decision,
    MemberWithPermission,
)
from tenantry.authz.readers import CheckCaller
from tenantry.authz.visibility import JOIN_VIEWER, VISIBLE, ViewerStatement
from tenantry.kit.page import PageRequest
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement

# Ids as text: nobody looks into them, and a thousand UUIDs would take longer than all the rest.
_DECISION = """outcome, revision, membership_id::text, role_id::text, role_key, role_name, archived,
           workspace_role_id::text, workspace_role_key, workspace_role_name"""
_CHECK = Statement(f"""
    select {_DECISION}
      from directory.check_access($1, $2, $3, $4::uuid[], $5::uuid[], $6::uuid[], $7::text[])
""")
_CHECK_BY_KEY = Statement(f"""
    select {_DECISION}
      from directory.check_access_by_key($1, $2::uuid[], $3::uuid[], $4::uuid[], $5::text[])
""")


def _page_of(permissions: str) -> str:
    """A row that tells of the organization, then those of the workspaces after the one of id $4.

    Each ends with how many workspaces there are in all.
    """
    return f"""
        with h as materialized ({permissions})
        (select h.*, (select count(*) from h) from h order by h.workspace_id limit 1)
        union all
        (select h.*, (select count(*) from h) from h where h.workspace_id > $4
          order by h.workspace_id limit {WORKSPACES_PER_PAGE + 1})
    """


_OWN_EFFECTIVE_PERMISSIONS = Statement(
    _page_of("select * from directory.my_effective_permissions($1, $2, $3)")
)
# The workspaces are shown as far as who reads sees them: a private one's very id is nobody else's
# business. The default one is open to all, so a member is never without a row.
_EFFECTIVE_PERMISSIONS = ViewerStatement(
    _page_of(f"""
        select h.* from directory.effective_permissions($1) h
          cross join lateral (select $1::uuid as org_id, h.workspace_id as id, h.visibility) w
          {JOIN_VIEWER}
         where h.membership_id = $3 and {VISIBLE}
    """)
)
_MEMBERS_WITH = f"""
        select s.membership_id, s.user_id, u.email, u.name, s.role_id, s.role_key, s.role_name,
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
         where s.standing = 'active' and (may.by_role or may.by_workspace_role)
           and s.membership_id > $5 and s.membership_id < $6
           and ($4::uuid is null or s.sees and exists (
             select from workspaces w
              where w.org_id = $1 and w.id = $4
                and {VISIBLE}))
"""
_LISTS = {
    True: ViewerStatement(f"{_MEMBERS_WITH} order by s.membership_id limit $7"),
    False: ViewerStatement(f"{_MEMBERS_WITH} order by s.membership_id desc limit $7"),
}
_IS_DECLARED = Statement("select 1 from permissions where name = $1")
_BY = {(True, True): "both", (True, False): "role", (False, True): "workspace_role"}


async def check_all(caller: CheckCaller, request: CheckRequest) -> list[Decision]:
    """The decision on each check, all of one moment."""
    columns = (
        _array(request.org_ids),
        _array(request.workspace_ids),
        _array(request.user_ids),
        _array(request.permissions),
    )
    if caller.is_key:
        statement = _CHECK_BY_KEY(caller.digest, *columns)
    else:
        statement = _CHECK(caller.session_id, caller.user_id, caller.digest, *columns)
    return list(map(Decision._make, await caller.rows(statement)))


async def own_effective_permissions(
    reader: AuthorizedReader, org_id: UUID, after: UUID
) -> list[tuple[Any, ...]]:
    """A row for the organization and one for each workspace of a page; none for a stranger."""
    claims = reader.claims
    return await reader.rows(
        _OWN_EFFECTIVE_PERMISSIONS(claims.session_id, claims.user_id, org_id, after)
    )


async def effective_permissions(
    reader: Reader, org_id: UUID, viewer: Viewer, membership_id: UUID, after: UUID
) -> list[tuple[Any, ...]]:
    """The same for a member, with the workspaces that the viewer sees."""
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
    """The members who can do something, in the organization or in a workspace that is seen."""
    bounds = (page.low, page.high, page.fetch)
    lists = _LISTS[page.ascending_scan]
    statement = lists(org_id, viewer, permission, workspace_id, *bounds)
    return [_member_with(row) for row in await reader.rows(statement)]


async def is_declared(reader: Reader, permission: str) -> bool:
    """Whether the product has declared it."""
    return await reader.row(_IS_DECLARED(permission)) is not None


def _member_with(row: tuple[Any, ...]) -> MemberWithPermission:
    return MemberWithPermission(
        *row[:4],
        role=RoleRef(*row[4:7]),
        workspace_role=RoleRef(*row[7:10]) if row[7] else None,
        allowed_by=ALLOWED_BY[_BY[row[10], row[11]]],
    )


def _array(values: Sequence[str | None]) -> str:
    """An array of words that need no quotes: ids in hexadecimal digits, names of permissions."""
    return f"{{{','.join(['NULL' if value is None else value for value in values])}}}"
