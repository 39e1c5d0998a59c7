"""What happens to memberships."""

from dataclasses import replace
from uuid import UUID

from tenantry.authz.authority import Actor, Authority, LockedAuthority, RoleRef, Viewer
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.authz.builtin_permissions import ADMIN
from tenantry.authz.locks import lock_organization
from tenantry.authz.roles import actions as roles
from tenantry.authz.roles.model import Role
from tenantry.kit.expectations import Expectation
from tenantry.kit.ids import Kind, new_id
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change
from tenantry.platform.context import OrganizationContext
from tenantry.platform.mail import actions as mail
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.memberships import emails, rules, store
from tenantry.tenancy.memberships.model import (
    ACTIVE,
    Membership,
    MembershipFacts,
    Person,
    Removed,
    Terms,
    WorkspaceGrant,
)
from tenantry.tenancy.memberships.store import count_with_role as count_with_role
from tenantry.tenancy.memberships.store import find_of_user as find_of_user
from tenantry.tenancy.memberships.store import has_admin as has_admin
from tenantry.tenancy.memberships.store import holders_of_role as holders_of_role
from tenantry.tenancy.memberships.store import org_ids_of as org_ids_of
from tenantry.tenancy.workspaces import actions as workspaces


async def join(tx: Tx, org_id: UUID, person: Person, role: RoleRef) -> Membership:
    """Make a person a member. AlreadyMember; of several at once, one wins.

    The caller holds the person and the organization's lock.
    """
    membership = _build(tx, org_id, person, role)
    await store.insert(tx, membership)
    return membership


def insert_first_admin(tx: Tx, org_id: UUID, person: Person, admin: Role) -> Membership:
    membership = _build(tx, org_id, person, admin.ref)
    tx.enqueue(store.insertion(membership))
    return membership


async def get(reader: AuthorizedReader, membership_id: UUID) -> Membership:
    found = await store.find(reader, reader.org_id, reader.viewer, membership_id)
    if found is None:
        raise NotFound
    return found


async def list_members(
    reader: AuthorizedReader, page: PageRequest, *, email: str | None, role: UUID | str | None
) -> Page[Membership]:
    found = await store.list_of_organization(
        reader, reader.org_id, reader.viewer, page, email=email, role=role
    )
    return Page.of(page, found)


async def list_workspaces(
    reader: AuthorizedReader, membership_id: UUID, page: PageRequest
) -> Page[WorkspaceGrant]:
    """A member's roles in workspaces that the reader can see, by workspace id. NotFound."""
    found = await store.list_grants(reader, reader.org_id, reader.viewer, page, membership_id)
    if not found:
        await get(reader, membership_id)
    return Page.of(page, found)


async def update(
    ctx: OrganizationContext,
    membership_id: UUID,
    terms: Terms,
    *,
    expected: Expectation[Membership],
) -> Membership:
    """Change a member's role, status or end; the member is emailed about a new role.

    NotFound, CannotGrantRole, RoleUnknown, ExpiryPassed; what `expected` raises;
    PersonalOrganization, LastAdmin.
    """
    tx, authority = ctx.tx, ctx.principal
    locked = await lock_organization(tx, authority)
    present, facts = await _find_with_facts(tx, authority.org_id, authority.viewer, membership_id)
    name = terms.get("role", present.role.id)
    found = await roles.find_all(tx, authority.org_id, [name])
    role = rules.ensure_proposable(
        locked, facts, found.get(name), expires_at=terms.get("expires_at"), now=tx.now
    )
    proposed = replace(
        present,
        role=role.ref,
        status=terms.get("status", present.status),
        expires_at=terms.get("expires_at", present.expires_at),
    )
    expected(present)
    if proposed == present:
        return present
    rules.ensure_may_become(facts, proposed)
    changed = replace(proposed, updated_at=tx.now)
    store.update(tx, changed)
    events.record_by(tx, authority, "member.updated", [changed.target()], [present.became(changed)])
    if changed.role != present.role and changed.user.id != authority.actor.id:
        branding = await mail.branding_of(tx, authority.org_id)
        links, actor = ctx.outbox.links, authority.actor.name
        ctx.outbox.notify(tx, emails.role_changed(links, branding, present, changed, actor=actor))
    return changed


async def remove(
    tx: Tx, authority: Authority, locked: LockedAuthority, membership_id: UUID
) -> Removed:
    """End a membership with its roles in workspaces, under the organization's lock.

    NotFound; what the rules refuse.
    """
    membership, facts = await _find_with_facts(
        tx, authority.org_id, authority.viewer, membership_id
    )
    rules.ensure_removable(locked, facts)
    return await _end(tx, membership)


async def leave(tx: Tx, actor: Actor, org_id: UUID, membership_id: UUID) -> Removed:
    """End one's own membership in the same way."""
    membership, facts = await _find_with_facts(tx, org_id, actor.id, membership_id)
    rules.ensure_may_leave(facts)
    return await _end(tx, membership)


async def is_last_admin(tx: Tx, org_id: UUID, user_id: UUID) -> bool:
    """Whether a person is the only lasting Admin of a team's organization, which is locked."""
    membership = await find_of_user(tx, org_id, user_id)
    facts = await store.facts(tx, org_id, membership.id) if membership else None
    if facts is None or facts.owns_organization:
        return False
    return rules.is_last_admin(facts)


async def make_admin(tx: Tx, org_id: UUID, person: Person) -> tuple[Membership, Change]:
    """Make a person, a member or not, a lasting Admin; and the change, for the event of the act.

    The caller holds the person and the organization's lock, and decides whether it may be.
    """
    admin = (await roles.find_all(tx, org_id, [ADMIN]))[ADMIN].ref
    present = await find_of_user(tx, org_id, person.id)
    if present is None:
        joined = await join(tx, org_id, person, admin)
        return joined, joined.made()
    changed = replace(present, role=admin, status=ACTIVE, expires_at=None, updated_at=tx.now)
    store.update(tx, changed)
    return changed, present.became(changed)


async def end_of_user(tx: Tx, org_id: UUID, user_id: UUID) -> Removed | None:
    """End a membership and what depends on it, even the last Admin's; None if there is none."""
    membership = await find_of_user(tx, org_id, user_id)
    return await _end(tx, membership) if membership else None


async def remove_all_but(tx: Tx, org_id: UUID, *, user_id: UUID) -> list[Removed]:
    return [await _end(tx, each) for each in await store.all_but(tx, org_id, user_id)]


async def _find_with_facts(
    tx: Tx, org_id: UUID, viewer: Viewer, membership_id: UUID
) -> tuple[Membership, MembershipFacts]:
    membership = await store.find(tx, org_id, viewer, membership_id)
    facts = await store.facts(tx, org_id, membership_id)
    if membership is None or facts is None:
        raise NotFound
    return membership, facts


async def replace_role(tx: Tx, role: Role, replacement: Role) -> list[Change]:
    """Replace a role of members; the changes, for the event."""
    was, now = {"role": role.key}, {"role": replacement.key}
    return [
        Change.updated(Kind.MEMBERSHIP, membership_id, was, now)
        for membership_id in await store.replace_role(tx, role.org_id, role.id, replacement.id)
    ]


async def _end(tx: Tx, membership: Membership) -> Removed:
    # First, because deleting the membership would delete its workspace roles without an event.
    left = await workspaces.leave_all(tx, membership.org_id, membership.id)
    store.delete(tx, membership.org_id, membership.id)
    events.mention(tx, membership.user.id, membership.org_id, membership.id)
    return Removed(membership, [*left, membership.ended()])


def _build(tx: Tx, org_id: UUID, person: Person, role: RoleRef) -> Membership:
    return Membership(
        id=new_id(),
        org_id=org_id,
        user=person,
        role=role,
        status=ACTIVE,
        expires_at=None,
        created_at=tx.now,
        updated_at=tx.now,
    )
