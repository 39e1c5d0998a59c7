"""Who may do what where, in a few lines of Python: what the service is held against."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tenantry.authz.builtin_permissions import BUILT_IN

OUR_NOUNS = {name.partition(":")[0] for name in BUILT_IN}
PRODUCTS = ["invoice:read", "invoice:approve", "task:do"]
UNDECLARED = "never:declared"
PERMISSIONS = [*BUILT_IN, *PRODUCTS, UNDECLARED]

Shown = dict[str, Any] | None


@dataclass
class Role:
    """A set of permissions; Admin's is everything that there is."""

    id: str
    key: str
    name: str
    held: list[str]

    @property
    def permits(self) -> set[str]:
        """All that it permits."""
        return {*self.held, *PRODUCTS} if self.key == "admin" else set(self.held)

    @property
    def shown(self) -> Shown:
        """Inside other things."""
        return {"id": self.id, "key": self.key, "name": self.name}


@dataclass
class Workspace:
    """A part of an organization, and who holds which role in it, by membership."""

    id: str
    private: bool
    archived: bool
    grants: dict[str, Role] = field(default_factory=dict[str, Role])


@dataclass
class Member:
    """A person in an organization; `standing` says whether that counts."""

    id: str
    user: str
    role: Role
    standing: str

    def sees(self, space: Workspace) -> bool:
        """Whether a workspace is there for them."""
        return not space.private or self.id in space.grants or self.role.key == "admin"


@dataclass
class Organization:
    """A tenant; what is not live is as if it were not there."""

    id: str
    live: bool
    revision: int
    members: dict[str, Member]
    workspaces: dict[str, Workspace]
    roles: list[Role]


def counts_there(permission: str) -> bool:
    """Whether a role in one workspace can give it."""
    noun, _, verb = permission.partition(":")
    return verb != "create" if noun == "workspace" else noun not in OUR_NOUNS


@dataclass
class Model:
    """All that there is. Who asks is a person, or None: the product itself."""

    organizations: dict[str, Organization]
    disabled: set[str]

    def standing(self, member: Member) -> str:
        """What counts first where it does not count."""
        return "account" if member.user in self.disabled else member.standing

    def active(self, org: Organization | None, user: str | None) -> Member | None:
        """The member that a person is there, where that counts now."""
        member = org.members.get(user or "") if org and org.live else None
        return member if member and self.standing(member) == "active" else None

    def may_ask(self, asker: str | None, org_id: str, subject: str) -> bool:
        """False for a member who asks about others without being allowed to see them."""
        org = self.organizations.get(org_id)
        member = self.active(org, asker)
        if asker is None or asker == subject or member is None:
            return True
        return "member:read" in member.role.permits

    def decision(
        self, asker: str | None, org_id: str, place: str | None, subject: str, permission: str
    ) -> dict[str, Any]:
        """What a check answers."""
        org = self.organizations.get(org_id)
        reader = self.active(org, asker)
        if org is None or not org.live or (asker is not None and reader is None):
            return told("membership", None)
        return self.decision_there(
            org, place, subject, permission, reader.sees if reader else lambda _: True
        )

    def decision_there(
        self,
        org: Organization,
        place: str | None,
        subject: str,
        permission: str,
        sees: Callable[[Workspace], bool],
    ) -> dict[str, Any]:
        """What it answers to who may ask about others there, and sees so much."""
        member = org.members.get(subject)
        if member is None:
            return told("membership", org.revision)
        standing = self.standing(member)
        workspace = org.workspaces.get(place or "")
        if workspace and not sees(workspace):
            workspace = None
        looked = _looked(member, standing, workspace)
        if standing != "active":
            missing = "account" if standing == "account" else "active_membership"
            return told(missing, org.revision, **looked)
        if place and (workspace is None or not member.sees(workspace)):
            return told("workspace", org.revision, **looked)
        by = self.allowed_by(member, workspace, permission)
        if by:
            return told(None, org.revision, by, **looked)
        missing = "declaration" if permission == UNDECLARED else "permission"
        return told(missing, org.revision, **looked)

    def allowed_by(self, member: Member, workspace: Workspace | None, permission: str) -> list[str]:
        """Which of a member's roles permit it, there."""
        there = workspace.grants.get(member.id) if workspace else None
        by = ["role"] if permission in member.role.permits else []
        if there and counts_there(permission) and permission in there.permits:
            by.append("workspace_role")
        return by

    def allowed(self, member: Member, workspace: Workspace | None) -> set[str]:
        """All that a member may do, there."""
        return {each for each in PERMISSIONS if self.allowed_by(member, workspace, each)}


def _looked(member: Member, standing: str, workspace: Workspace | None) -> dict[str, Any]:
    there = workspace.grants.get(member.id) if workspace else None
    return {
        "membership": {
            "id": member.id,
            "status": standing if standing in ("suspended", "expired") else "active",
        },
        "role": member.role.shown,
        "workspace": workspace
        and {
            "id": workspace.id,
            "archived": workspace.archived,
            "role": there.shown if there else None,
        },
    }


def told(
    missing: str | None, revision: int | None, by: list[str] | None = None, **looked: Any
) -> dict[str, Any]:
    """A verdict as it is sent, with what was looked at."""
    nothing = {"membership": None, "role": None, "workspace": None}
    return {
        "allowed": missing is None,
        "explanation": {"allowed_by": by or [], "missing": missing, **nothing, **looked},
        "revision": revision,
    }
