"""What happens to organizations."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from tenantry.authz.authority import Actor, Authority, Operator
from tenantry.authz.authorization import AuthorizedReader
from tenantry.authz.builtin_permissions import ADMIN
from tenantry.authz.locks import lock_organization
from tenantry.authz.roles import actions as roles
from tenantry.identity.users import actions as users
from tenantry.kit.expectations import Expectation
from tenantry.kit.ids import Kind, new_id
from tenantry.kit.languages import DEFAULT_LOCALE
from tenantry.kit.limits import Limits
from tenantry.kit.metadata import changed_metadata
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.kit.text import slug_from, with_suffix
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change, Target
from tenantry.postgres.transaction import Tx
from tenantry.schema.tenant import set_tenant
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.memberships.model import Membership, Person
from tenantry.tenancy.organizations import store
from tenantry.tenancy.organizations.model import (
    FIRST_REVISION,
    PERSONAL,
    TEAM,
    Brief,
    Organization,
    OrganizationChanges,
    Summary,
)
from tenantry.tenancy.workspaces import actions as workspaces
from tenantry.tenancy.workspaces.model import Workspace


@dataclass(frozen=True, slots=True)
class NewOrganization:
    """What a new organization shall be; a slug is made from the name where none is given."""

    name: str
    slug: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class CreatedOrganization:
    """A new organization with what it begins with."""

    organization: Organization
    workspace: Workspace
    membership: Membership


async def create(
    tx: Tx, actor: Actor, limits: Limits, draft: NewOrganization
) -> CreatedOrganization:
    """Make an organization whose first Admin is the actor, whom the caller holds.

    SlugTaken, LimitReached.
    """
    users.count_organization(tx, actor.id, limits.organizations_per_user)
    return await _found(tx, actor, _person(actor), draft, kind=TEAM)


async def create_for(
    tx: Tx, operator: Operator, owner: Person, draft: NewOrganization
) -> CreatedOrganization:
    """Make an organization whose first Admin is its owner, held by the caller. SlugTaken.

    The operator does not become a member, and it counts towards no one's limit.
    """
    return await _found(tx, operator, owner, draft, kind=TEAM)


async def create_personal(tx: Tx, actor: Actor) -> CreatedOrganization:
    """Make the organization that every person has from the start, in the act that makes them."""
    return await _found(tx, actor, _person(actor), NewOrganization(actor.name), kind=PERSONAL)


async def create_personal_for(tx: Tx, operator: Operator, owner: Person) -> CreatedOrganization:
    """The same for a person whom an operator makes."""
    return await _found(tx, operator, owner, NewOrganization(owner.name), kind=PERSONAL)


async def get(reader: AuthorizedReader) -> Organization:
    """The organization that `reading` entered, with the caller's role."""
    row = await store.find(reader, reader.org_id)
    if row is None:
        raise NotFound
    return row.seen_as(reader.authority.role)


async def summarize(reader: AuthorizedReader) -> Summary:
    """How much there is in the organization that `reading` entered, as the caller sees it."""
    return await store.summary(reader, reader.org_id, reader.user_id)


async def list_mine(
    reader: AuthorizedReader, page: PageRequest, *, slug: str | None
) -> Page[Organization]:
    """The organizations that the caller belongs to; the one with a slug if wanted."""
    claims = reader.claims
    found = await store.list_of_user(reader, claims.session_id, claims.user_id, page, slug)
    return Page.of(page, found)


async def update(
    tx: Tx,
    authority: Authority,
    changes: OrganizationChanges,
    *,
    expected: Expectation[Organization],
) -> Organization:
    """Change the organization, as far as it differs.

    NotFound; what `expected` raises; TooManyKeys; SlugTaken.
    """
    await lock_organization(tx, authority)
    row = await store.find(tx, authority.org_id)
    if row is None:
        raise NotFound
    organization = row.seen_as(authority.role)
    expected(organization)
    changed = replace(
        organization,
        name=changes.get("name", organization.name),
        slug=changes.get("slug", organization.slug),
        locale=changes.get("locale", organization.locale),
        metadata=changed_metadata(organization.metadata, changes),
    )
    if changed == organization:
        return organization
    if changed.slug != organization.slug:
        store.take_slug(tx, changed.slug, organization.id)
        store.free_slug(tx, organization.slug, organization.id)
    changed = replace(changed, updated_at=tx.now)
    store.update(tx, changed)
    events.record(
        tx,
        authority.org_id,
        authority.actor,
        "organization.updated",
        targets=[changed.target()],
        changes=[organization.became(changed)],
    )
    return changed


async def personal_of(tx: Tx, user_id: UUID) -> UUID | None:
    """A person's personal organization."""
    return await store.personal_of(tx, user_id)


async def get_brief(tx: Tx, org_id: UUID) -> Brief:
    """What an organization is called; the caller acts as its tenant. NotFound."""
    row = await store.find(tx, org_id)
    if row is None:
        raise NotFound
    return Brief(row.id, row.name, row.slug)


async def _found(
    tx: Tx, by: Actor | Operator, founder: Person, draft: NewOrganization, *, kind: str
) -> CreatedOrganization:
    org_id = new_id()
    slug = await _claim_slug(tx, draft, org_id)
    set_tenant(tx, org_id)
    defaults = roles.build_default_roles(tx, org_id)
    admin = defaults[ADMIN]
    workspace = workspaces.build_default(tx, org_id, admin.ref)
    organization = Organization(
        id=org_id,
        name=draft.name,
        slug=slug,
        kind=kind,
        locale=DEFAULT_LOCALE,
        metadata=draft.metadata,
        default_workspace_id=workspace.id,
        created_at=tx.now,
        updated_at=tx.now,
        role=admin.ref,
    )
    counted = founder.id if isinstance(by, Actor) else None
    owner = founder.id if kind == PERSONAL else None
    store.insert(tx, organization, owner_id=owner, made_by=counted)
    if kind == TEAM:  # a personal one comes with its person, who may join another in the same act
        tx.revisions[org_id] = FIRST_REVISION
    roles.insert_defaults(tx, org_id, defaults)
    workspaces.insert_default(tx, workspace)
    membership = memberships.make_founder(tx, org_id, founder, admin)
    joined = workspaces.join(tx, org_id, workspace.id, membership.id, admin)
    _tell(
        tx,
        by,
        founder,
        organization,
        [workspace.made(), *(role.made() for role in defaults.values()), membership.made(), joined],
    )
    return CreatedOrganization(organization, workspace, membership)


async def _claim_slug(tx: Tx, draft: NewOrganization, org_id: UUID) -> str:
    """The slug that was asked for, or one made from the name, for which a way is always found."""
    if draft.slug is not None:
        store.take_slug(tx, draft.slug, org_id)
        return draft.slug
    slug = slug_from(draft.name)
    while not await store.claim_slug(tx, slug, org_id):
        slug = with_suffix(slug_from(draft.name))
    return slug


def _person(actor: Actor) -> Person:
    return Person(actor.id, actor.email, actor.name)


def _tell(
    tx: Tx,
    by: Actor | Operator,
    founder: Person,
    organization: Organization,
    changes: list[Change],
) -> None:
    # Whose it is goes without saying, save where somebody else made it.
    owner = [Target(Kind.USER, founder.id, founder.name)] if isinstance(by, Operator) else []
    events.record(
        tx,
        organization.id,
        by,
        "organization.created",
        targets=[organization.target(), *owner],
        changes=[organization.made(), *changes],
    )
