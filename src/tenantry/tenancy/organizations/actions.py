"""What happens to organizations."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from tenantry.authz.authority import Actor, Authority, Operator
from tenantry.authz.authorized_reader import AuthorizedReader
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
from tenantry.platform.audit.model import Target
from tenantry.postgres.reader import Reader
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
from tenantry.tenancy.organizations.store import OrganizationRow
from tenantry.tenancy.organizations.store import personal_of as personal_of
from tenantry.tenancy.workspaces import actions as workspaces
from tenantry.tenancy.workspaces.model import Workspace


@dataclass(frozen=True, slots=True)
class NewOrganization:
    """An organization to create; its slug is derived from its name by default."""

    name: str
    slug: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class CreatedOrganization:
    organization: Organization
    workspace: Workspace
    membership: Membership


async def create(tx: Tx, actor: Actor, limits: Limits, new: NewOrganization) -> CreatedOrganization:
    """Create an organization whose first Admin is the actor, whom the caller holds.

    SlugTaken, LimitReached.
    """
    users.count_organization(tx, actor.id, limits.organizations_per_user)
    return await _create(tx, actor, Person.of(actor), new, kind=TEAM)


async def create_for(
    tx: Tx, operator: Operator, owner: Person, new: NewOrganization
) -> CreatedOrganization:
    """Create an organization whose first Admin is its owner, held by the caller. SlugTaken.

    The operator does not become a member, and it counts towards no one's limit.
    """
    return await _create(tx, operator, owner, new, kind=TEAM)


async def create_personal(tx: Tx, by: Actor | Operator, owner: Person) -> CreatedOrganization:
    return await _create(tx, by, owner, NewOrganization(owner.name), kind=PERSONAL)


async def get(reader: AuthorizedReader) -> Organization:
    row = await _get(reader, reader.org_id)
    return row.with_role(reader.authority.role)


async def get_own(tx: Tx, authority: Authority) -> Organization:
    """The same in a transaction."""
    return (await _get(tx, authority.org_id)).with_role(authority.role)


async def summarize(reader: AuthorizedReader) -> Summary:
    """Counts of what the organization has, as far as the caller can see it."""
    return await store.summary(reader, reader.org_id, reader.user_id)


async def list_mine(
    reader: AuthorizedReader, page: PageRequest, *, slug: str | None
) -> Page[Organization]:
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
    organization = await get_own(tx, authority)
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
    events.record_by(
        tx, authority, "organization.updated", [changed.target()], [organization.became(changed)]
    )
    return changed


async def get_brief(tx: Tx, org_id: UUID) -> Brief:
    """Name and slug of an organization; the caller has set the tenant. NotFound."""
    row = await _get(tx, org_id)
    return Brief(row.id, row.name, row.slug)


async def _get(reader: Reader, org_id: UUID) -> OrganizationRow:
    row = await store.find(reader, org_id)
    if row is None:
        raise NotFound
    return row


async def _create(
    tx: Tx, by: Actor | Operator, admin: Person, new: NewOrganization, *, kind: str
) -> CreatedOrganization:
    org_id = new_id()
    slug = await _claim_slug(tx, new, org_id)
    set_tenant(tx, org_id)
    defaults = roles.build_default_roles(tx, org_id)
    role = defaults[ADMIN]
    workspace = workspaces.build_default(tx, org_id, role.ref)
    organization = Organization(
        id=org_id,
        name=new.name,
        slug=slug,
        kind=kind,
        locale=DEFAULT_LOCALE,
        metadata=new.metadata,
        default_workspace_id=workspace.id,
        created_at=tx.now,
        updated_at=tx.now,
        role=role.ref,
    )
    store.insert(
        tx,
        organization,
        owner_id=admin.id if kind == PERSONAL else None,
        created_by=admin.id if isinstance(by, Actor) else None,
    )
    if kind == TEAM:  # a personal one comes with its person, who may join another in the same act
        tx.revisions[org_id] = FIRST_REVISION
    roles.insert_defaults(tx, org_id, defaults)
    workspaces.insert(tx, workspace)
    membership = memberships.insert_first_admin(tx, org_id, admin, role)
    joined = workspaces.join(tx, org_id, workspace.id, membership.id, role)
    # The actor is the owner unless an operator created it for someone else.
    owner = [Target(Kind.USER, admin.id, admin.name)] if isinstance(by, Operator) else []
    made = (organization, workspace, *defaults.values(), membership)
    events.record(
        tx,
        org_id,
        by,
        "organization.created",
        targets=[organization.target(), *owner],
        changes=[*(each.made() for each in made), joined],
    )
    return CreatedOrganization(organization, workspace, membership)


async def _claim_slug(tx: Tx, new: NewOrganization, org_id: UUID) -> str:
    if new.slug is not None:
        store.take_slug(tx, new.slug, org_id)
        return new.slug
    slug = slug_from(new.name)
    while not await store.claim_slug(tx, slug, org_id):
        slug = with_suffix(slug_from(new.name))
    return slug
