"""What happens to workspaces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from tenantry.authz.authority import Authority, RoleRef
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.authz.builtin_permissions import ADMIN
from tenantry.authz.locks import lock_organization
from tenantry.authz.roles import actions as roles
from tenantry.authz.roles.model import Role
from tenantry.kit.ids import new_id
from tenantry.kit.limits import Limits, ensure_room
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.kit.text import slug_from, with_suffix
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change
from tenantry.postgres.transaction import BoundStatement, Tx
from tenantry.tenancy.workspaces import store
from tenantry.tenancy.workspaces.model import OPEN, Workspace, grant_change, grant_snapshot
from tenantry.tenancy.workspaces.store import insert as insert


@dataclass(frozen=True, slots=True)
class NewWorkspace:
    """A workspace to create; its slug is derived from its name by default."""

    name: str
    slug: str | None = None
    description: str = ""
    visibility: str = OPEN
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])


_DEFAULT = NewWorkspace("Default")


async def create(tx: Tx, authority: Authority, limits: Limits, new: NewWorkspace) -> Workspace:
    """Create a workspace; a person who does joins it as its Admin, a key does not.

    SlugTaken, LimitReached.
    """
    await lock_organization(tx, authority)
    present = await store.count(tx, authority.org_id)
    ensure_room("workspaces", limits.workspaces, present)
    admin = (await roles.get_all(tx, authority.org_id, [ADMIN]))[ADMIN]
    slug = new.slug or slug_from(new.name)
    if new.slug is None and await store.slug_exists(tx, authority.org_id, slug):
        slug = with_suffix(slug)
    workspace = _build(tx, authority.org_id, new, slug)
    store.insert(tx, workspace)
    joined = list[Change]()
    if authority.membership_id is not None:
        joined.append(join(tx, workspace.org_id, workspace.id, authority.membership_id, admin))
    events.record_by(
        tx, authority, "workspace.created", [workspace.target()], [workspace.made(), *joined]
    )
    return replace(workspace, role=admin.ref if joined else None)


def build_default(tx: Tx, org_id: UUID, role: RoleRef) -> Workspace:
    """The first workspace of an organization, with its creator's role; not yet written."""
    return _build(tx, org_id, _DEFAULT, "default", is_default=True, role=role)


def join(tx: Tx, org_id: UUID, workspace_id: UUID, membership_id: UUID, role: Role) -> Change:
    """Give a member a role in a workspace; the change, for the event of the act."""
    store.insert_membership(tx, org_id, workspace_id, membership_id, role.id, tx.now)
    return grant_change(workspace_id, None, grant_snapshot(membership_id, role.key))


async def leave_all(tx: Tx, org_id: UUID, membership_id: UUID) -> list[Change]:
    """End a member's roles in all workspaces; the changes, for the event of the act."""
    return [
        grant_change(held.workspace_id, grant_snapshot(held.membership_id, held.role_key), None)
        for held in await store.delete_memberships(tx, org_id, membership_id)
    ]


async def get(reader: AuthorizedReader, workspace_id: UUID) -> Workspace:
    workspace = await store.find(reader, reader.org_id, workspace_id)
    if workspace is None:
        raise NotFound
    return replace(workspace, role=reader.authority.workspace_role)


async def list_workspaces(
    reader: AuthorizedReader, page: PageRequest, *, archived: bool
) -> Page[Workspace]:
    found = await store.list_seen(reader, reader.org_id, reader.viewer, page, archived=archived)
    return Page.of(page, found)


async def find_all_seen(
    tx: Tx, authority: Authority, ids: Sequence[UUID]
) -> Mapping[UUID, Workspace]:
    """Those of the workspaces that exist and the caller can see, by id."""
    found = await tx.rows(select_visible(authority, ids)) if ids else ()
    return {workspace.id: workspace for workspace in found}


def select_visible(authority: Authority, ids: Sequence[UUID]) -> BoundStatement[Workspace]:
    """The statement for it."""
    return store.select_visible(authority.org_id, authority.viewer, ids)


def _build(
    tx: Tx,
    org_id: UUID,
    new: NewWorkspace,
    slug: str,
    *,
    is_default: bool = False,
    role: RoleRef | None = None,
) -> Workspace:
    return Workspace(
        id=new_id(),
        org_id=org_id,
        name=new.name,
        slug=slug,
        description=new.description,
        is_default=is_default,
        visibility=new.visibility,
        metadata=new.metadata,
        archived_at=None,
        created_at=tx.now,
        updated_at=tx.now,
        role=role,
    )
