"""The SQL of checks: it asks the directory's functions, where all of access is decided."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tenantry.authz.authority import RoleRef, Viewer
from tenantry.authz.authorization import AuthorizedReader
from tenantry.authz.check_caller import CheckCaller
from tenantry.authz.decisions.model import (
    ALLOWED_BY,
    HOLDINGS_TOLD,
    CheckRequest,
    Decision,
    MemberWithPermission,
)
from tenantry.authz.visibility import JOIN_VIEWER, VISIBLE, ViewerStatement
from tenantry.kit.page import PageRequest
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement

# Ids as text: nobody looks into them, and a thousand UUIDs would take longer than all the rest.
_TOLD = """outcome, revision, membership_id::text, role_id::text, role_key, role_name, archived,
           there_id::text, there_key, there_name"""
_CHECK = Statement(f"""
    select {_TOLD}
      from directory.check_access($1, $2, $3, $4::uuid[], $5::uuid[], $6::uuid[], $7::text[])
""")
_CHECK_BY_KEY = Statement(f"""
    select {_TOLD}
      from directory.check_access_by_key($1, $2::uuid[], $3::uuid[], $4::uuid[], $5::text[])
""")


def _in_pages(holdings: str) -> str:
    """A row that tells of the organization, then those of the workspaces after the one of id $4.

    Each ends with how many workspaces there are in all.
    """
    return f"""
        with h as materialized ({holdings})
        (select h.*, (select count(*) from h) from h order by h.workspace_id limit 1)
        union all
        (select h.*, (select count(*) from h) from h where h.workspace_id > $4
          order by h.workspace_id limit {HOLDINGS_TOLD + 1})
    """


_MY_HOLDINGS = Statement(_in_pages("select * from directory.my_effective_permissions($1, $2, $3)"))
# The workspaces are shown as far as who reads sees them: a private one's very id is nobody else's
# business. The default one is open to all, so a member is never without a row.
_HOLDINGS = ViewerStatement(
    _in_pages(f"""
        select h.* from directory.effective_permissions($1) h
          cross join lateral (select $1::uuid as org_id, h.workspace_id as id, h.visibility) w
          {JOIN_VIEWER}
         where h.membership_id = $3 and {VISIBLE}
    """)
)
_ABLE = f"""
        select s.membership_id, s.user_id, u.email, u.name, s.role_id, s.role_key, s.role_name,
               s.there_id, s.there_key, s.there_name, may.by_role, may.by_there
          from directory.member_access($1, $4) s
          join users u on u.id = s.user_id
          {JOIN_VIEWER}
          left join permissions d on d.name = $3
         cross join lateral (
           select directory.permits(s.role_key, s.held, $3, d.name is not null) as by_role,
                  directory.counts_in_workspace($3)
                    and directory.permits(s.there_key, s.held_there, $3, d.name is not null)
                    as by_there
         ) may
         where s.standing = 'active' and (may.by_role or may.by_there)
           and s.membership_id > $5 and s.membership_id < $6
           and ($4::uuid is null or s.sees and exists (
             select from workspaces w
              where w.org_id = $1 and w.id = $4
                and {VISIBLE}))
"""
_LISTS_ABLE = {
    True: ViewerStatement(f"{_ABLE} order by s.membership_id limit $7"),
    False: ViewerStatement(f"{_ABLE} order by s.membership_id desc limit $7"),
}
_IS_DECLARED = Statement("select 1 from permissions where name = $1")
_BY = {(True, True): "both", (True, False): "role", (False, True): "workspace_role"}


async def check_all(asking: CheckCaller, questions: CheckRequest) -> list[Decision]:
    """The verdict on each question, of one moment."""
    columns = (
        _array(questions.org_ids),
        _array(questions.workspace_ids),
        _array(questions.user_ids),
        _array(questions.permissions),
    )
    if asking.is_key:
        statement = _CHECK_BY_KEY(asking.digest, *columns)
    else:
        statement = _CHECK(asking.session_id, asking.user_id, asking.digest, *columns)
    return list(map(Decision._make, await asking.rows(statement)))


async def my_holdings(reader: AuthorizedReader, org_id: UUID, after: UUID) -> list[tuple[Any, ...]]:
    """What the reader holds in an organization: a row for it, and one for each workspace of a page;
    none for a stranger."""
    claims = reader.claims
    return await reader.rows(_MY_HOLDINGS(claims.session_id, claims.user_id, org_id, after))


async def holdings(
    reader: Reader, org_id: UUID, viewer: Viewer, membership_id: UUID, after: UUID
) -> list[tuple[Any, ...]]:
    """The same of a member, as far as who reads sees the workspaces."""
    return await reader.rows(_HOLDINGS(org_id, viewer, membership_id, after))


async def list_able(
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
    lists = _LISTS_ABLE[page.ascending_scan]
    statement = lists(org_id, viewer, permission, workspace_id, *bounds)
    return [_able(row) for row in await reader.rows(statement)]


async def is_declared(reader: Reader, permission: str) -> bool:
    """Whether the product has declared it."""
    return await reader.row(_IS_DECLARED(permission)) is not None


def _able(row: tuple[Any, ...]) -> MemberWithPermission:
    return MemberWithPermission(
        *row[:4],
        role=RoleRef(*row[4:7]),
        there=RoleRef(*row[7:10]) if row[7] else None,
        allowed_by=ALLOWED_BY[_BY[row[10], row[11]]],
    )


def _array(values: Sequence[str | None]) -> str:
    """An array of words that need no quotes: ids in hexadecimal digits, names of permissions."""
    return f"{{{','.join(['NULL' if value is None else value for value in values])}}}"
