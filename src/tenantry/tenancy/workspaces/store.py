"""The SQL of workspaces and of the roles held in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tenantry.authz.authority import RoleRef, Viewer
from tenantry.authz.roles.model import Role
from tenantry.authz.visibility import VIEWER, ViewerKeyset, ViewerStatement, visible_where
from tenantry.kit.ids import Kind
from tenantry.kit.page import PageRequest
from tenantry.platform.audit.model import Target
from tenantry.postgres.keyset import Keyset
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import BoundStatement, Statement
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.workspaces.model import (
    Workspace,
    WorkspaceMember,
    WorkspaceSeat,
    WorkspaceSlugTaken,
)


class RoleInWorkspace(NamedTuple):
    workspace_id: UUID
    membership_id: UUID
    role_key: str


class _Seat(NamedTuple):
    workspace_name: str
    is_archived: bool
    user_id: UUID
    email: str
    name: str
    role: RoleRef | None
    role_permissions: frozenset[str]
    created_at: datetime
    updated_at: datetime


_COLUMNS = """w.id, w.org_id, w.name, w.slug, w.description, w.is_default, w.visibility, w.metadata,
              w.archived_at, w.created_at, w.updated_at"""
_INSERT = Statement("""
    insert into workspaces (id, org_id, name, slug, description, is_default, visibility, metadata,
                            archived_at, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
""")
_GET = Statement(
    f"select {_COLUMNS} from workspaces w where w.org_id = $1 and w.id = $2", Workspace
)
_SLUG_EXISTS = Statement("select 1 from workspaces where org_id = $1 and slug = $2", int)
_COUNT = Statement("select count(*) from workspaces where org_id = $1", int)
_INSERT_MEMBERSHIP = Statement("""
    insert into workspace_memberships (org_id, workspace_id, membership_id, role_id, created_at)
    values ($1, $2, $3, $4, $5)
""")
_DELETE_MEMBERSHIPS, _EMPTY = (
    Statement(
        f"""
    delete from workspace_memberships wm using roles r
     where wm.org_id = $1 and wm.{column} = $2 and r.org_id = $1 and r.id = wm.role_id
    returning wm.workspace_id, wm.membership_id, r.key as role_key
    """,
        RoleInWorkspace,
    )
    for column in ("membership_id", "workspace_id")
)
_VISIBLE = f"""
    select {_COLUMNS}, t.id as role_id, t.key as role_key, t.name as role_name
      from {VIEWER} viewer
      join workspaces w on w.org_id = viewer.org_id
      left join workspace_memberships own
        on own.org_id = w.org_id and own.workspace_id = w.id
       and own.membership_id = viewer.membership_id
      left join roles t on t.org_id = own.org_id and t.id = own.role_id
     where {visible_where("own.membership_id is not null")}
"""
_LIST = ViewerKeyset(f"{_VISIBLE} and (w.archived_at is null or $3)", "w.id", Workspace)
_VISIBLE_AMONG = ViewerStatement(f"{_VISIBLE} and w.id = any($3)", Workspace)

_LIST_MEMBERS = Keyset(
    """
    select m.id, m.org_id, wm.workspace_id, u.id as user_id, u.email, u.name,
           t.id as role_id, t.key as role_key, t.name as role_name,
           wm.created_at, coalesce(wm.updated_at, wm.created_at) as updated_at
      from workspace_memberships wm
      join memberships m on m.org_id = wm.org_id and m.id = wm.membership_id
      join users u on u.id = m.user_id
      join roles t on t.org_id = wm.org_id and t.id = wm.role_id
     where wm.org_id = $1 and wm.workspace_id = $2
    """,
    "wm.membership_id",
    WorkspaceMember,
)
_SEAT = Statement(
    """
    select w.name as workspace_name, w.archived_at is not null as is_archived,
           u.id as user_id, u.email, u.name, t.id as role_id, t.key as role_key,
           t.name as role_name, directory.permissions_of(t.key, t.permissions) as role_permissions,
           wm.created_at, coalesce(wm.updated_at, wm.created_at) as updated_at
      from memberships m
      join users u on u.id = m.user_id
      join workspaces w on w.org_id = m.org_id and w.id = $2
      left join (workspace_memberships wm
                 join roles t on t.org_id = wm.org_id and t.id = wm.role_id)
        on wm.org_id = m.org_id and wm.workspace_id = w.id and wm.membership_id = m.id
     where m.org_id = $1 and m.id = $3
""",
    _Seat,
)
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
_COUNT_WITH_ROLE = Statement(
    """
    select count(*) from workspace_memberships where org_id = $1 and role_id = $2
""",
    int,
)
_REPLACE_ROLE = Statement(
    """
    update workspace_memberships wm set role_id = $3, updated_at = $4
      from roles r
     where wm.org_id = $1 and wm.role_id = $2 and r.org_id = $1 and r.id = $2
    returning wm.workspace_id, wm.membership_id, r.key as role_key
""",
    RoleInWorkspace,
)

_REFUSALS = {"workspaces_slug": WorkspaceSlugTaken}


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
    tx.enqueue(_INSERT_MEMBERSHIP(org_id, workspace_id, membership_id, role_id, now))


def update_membership(tx: Tx, member: WorkspaceMember) -> None:
    key = (member.org_id, member.workspace_id, member.id)
    tx.enqueue(_UPDATE_MEMBERSHIP(*key, member.role.id, member.updated_at))


def delete_membership(tx: Tx, member: WorkspaceMember) -> None:
    tx.enqueue(_DELETE_MEMBERSHIP(member.org_id, member.workspace_id, member.id))


async def delete_memberships(tx: Tx, org_id: UUID, membership_id: UUID) -> list[RoleInWorkspace]:
    return await tx.rows(_DELETE_MEMBERSHIPS(org_id, membership_id))


async def find(reader: Reader, org_id: UUID, workspace_id: UUID) -> Workspace | None:
    """The workspace without the caller's role there, which their authorization knows."""
    return await reader.row(_GET(org_id, workspace_id))


async def count(reader: Reader, org_id: UUID) -> int:
    """How many workspaces the organization has, archived ones counted."""
    return await reader.row(_COUNT(org_id)) or 0


async def slug_exists(reader: Reader, org_id: UUID, slug: str) -> bool:
    return await reader.row(_SLUG_EXISTS(org_id, slug)) is not None


async def list_seen(
    reader: Reader, org_id: UUID, viewer: Viewer, page: PageRequest, *, archived: bool
) -> list[Workspace]:
    return await reader.rows(_LIST(page, org_id, viewer, archived))


def select_visible(org_id: UUID, viewer: Viewer, ids: Sequence[UUID]) -> BoundStatement[Workspace]:
    """Those of the workspaces that the viewer sees."""
    return _VISIBLE_AMONG(org_id, viewer, [*ids])


async def list_members(
    reader: Reader, org_id: UUID, workspace_id: UUID, page: PageRequest
) -> list[WorkspaceMember]:
    """Who holds a role in a workspace, in the order of their joining the organization."""
    return await reader.rows(_LIST_MEMBERS(page, org_id, workspace_id))


async def find_seat(
    tx: Tx, org_id: UUID, workspace_id: UUID, membership_id: UUID
) -> WorkspaceSeat | None:
    seat = await tx.row(_SEAT(org_id, workspace_id, membership_id))
    if seat is None:
        return None
    present = seat.role and WorkspaceMember(
        membership_id,
        org_id,
        workspace_id,
        seat.user_id,
        seat.email,
        seat.name,
        role=seat.role,
        created_at=seat.created_at,
        updated_at=seat.updated_at,
    )
    return WorkspaceSeat(
        workspace=Target(Kind.WORKSPACE, workspace_id, seat.workspace_name),
        is_archived=seat.is_archived,
        user_id=seat.user_id,
        email=seat.email,
        name=seat.name,
        present=present,
        present_permissions=seat.role_permissions,
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
    """Settled invitations no longer name it."""
    tx.enqueue(_DELETE(workspace.org_id, workspace.id))


async def empty(tx: Tx, workspace: Workspace) -> list[RoleInWorkspace]:
    return await tx.rows(_EMPTY(workspace.org_id, workspace.id))


async def count_with_role(tx: Tx, role: Role) -> int:
    return await tx.row(_COUNT_WITH_ROLE(role.org_id, role.id)) or 0


async def replace_role(
    tx: Tx, org_id: UUID, role_id: UUID, replacement_id: UUID
) -> list[RoleInWorkspace]:
    return await tx.rows(_REPLACE_ROLE(org_id, role_id, replacement_id, tx.now))
