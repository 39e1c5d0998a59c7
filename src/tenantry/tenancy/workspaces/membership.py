"""The members of workspaces."""

from dataclasses import replace
from uuid import UUID

from tenantry.authz.authority import Authority
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.authz.locks import lock_for_workspace
from tenantry.authz.roles import actions as roles
from tenantry.authz.roles.model import Role, RoleName
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.platform.audit import actions as events
from tenantry.platform.context import OrganizationContext
from tenantry.platform.mail import actions as mail
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.workspaces import emails, rules, store
from tenantry.tenancy.workspaces.model import (
    PlacedMember,
    WorkspaceMember,
    WorkspaceSeat,
    grant_change,
)


async def list_members(
    reader: AuthorizedReader, workspace_id: UUID, page: PageRequest
) -> Page[WorkspaceMember]:
    return Page.of(page, await store.list_members(reader, reader.org_id, workspace_id, page))


async def put_member(
    ctx: OrganizationContext, workspace_id: UUID, membership_id: UUID, name: RoleName
) -> PlacedMember:
    """Give a member of the organization this role in a workspace; it replaces their present one.

    They are notified by email, unless they did it themselves.
    NotFound, CannotGrantRole, RoleUnknown, WorkspaceArchived.
    """
    tx, authority = ctx.tx, ctx.principal
    locked = await lock_for_workspace(tx, authority, workspace_id)
    seat = await _get_seat(tx, authority, workspace_id, membership_id)
    found = await roles.find_all(tx, authority.org_id, [name])
    role = rules.ensure_may_join(locked, seat, found.get(name))
    present = seat.present
    if present is not None and present.role == role.ref:
        return PlacedMember(present, is_new=False)
    if present is None:
        member = _add(tx, authority, seat, workspace_id, membership_id, role)
    else:
        member = _change(tx, authority, seat, present, role)
    if member.user_id != authority.actor.id:
        branding = await mail.branding_of(tx, authority.org_id)
        links, actor = ctx.outbox.links, authority.actor.name
        ctx.outbox.notify(tx, emails.role_given(links, branding, seat, member, actor=actor))
    return PlacedMember(member, is_new=present is None)


async def remove_member(
    tx: Tx, authority: Authority, workspace_id: UUID, membership_id: UUID
) -> None:
    """Remove a member from a workspace. NotFound, CannotGrantRole, WorkspaceArchived."""
    locked = await lock_for_workspace(tx, authority, workspace_id)
    seat = await _get_seat(tx, authority, workspace_id, membership_id)
    present = seat.present
    if present is None:
        raise NotFound
    rules.ensure_removable(locked, seat)
    store.delete_membership(tx, present)
    gone = grant_change(workspace_id, present.snapshot(), None)
    targets = [present.target(), seat.workspace]
    events.record_by(tx, authority, "workspace_member.removed", targets, [gone])


async def _get_seat(
    tx: Tx, authority: Authority, workspace_id: UUID, membership_id: UUID
) -> WorkspaceSeat:
    seat = await store.find_seat(tx, authority.org_id, workspace_id, membership_id)
    if seat is None:
        raise NotFound
    return seat


def _add(
    tx: Tx,
    authority: Authority,
    seat: WorkspaceSeat,
    workspace_id: UUID,
    membership_id: UUID,
    role: Role,
) -> WorkspaceMember:
    org_id = authority.org_id
    member = WorkspaceMember(
        id=membership_id,
        org_id=org_id,
        workspace_id=workspace_id,
        user_id=seat.user_id,
        email=seat.email,
        name=seat.name,
        role=role.ref,
        created_at=tx.now,
        updated_at=tx.now,
    )
    store.insert_membership(tx, org_id, workspace_id, membership_id, role.id, tx.now)
    made = grant_change(workspace_id, None, member.snapshot())
    targets = [member.target(), seat.workspace]
    events.record_by(tx, authority, "workspace_member.added", targets, [made])
    return member


def _change(
    tx: Tx, authority: Authority, seat: WorkspaceSeat, present: WorkspaceMember, role: Role
) -> WorkspaceMember:
    changed = replace(present, role=role.ref, updated_at=tx.now)
    store.update_membership(tx, changed)
    change = grant_change(changed.workspace_id, present.snapshot(), changed.snapshot())
    targets = [changed.target(), seat.workspace]
    events.record_by(tx, authority, "workspace_member.updated", targets, [change])
    return changed
