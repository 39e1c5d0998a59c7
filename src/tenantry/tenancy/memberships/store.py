"""The SQL of memberships."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tenantry.authz.authority import RoleRef, Viewer
from tenantry.authz.roles.model import Role
from tenantry.authz.visibility import JOIN_VIEWER, VISIBLE, ViewerKeyset, ViewerStatement
from tenantry.kit.page import PageRequest
from tenantry.postgres.constraints import refusing
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import BoundStatement, Statement
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.memberships.model import (
    EMBEDDED_WORKSPACES,
    AlreadyMember,
    Membership,
    MembershipFacts,
    Person,
    WorkspaceGrant,
)


class _Row(NamedTuple):
    id: UUID
    org_id: UUID
    user: Person
    role: RoleRef
    status: str
    expires_at: datetime | None
    created_at: datetime
    updated_at: datetime
    grants: tuple[list[tuple[str, str, str, str]] | None, int]
    """Of the first workspaces, id and role's id, key and name; and how many there are."""


_INSERT = Statement("""
    insert into memberships (id, org_id, user_id, role_id, status, expires_at, created_at,
                             updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
""")
# The roles in workspaces are shown as far as the caller ($2) sees the workspace: a private one's
# id is not shown to others. Only the first ones: more are counted, and have a list.
_GRANTS_AS_SEEN = f"""
        from workspace_memberships wm
        join workspaces w on w.org_id = wm.org_id and w.id = wm.workspace_id
       where wm.org_id = m.org_id and wm.membership_id = m.id and {VISIBLE}
"""
_MEMBERS = f"""
    select m.id, m.org_id, u.id as user_id, u.email as user_email, u.name as user_name,
           r.id as role_id, r.key as role_key, r.name as role_name,
           m.status, m.expires_at, m.created_at, m.updated_at,
           (select jsonb_build_array(
                     jsonb_agg(jsonb_build_array(x.id, t.id, t.key, t.name) order by x.id),
                     case when count(*) < {EMBEDDED_WORKSPACES} then count(*)
                          else (select count(*) {_GRANTS_AS_SEEN}) end)
              from (select w.id, wm.role_id {_GRANTS_AS_SEEN}
                     order by wm.workspace_id limit {EMBEDDED_WORKSPACES}) x
              join roles t on t.org_id = m.org_id and t.id = x.role_id) as grants
      from memberships m
      join users u on u.id = m.user_id
      join roles r on r.org_id = m.org_id and r.id = m.role_id
      {JOIN_VIEWER}
     where m.org_id = $1
"""
# One statement for each filter, so that each reads an index in the order of the page, and no more
# of it than the page is long: one that serves all filters would walk through everybody.
_FILTERS = {
    "none": "",
    # Of roles with this key only one is live; those that were deleted keep theirs for the record.
    "role": """and m.role_id = (select y.id from roles y
                                 where y.org_id = $1 and y.retired_at is null
                                   and (y.key = $3::text or y.id = $4::uuid))""",
    "email": """and m.user_id = (select e.user_id from email_addresses e where e.address = $5)
                and ($3::text is null or r.key = $3) and ($4::uuid is null or r.id = $4)""",
}
_GET = ViewerStatement(f"{_MEMBERS} and m.id = $3", _Row)
_OF_USER = ViewerStatement(f"{_MEMBERS} and m.user_id = $3", _Row)
LISTS = {
    name: ViewerKeyset(f"{_MEMBERS} {condition}", "m.id", _Row)
    for name, condition in _FILTERS.items()
}
_LIST_GRANTS = ViewerKeyset(
    f"""
    select w.id as workspace_id, t.id as role_id, t.key as role_key, t.name as role_name
      from workspace_memberships wm
      join workspaces w on w.org_id = wm.org_id and w.id = wm.workspace_id
      join roles t on t.org_id = wm.org_id and t.id = wm.role_id
      {JOIN_VIEWER}
     where wm.org_id = $1 and wm.membership_id = $3 and {VISIBLE}
    """,
    "wm.workspace_id",
    WorkspaceGrant,
)
_ALL_BUT = ViewerStatement(f"{_MEMBERS} and m.user_id <> $3", _Row)
# Who keeps an organization manageable: Admins who can sign in, and whose membership has no end.
_ADMINS = """
      from memberships a
      join roles s on s.org_id = a.org_id and s.id = a.role_id
      join users e on e.id = a.user_id and e.disabled_at is null
     where s.key = 'admin' and a.status = 'active' and a.expires_at is null
"""
_FACTS = Statement(
    f"""
    select directory.permissions_of(r.key, r.permissions) as role_permissions,
           coalesce(o.owner_id = m.user_id, false) as owns_organization,
           (select count(*) {_ADMINS} and a.org_id = m.org_id and a.id <> m.id) as other_admins,
           r.key = 'admin' and m.status = 'active' and m.expires_at is null
             and u.disabled_at is null as is_lasting_admin
      from memberships m
      join users u on u.id = m.user_id
      join roles r on r.org_id = m.org_id and r.id = m.role_id
      join organizations o on o.org_id = m.org_id
     where m.org_id = $1 and m.id = $2
""",
    MembershipFacts,
)
_HAS_ADMIN = Statement(f"select exists (select {_ADMINS} and a.org_id = $1)", bool)
_ORG_IDS = Statement("select org_id from directory.organizations_of($1)", UUID)
_UPDATE = Statement("""
    update memberships set role_id = $3, status = $4, expires_at = $5, updated_at = $6
     where org_id = $1 and id = $2
""")
_DELETE = Statement("delete from memberships where org_id = $1 and id = $2")
_COUNT_WITH_ROLE = Statement(
    """
    select count(*) from memberships where org_id = $1 and role_id = $2
""",
    int,
)
_HOLDERS_OF_ROLE = Statement(
    """
    select u.id, u.email, u.name
      from directory.active_memberships() m join users u on u.id = m.user_id
     where m.org_id = $1
       and (m.role_id = $2
            or exists (select from workspace_memberships wm
                        where wm.org_id = m.org_id and wm.membership_id = m.membership_id
                          and wm.role_id = $2))
""",
    Person,
)
_REPLACE_ROLE = Statement(
    """
    update memberships set role_id = $3, updated_at = $4
     where org_id = $1 and role_id = $2 returning id
""",
    UUID,
)

_REFUSALS = {"memberships_user": AlreadyMember}


def insertion(membership: Membership) -> BoundStatement:
    return _INSERT(
        membership.id,
        membership.org_id,
        membership.user.id,
        membership.role.id,
        membership.status,
        membership.expires_at,
        membership.created_at,
        membership.updated_at,
    )


async def insert(tx: Tx, membership: Membership) -> None:
    """Write a new membership. AlreadyMember where the person has one."""
    with refusing(_REFUSALS):
        await tx.count(insertion(membership))


async def find(
    reader: Reader, org_id: UUID, viewer: Viewer, membership_id: UUID
) -> Membership | None:
    row = await reader.row(_GET(org_id, viewer, membership_id))
    return _membership(row) if row else None


async def find_of_user(reader: Reader, org_id: UUID, user_id: UUID) -> Membership | None:
    """A person's membership, as they see it."""
    row = await reader.row(_OF_USER(org_id, user_id, user_id))
    return _membership(row) if row else None


async def list_of_organization(
    reader: Reader,
    org_id: UUID,
    viewer: Viewer,
    page: PageRequest,
    *,
    email: str | None,
    role: UUID | str | None,
) -> list[Membership]:
    if email is not None:
        call = LISTS["email"](page, org_id, viewer, *_role(role), email)
    elif role is not None:
        call = LISTS["role"](page, org_id, viewer, *_role(role))
    else:
        call = LISTS["none"](page, org_id, viewer)
    return [_membership(row) for row in await reader.rows(call)]


async def list_grants(
    reader: Reader, org_id: UUID, viewer: Viewer, page: PageRequest, membership_id: UUID
) -> list[WorkspaceGrant]:
    return await reader.rows(_LIST_GRANTS(page, org_id, viewer, membership_id))


async def all_but(tx: Tx, org_id: UUID, user_id: UUID) -> list[Membership]:
    return [_membership(row) for row in await tx.rows(_ALL_BUT(org_id, user_id, user_id))]


async def facts(tx: Tx, org_id: UUID, membership_id: UUID) -> MembershipFacts | None:
    return await tx.row(_FACTS(org_id, membership_id))


async def has_admin(reader: Reader, org_id: UUID) -> bool:
    """Whether an Admin is left who can sign in and whose membership does not expire.

    The organization must be locked.
    """
    return bool(await reader.row(_HAS_ADMIN(org_id)))


async def org_ids_of(reader: Reader, user_id: UUID) -> list[UUID]:
    """The organizations of a person, suspended or not, in the order of locking."""
    return await reader.rows(_ORG_IDS(user_id))


def update(tx: Tx, membership: Membership) -> None:
    tx.enqueue(
        _UPDATE(
            membership.org_id,
            membership.id,
            membership.role.id,
            membership.status,
            membership.expires_at,
            membership.updated_at,
        )
    )


def delete(tx: Tx, org_id: UUID, membership_id: UUID) -> None:
    """Remove the membership, and with it the roles in workspaces."""
    tx.enqueue(_DELETE(org_id, membership_id))


async def count_with_role(tx: Tx, role: Role) -> int:
    return await tx.row(_COUNT_WITH_ROLE(role.org_id, role.id)) or 0


async def holders_of_role(tx: Tx, role: Role) -> list[Person]:
    """Active members who have the role, in the organization or in a workspace."""
    return await tx.rows(_HOLDERS_OF_ROLE(role.org_id, role.id))


async def replace_role(tx: Tx, org_id: UUID, role_id: UUID, replacement_id: UUID) -> list[UUID]:
    return await tx.rows(_REPLACE_ROLE(org_id, role_id, replacement_id, tx.now))


def _membership(row: _Row) -> Membership:
    first, count = row.grants
    grants = [
        WorkspaceGrant(UUID(workspace), RoleRef(UUID(role), key, name))
        for workspace, role, key, name in first or ()
    ]
    return Membership(
        row.id,
        row.org_id,
        user=row.user,
        role=row.role,
        status=row.status,
        expires_at=row.expires_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        workspaces=grants,
        workspaces_count=count,
    )


def _role(name: UUID | str | None) -> tuple[str | None, UUID | None]:
    return (None, name) if isinstance(name, UUID) else (name, None)
