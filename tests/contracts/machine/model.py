"""What an organization is believed to be, written again without a database: its states."""

from dataclasses import dataclass, field

from tenantry.kit.limits import Limits

READS = frozenset({"organization:read", "member:read", "role:read", "workspace:read"})
DEVELOPS = READS | {"workspace:create", "workspace:update"}
EVERYTHING = DEVELOPS | {
    *("organization:update", "organization:delete", "role:manage", "event:read"),
    *("member:invite", "member:update", "member:remove"),
    *("workspace:delete", "workspace:manage_members", "webhook:manage", "api_key:manage"),
}
DEFAULTS = {"admin": EVERYTHING, "developer": DEVELOPS, "viewer": READS}

LIMITS = Limits(
    members=5, pending_invitations=3, custom_roles=4, workspaces=5, organizations_per_user=2
)
"""So few that a walk comes up against each of them."""

Told = dict[tuple[str, ...], object]
"""All that there is of an organization, in short, by kind and id."""


@dataclass
class Role:
    id: str
    key: str
    permissions: frozenset[str]

    @property
    def is_default(self) -> bool:
        return self.key in DEFAULTS


@dataclass
class Member:
    id: str
    role: str
    status: str = "active"
    expires: bool = False
    over: bool = False
    """Whether the time has come at which it expires."""

    @property
    def is_active(self) -> bool:
        return self.status == "active" and not self.over

    @property
    def is_permanent(self) -> bool:
        """Whether they keep the organization manageable."""
        return self.role == "admin" and self.status == "active" and not self.expires


@dataclass
class Workspace:
    id: str
    is_default: bool = False
    private: bool = False
    archived: bool = False
    roles: dict[str, str] = field(default_factory=dict[str, str])
    """Who has which role there."""


@dataclass
class Invitation:
    id: str
    person: str
    role: str
    there: dict[str, str]
    inviter: str
    status: str = "pending"
    joined_as: str = ""
    over: bool = False
    """Whether its time has come while no one answered."""

    @property
    def state(self) -> str:
        """Its status as everybody is told it."""
        return "expired" if self.status == "pending" and self.over else self.status

    @property
    def is_still_open(self) -> bool:
        """Whether it can be accepted, or sent again and then be."""
        return self.status in ("pending", "expired")


@dataclass
class Organization:
    """What there is of an organization; people are named by their first name."""

    id: str
    owner: str | None = None
    """Whose personal organization it is."""
    is_deleted: bool = False
    members: dict[str, Member] = field(default_factory=dict[str, Member])
    roles: dict[str, Role] = field(default_factory=dict[str, Role])
    retired: dict[str, Role] = field(default_factory=dict[str, Role])
    """Roles that are no more, and that settled invitations go on showing."""
    workspaces: dict[str, Workspace] = field(default_factory=dict[str, Workspace])
    invitations: dict[str, Invitation] = field(default_factory=dict[str, Invitation])
    gone: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """The ids of what no longer exists, by kind: calls for them get a 404."""

    @property
    def path(self) -> str:
        return f"/api/v1/organizations/{self.id}"

    def person(self, member_id: str) -> str | None:
        """Whose membership this is."""
        return next((who for who, each in self.members.items() if each.id == member_id), None)

    def permissions(self, key: str) -> frozenset[str]:
        """What a role permits, or permitted when it ended."""
        return (self.roles.get(key) or self.retired[key]).permissions

    def role(self, role_id: str) -> Role | None:
        return next((role for role in self.roles.values() if role.id == role_id), None)

    def pending(self, person: str) -> list[Invitation]:
        """What no one has answered for somebody: one at most, and its time may have come."""
        there = self.invitations.values()
        return [each for each in there if each.person == person and each.status == "pending"]

    @property
    def open(self) -> list[Invitation]:
        """What can be accepted."""
        return [each for each in self.invitations.values() if each.state == "pending"]

    def make_room(self, offer: Invitation) -> None:
        """Of one address there is one pending invitation: another has expired."""
        for other in self.pending(offer.person):
            other.status = "pending" if other is offer else "expired"

    def renew(self, offer: Invitation, inviter: str) -> None:
        """It is open again, or still, and somebody else's."""
        self.make_room(offer)
        offer.status, offer.over, offer.inviter = "pending", False, inviter

    def join(self, invitation: Invitation, member_id: str) -> None:
        """The seat is taken, with the roles in those workspaces that are open."""
        invitation.status, invitation.joined_as = "accepted", member_id
        self.members[invitation.person] = Member(member_id, invitation.role)
        for workspace_id, role in self.open_there(invitation).items():
            self.workspaces[workspace_id].roles[invitation.person] = role

    def open_there(self, invitation: Invitation) -> dict[str, str]:
        """What it offers in workspaces, archived ones passed over."""
        return {
            each: role
            for each, role in invitation.there.items()
            if not self.workspaces[each].archived
        }

    def part_with(self, person: str) -> None:
        """Somebody goes, with their roles in workspaces, and what was open for them."""
        self.lose(person)
        for invitation in self.pending(person):
            invitation.status = "revoked"

    def lose(self, person: str) -> None:
        """A membership ends, with the roles in workspaces."""
        self.gone.setdefault("member", []).append(self.members.pop(person).id)
        for workspace in self.workspaces.values():
            workspace.roles.pop(person, None)

    def outlive(self, person: str) -> None:
        """An account is no more: its offers, and those to its address, are no one's."""
        if person in self.members:
            self.lose(person)
        for invitation in self.invitations.values():
            invitation.inviter = "" if invitation.inviter == person else invitation.inviter
            if invitation.person == person:
                invitation.person = ""
                invitation.status = "declined" if invitation.is_still_open else invitation.status

    def drop_workspace(self, workspace_id: str) -> None:
        """It ends, and no invitation names it any more."""
        self.gone.setdefault("workspace", []).append(workspace_id)
        del self.workspaces[workspace_id]
        for invitation in self.invitations.values():
            invitation.there.pop(workspace_id, None)

    def retire(self, key: str, replacement: str | None) -> None:
        """A role ends; those who held it or were offered it have the other one."""
        self.retired[key] = self.roles.pop(key)
        self.gone.setdefault("role", []).append(self.retired[key].id)
        invitations = [each for each in self.invitations.values() if each.is_still_open]
        if replacement is None:
            for offer in invitations:
                if key in (offer.role, *offer.there.values()):
                    offer.status = "revoked"
            return
        for holder in [*self.members.values(), *invitations]:
            holder.role = replacement if holder.role == key else holder.role
        for places in [*(each.roles for each in self.workspaces.values()), *_theres(invitations)]:
            places.update({each: replacement for each, role in places.items() if role == key})

    def told(self) -> Told:
        """All of it, as far as it can be compared with the tables."""
        return {
            ("organization", self.id): self.is_deleted,
            **{("role", each.id): (each.key, each.permissions) for each in self.roles.values()},
            **{
                ("member", each.id): (each.role, each.status, each.expires)
                for each in self.members.values()
            },
            **{
                ("workspace", each.id): (each.is_default, each.private, each.archived)
                for each in self.workspaces.values()
            },
            **{
                ("workspace_member", each.id, self.members[who].id): role
                for each in self.workspaces.values()
                for who, role in each.roles.items()
            },
            **{
                ("invitation", each.id): (each.role, each.status, each.there)
                for each in self.invitations.values()
            },
        }


def _theres(invitations: list[Invitation]) -> list[dict[str, str]]:
    return [each.there for each in invitations]
