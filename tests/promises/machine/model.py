"""What an organization is believed to be, written again without a database: its states."""

from dataclasses import dataclass, field

READS = frozenset({"organization:read", "member:read", "role:read", "workspace:read"})
DEVELOPS = READS | {"workspace:create", "workspace:update"}
EVERYTHING = DEVELOPS | {
    *("organization:update", "organization:delete", "role:manage", "event:read"),
    *("member:invite", "member:update", "member:remove"),
    *("workspace:delete", "workspace:manage_members", "webhook:manage", "api_key:manage"),
}
DEFAULTS = {"admin": EVERYTHING, "developer": DEVELOPS, "viewer": READS}

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

    @property
    def lasts(self) -> bool:
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


@dataclass
class Organization:
    """What there is of an organization; whoever is named, is named by their first name."""

    id: str
    owner: str | None = None
    """Whose personal organization it is."""
    is_deleted: bool = False
    members: dict[str, Member] = field(default_factory=dict[str, Member])
    roles: dict[str, Role] = field(default_factory=dict[str, Role])
    workspaces: dict[str, Workspace] = field(default_factory=dict[str, Workspace])
    invitations: dict[str, Invitation] = field(default_factory=dict[str, Invitation])
    gone: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """The ids of what is no more, by kind: whoever asks for them is told so."""

    @property
    def path(self) -> str:
        return f"/api/v1/organizations/{self.id}"

    def person(self, member_id: str) -> str | None:
        """Whose membership this is."""
        return next((who for who, each in self.members.items() if each.id == member_id), None)

    def role(self, role_id: str) -> Role | None:
        return next((role for role in self.roles.values() if role.id == role_id), None)

    def pending(self, person: str) -> list[Invitation]:
        """What is open for somebody: one at most."""
        there = self.invitations.values()
        return [each for each in there if each.person == person and each.status == "pending"]

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
        self.gone.setdefault("member", []).append(self.members.pop(person).id)
        for workspace in self.workspaces.values():
            workspace.roles.pop(person, None)
        for invitation in self.pending(person):
            invitation.status = "revoked"

    def drop_workspace(self, workspace_id: str) -> None:
        """It ends, and no invitation names it any more."""
        self.gone.setdefault("workspace", []).append(workspace_id)
        del self.workspaces[workspace_id]
        for invitation in self.invitations.values():
            invitation.there.pop(workspace_id, None)

    def retire(self, key: str, replacement: str | None) -> None:
        """A role ends; whoever held it, or was offered it, has the other one."""
        self.gone.setdefault("role", []).append(self.roles.pop(key).id)
        if replacement is None:
            return
        offers = [each for each in self.invitations.values() if each.status == "pending"]
        for holder in [*self.members.values(), *offers]:
            holder.role = replacement if holder.role == key else holder.role
        for places in [*(each.roles for each in self.workspaces.values()), *_theres(offers)]:
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


def _theres(offers: list[Invitation]) -> list[dict[str, str]]:
    return [each.there for each in offers]
