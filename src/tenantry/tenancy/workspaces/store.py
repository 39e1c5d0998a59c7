"""The SQL of workspaces and of the roles held in them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tenantry.authz.authority import RoleRef, Viewer
from tenantry.authz.visibility import VIEWER, ViewerStatement, visible_where
from tenantry.kit.ids import Kind
from tenantry.kit.page import PageRequest
from tenantry.platform.audit.model import Target
from tenantry.postgres.connection import Row
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.workspaces.model import SlugTaken, Workspace, WorkspaceMember, WorkspaceSeat

_COLUMNS = """w.id, w.org_id, w.name, w.slug, w.description, w.is_default, w.visibility, w.metadata,
              w.archived_at, w.created_at, w.updated_at"""
_INSERT = Statement("""
    insert into workspaces (id, org_id, name, slug, description, is_default, visibility, metadata,
                            archived_at, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
""")
_GET = Statement(f"select {_COLUMNS} from workspaces w where w.org_id = $1 and w.id = $2")
_SLUG_EXISTS = Statement("select 1 from workspaces where org_id = $1 and slug = $2")
_COUNT = Statement("select count(*) from workspaces where org_id = $1")
_INSERT_MEMBERSHIP = Statement("""
    insert into workspace_memberships (org_id, workspace_id, membership_id, role_id, created_at)
    values ($1, $2, $3, $4, $5)
""")
_DELETE_MEMBERSHIPS = Statement("""
    delete from workspace_memberships wm using roles r
     where wm.org_id = $1 and wm.membership_id = $2 and r.org_id = $1 and r.id = wm.role_id
    returning wm.workspace_id, r.key
""")
_VISIBLE = f"""
    select {_COLUMNS}, t.id, t.key, t.name
      from {VIEWER} viewer
      join workspaces w on w.org_id = viewer.org_id
      left join workspace_memberships own
        on own.org_id = w.org_id and own.workspace_id = w.id
       and own.membership_id = viewer.membership_id
      left join roles t on t.org_id = own.org_id and t.id = own.role_id
     where {visible_where("own.membership_id is not null")}
"""
_LISTS = {
    ascending: ViewerStatement(f"""{_VISIBLE}
       and (w.archived_at is null or $6) and w.id > $3 and w.id < $4
     order by w.id {"" if ascending else "desc"} limit $5
    """)
    for ascending in (True, False)
}
_VISIBLE_AMONG = ViewerStatement(f"{_VISIBLE} and w.id = any($3)")

_MEMBERS = """
    select m.id, m.org_id, wm.workspace_id, u.id, u.email, u.name, t.id, t.key, t.name,
           wm.created_at, coalesce(wm.updated_at, wm.created_at)
      from workspace_memberships wm
      join memberships m on m.org_id = wm.org_id and m.id = wm.membership_id
      join users u on u.id = m.user_id
      join roles t on t.org_id = wm.org_id and t.id = wm.role_id
     where wm.org_id = $1 and wm.workspace_id = $2
       and wm.membership_id > $3 and wm.membership_id < $4
"""
_LIST_MEMBERS = Statement(f"{_MEMBERS} order by wm.membership_id limit $5")
_LIST_MEMBERS_DESCENDING = Statement(f"{_MEMBERS} order by wm.membership_id desc limit $5")
_PLACE = Statement("""
    select w.name, w.archived_at is not null, u.id, u.email, u.name, t.id, t.key, t.name,
           wm.created_at, coalesce(wm.updated_at, wm.created_at),
           directory.permissions_of(t.key, t.permissions)
      from memberships m
      join users u on u.id = m.user_id
      join workspaces w on w.org_id = m.org_id and w.id = $2
      left join (workspace_memberships wm
                 join roles t on t.org_id = wm.org_id and t.id = wm.role_id)
        on wm.org_id = m.org_id and wm.workspace_id = w.id and wm.membership_id = m.id
     where m.org_id = $1 and m.id = $3
""")
_UPDATE_MEMBERSHIP = Statement("""
    update workspace_memberships set role_id = $4, updated_at = $5
     where org_id = $1 and workspace_id = $2 and membership_id = $3
""")
_DELETE_MEMBERSHIP = Statement("""
    delete from workspace_memberships
     where org_id = $1 and workspace_id = $2 and membership_id = $3
""")

_UPDATE = Statement("""
    update workspaces
       set name = $3, slug = $4, description = $5, visibility = $6, metadata = $7,
           archived_at = $8, updated_at = $9
     where org_id = $1 and id = $2
""")
_DELETE = Statement("delete from workspaces where org_id = $1 and id = $2")
_EMPTY = Statement("""
    delete from workspace_memberships wm using roles r
     where wm.org_id = $1 and wm.workspace_id = $2 and r.org_id = $1 and r.id = wm.role_id
    returning wm.membership_id, r.key
""")
_COUNT_WITH_ROLE = Statement("""
    select count(*) from workspace_memberships where org_id = $1 and role_id = $2
""")
_REPLACE_ROLE = Statement("""
    update workspace_memberships set role_id = $3, updated_at = $4
     where org_id = $1 and role_id = $2 returning workspace_id, membership_id
""")

_REFUSALS = {"workspaces_slug": SlugTaken}


def insert(tx: Tx, workspace: Workspace) -> None:
    """Write a new workspace. SlugTaken, at the latest on commit."""
    tx.enqueue(
        _INSERT(
            workspace.id,
            workspace.org_id,
            workspace.name,
            workspace.slug,
            workspace.description,
            workspace.is_default,
            workspace.visibility,
            dict(workspace.metadata),
            workspace.archived_at,
            workspace.created_at,
            workspace.updated_at,
        ),
        _REFUSALS,
    )


def insert_membership(
    tx: Tx, org_id: UUID, workspace_id: UUID, membership_id: UUID, role_id: UUID, now: datetime
) -> None:
    """Give a member a role in a workspace."""
    tx.enqueue(_INSERT_MEMBERSHIP(org_id, workspace_id, membership_id, role_id, now))


def update_membership(tx: Tx, member: WorkspaceMember) -> None:
    """Give a member another role in a workspace."""
    key = (member.org_id, member.workspace_id, member.id)
    tx.enqueue(_UPDATE_MEMBERSHIP(*key, member.role.id, member.updated_at))


def delete_membership(tx: Tx, member: WorkspaceMember) -> None:
    """Take a member's role in a workspace."""
    tx.enqueue(_DELETE_MEMBERSHIP(member.org_id, member.workspace_id, member.id))


async def delete_memberships(tx: Tx, org_id: UUID, membership_id: UUID) -> list[tuple[UUID, str]]:
    """Take a member's roles in workspaces; in which ones, and which roles they were, by key."""
    rows = await tx.rows(_DELETE_MEMBERSHIPS(org_id, membership_id))
    return [(row[0], row[1]) for row in rows]


async def find_row(reader: Reader, org_id: UUID, workspace_id: UUID) -> Row | None:
    """The workspace's own columns; the caller's role there is known to who entered."""
    return await reader.row(_GET(org_id, workspace_id))


async def count(reader: Reader, org_id: UUID) -> int:
    """How many workspaces the organization has, archived ones counted."""
    row = await reader.row(_COUNT(org_id))
    return row[0] if row else 0


async def slug_exists(reader: Reader, org_id: UUID, slug: str) -> bool:
    """Whether a workspace of the organization has this slug."""
    return await reader.row(_SLUG_EXISTS(org_id, slug)) is not None


async def list_seen(
    reader: Reader, org_id: UUID, seen_by: Viewer, page: PageRequest, *, archived: bool
) -> list[Workspace]:
    """The workspaces that somebody sees; archived ones among them if wanted."""
    statement = _LISTS[page.ascending_scan]
    call = statement(org_id, seen_by, page.low, page.high, page.fetch, archived)
    return [_seen(row) for row in await reader.rows(call)]


async def seen_among(
    reader: Reader, org_id: UUID, seen_by: Viewer, ids: list[UUID]
) -> list[Workspace]:
    """Those of the workspaces that somebody sees."""
    call = _VISIBLE_AMONG(org_id, seen_by, ids)
    return [_seen(row) for row in await reader.rows(call)]


async def list_members(
    reader: Reader, org_id: UUID, workspace_id: UUID, page: PageRequest
) -> list[WorkspaceMember]:
    """Who holds a role in a workspace, in the order of their joining the organization."""
    statement = _LIST_MEMBERS if page.ascending_scan else _LIST_MEMBERS_DESCENDING
    rows = await reader.rows(statement(org_id, workspace_id, page.low, page.high, page.fetch))
    return [_member(row) for row in rows]


async def place(
    tx: Tx, org_id: UUID, workspace_id: UUID, membership_id: UUID
) -> WorkspaceSeat | None:
    """How a member stands to a workspace; None where either is not there."""
    row = await tx.row(_PLACE(org_id, workspace_id, membership_id))
    if row is None:
        return None
    return WorkspaceSeat(
        workspace=Target(Kind.WORKSPACE, workspace_id, row[0]),
        is_archived=row[1],
        user_id=row[2],
        email=row[3],
        name=row[4],
        present=_member((membership_id, org_id, workspace_id, *row[2:10])) if row[5] else None,
        present_permissions=frozenset(row[10] or ()),
    )


def update(tx: Tx, workspace: Workspace) -> None:
    """Write what can be changed of a workspace. SlugTaken, at the latest on commit."""
    tx.enqueue(
        _UPDATE(
            workspace.org_id,
            workspace.id,
            workspace.name,
            workspace.slug,
            workspace.description,
            workspace.visibility,
            dict(workspace.metadata),
            workspace.archived_at,
            workspace.updated_at,
        ),
        _REFUSALS,
    )


def delete(tx: Tx, workspace: Workspace) -> None:
    """Remove the workspace, and with it what settled invitations offered there."""
    tx.enqueue(_DELETE(workspace.org_id, workspace.id))


async def empty(tx: Tx, workspace: Workspace) -> list[tuple[UUID, str]]:
    """Take all roles in a workspace; whose they were, and which, by key."""
    rows = await tx.rows(_EMPTY(workspace.org_id, workspace.id))
    return [(row[0], row[1]) for row in rows]


async def count_with_role(tx: Tx, org_id: UUID, role_id: UUID) -> int:
    """How many hold the role in some workspace."""
    row = await tx.row(_COUNT_WITH_ROLE(org_id, role_id))
    return row[0] if row else 0


async def replace_role(
    tx: Tx, org_id: UUID, role_id: UUID, replacement_id: UUID
) -> list[tuple[UUID, UUID]]:
    """Give another role wherever one is held; in which workspaces, and whom."""
    rows = await tx.rows(_REPLACE_ROLE(org_id, role_id, replacement_id, tx.now))
    return [(row[0], row[1]) for row in rows]


def _member(row: tuple[Any, ...]) -> WorkspaceMember:
    return WorkspaceMember(*row[:6], role=RoleRef(*row[6:9]), created_at=row[9], updated_at=row[10])


def _seen(row: tuple[Any, ...]) -> Workspace:
    return Workspace(*row[:11], role=RoleRef(*row[11:]) if row[11] else None)
