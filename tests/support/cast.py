"""The cast: the same people in every test, made again for each, so that tests share nothing."""

from dataclasses import dataclass
from uuid import UUID

from tenantry.authz.authority import Actor
from tenantry.authz.roles import actions as roles
from tenantry.http.service import Service
from tenantry.identity.accounts import sign_up as accounts
from tenantry.identity.operators import actions as operators
from tenantry.identity.sessions.model import Client
from tenantry.kit.ids import Kind, new_id, show
from tenantry.schema.tenant import set_tenant
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.memberships.model import Membership, Person
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations.actions import CreatedOrganization, NewOrganization

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Player:
    """A person with an account, a session and a token."""

    actor: Actor
    token: str
    personal_id: UUID
    membership: Membership | None = None

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def id(self) -> str:
        return show(Kind.USER, self.actor.id)

    @property
    def member_id(self) -> str:
        assert self.membership is not None
        return show(Kind.MEMBERSHIP, self.membership.id)


@dataclass(frozen=True)
class Cast:
    """Alice owns Acme, Dave develops and Vera views there; Bob owns another organization; Charlie
    has an account, and belongs to no one but himself; Olga runs the service."""

    alice: Player
    dave: Player
    vera: Player
    bob: Player
    charlie: Player
    olga: Player
    acme: CreatedOrganization
    bobs: CreatedOrganization

    @property
    def acme_path(self) -> str:
        return f"/api/v1/organizations/{show(Kind.ORGANIZATION, self.acme.organization.id)}"

    @property
    def bobs_path(self) -> str:
        return f"/api/v1/organizations/{show(Kind.ORGANIZATION, self.bobs.organization.id)}"

    @property
    def workspace_id(self) -> str:
        return show(Kind.WORKSPACE, self.acme.workspace.id)


async def player(service: Service, name: str, *, email: str = "", verified: bool = True) -> Player:
    """Somebody new, with an address that no one else has; or with one that is free again."""
    email = email or f"{name.lower()}.{new_id().hex[-12:]}@example.com"
    hashed = await service.passwords.choose(PASSWORD, pointer="", known=[])
    async with service.database.transaction() as (tx, _):
        account = await accounts.open_account(
            tx,
            email=email,
            name=name,
            password_hash=hashed,
            client=Client("tests", ""),
            email_verified=verified,
        )
    actor = accounts.actor_of(account.user, account.session)
    token = service.tokens.issue(user_id=actor.id, session_id=actor.session_id)
    return Player(actor, token, account.organization.id)


async def found(service: Service, owner: Player, name: str) -> CreatedOrganization:
    """An organization of somebody's."""
    async with service.database.transaction() as (tx, _):
        return await organizations.create(tx, owner.actor, service.limits, NewOrganization(name))


async def join(
    service: Service, someone: Player, founded: CreatedOrganization, role: str
) -> Player:
    """Somebody as a member of an organization, without an invitation."""
    org_id = founded.organization.id
    async with service.database.transaction() as (tx, _):
        set_tenant(tx, org_id)
        known = await roles.get_all(tx, org_id, [role])
        person = Person(someone.actor.id, someone.actor.email, someone.actor.name)
        membership = await memberships.join(tx, org_id, person, known[role].ref)
    return Player(someone.actor, someone.token, someone.personal_id, membership)


async def operator(service: Service, name: str) -> Player:
    """Somebody new who runs the service."""
    someone = await player(service, name)
    async with service.database.transaction() as (tx, _):
        assert await operators.add(tx, someone.actor.email)
    return someone


async def assemble(service: Service) -> Cast:
    """The whole cast."""
    alice, dave, vera, bob, charlie = [
        await player(service, name) for name in ("Alice", "Dave", "Vera", "Bob", "Charlie")
    ]
    acme = await found(service, alice, "Acme")
    bobs = await found(service, bob, "Bob's")
    return Cast(
        alice=Player(alice.actor, alice.token, alice.personal_id, acme.membership),
        dave=await join(service, dave, acme, "developer"),
        vera=await join(service, vera, acme, "viewer"),
        bob=Player(bob.actor, bob.token, bob.personal_id, bobs.membership),
        charlie=charlie,
        olga=await operator(service, "Olga"),
        acme=acme,
        bobs=bobs,
    )
