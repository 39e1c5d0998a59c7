"""Who belongs to a workspace, with which role there."""

from dataclasses import replace
from uuid import UUID

from tenantry.authz.authority import Authority
from tenantry.authz.authorization import AuthorizedReader
from tenantry.authz.locks import lock_for_workspace
from tenantry.authz.roles import actions as roles
from tenantry.authz.roles.model import Role, RoleName
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change
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
    """Who holds a role in the workspace that `reading` entered."""
    return Page.of(page, await store.list_members(reader, reader.org_id, workspace_id, page))


async def put_member(
    ctx: OrganizationContext, workspace_id: UUID, membership_id: UUID, name: RoleName
) -> PlacedMember:
    """Give a member of the organization this role in a workspace, whichever they had there.

    They are notified by email, unless they did it themselves.
    NotFound, CannotGrantRole, RoleUnknown, WorkspaceArchived.
    """
    tx, authority = ctx.tx, ctx.principal
    locked = await lock_for_workspace(tx, authority, workspace_id)
    place = await _place(tx, authority, workspace_id, membership_id)
    known = await roles.find_all(tx, authority.org_id, [name])
    role = rules.ensure_may_join(locked, place, known.get(name))
    present = place.present
    if present is not None and present.role == role.ref:
        return PlacedMember(present, is_new=False)
    if present is None:
        member = _add(tx, authority, place, workspace_id, membership_id, role)
    else:
        member = _change(tx, authority, place, present, role)
    if member.user_id != authority.actor.id:
        await _notify(ctx, place, member)
    return PlacedMember(member, is_new=present is None)


async def remove_member(
    tx: Tx, authority: Authority, workspace_id: UUID, membership_id: UUID
) -> None:
    """Take a member's role in a workspace. NotFound, CannotGrantRole, WorkspaceArchived."""
    locked = await lock_for_workspace(tx, authority, workspace_id)
    place = await _place(tx, authority, workspace_id, membership_id)
    present = place.present
    if present is None:
        raise NotFound
    rules.ensure_removable(locked, place)
    store.delete_membership(tx, present)
    gone = grant_change(workspace_id, present.snapshot(), None)
    _tell(tx, authority, place, present, "workspace_member.removed", gone)


async def _place(
    tx: Tx, authority: Authority, workspace_id: UUID, membership_id: UUID
) -> WorkspaceSeat:
    place = await store.place(tx, authority.org_id, workspace_id, membership_id)
    if place is None:
        raise NotFound
    return place


def _add(
    tx: Tx,
    authority: Authority,
    place: WorkspaceSeat,
    workspace_id: UUID,
    membership_id: UUID,
    role: Role,
) -> WorkspaceMember:
    org_id = authority.org_id
    member = WorkspaceMember(
        id=membership_id,
        org_id=org_id,
        workspace_id=workspace_id,
        user_id=place.user_id,
        email=place.email,
        name=place.name,
        role=role.ref,
        created_at=tx.now,
        updated_at=tx.now,
    )
    store.insert_membership(tx, org_id, workspace_id, membership_id, role.id, tx.now)
    made = grant_change(workspace_id, None, member.snapshot())
    _tell(tx, authority, place, member, "workspace_member.added", made)
    return member


async def _notify(ctx: OrganizationContext, place: WorkspaceSeat, member: WorkspaceMember) -> None:
    authority, links = ctx.principal, ctx.outbox.links
    branding = await mail.branding_of(ctx.tx, authority.org_id)
    where, actor, present = place.workspace.name, authority.actor.name, place.present
    if present is None:
        notification = emails.added(links, branding, member, workspace=where, actor=actor)
    else:
        notification = emails.role_changed(
            links, branding, present, member, workspace=where, actor=actor
        )
    ctx.outbox.notify(ctx.tx, notification)


def _change(
    tx: Tx, authority: Authority, place: WorkspaceSeat, present: WorkspaceMember, role: Role
) -> WorkspaceMember:
    changed = replace(present, role=role.ref, updated_at=tx.now)
    store.update_membership(tx, changed)
    change = grant_change(changed.workspace_id, present.snapshot(), changed.snapshot())
    _tell(tx, authority, place, changed, "workspace_member.updated", change)
    return changed


def _tell(
    tx: Tx,
    authority: Authority,
    place: WorkspaceSeat,
    member: WorkspaceMember,
    action: str,
    change: Change,
) -> None:
    events.record(
        tx,
        authority.org_id,
        authority.actor,
        action,
        targets=[member.target(), place.workspace],
        changes=[change],
    )
