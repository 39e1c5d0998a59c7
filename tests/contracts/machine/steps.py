"""What the machine may do: a call by somebody, its answer foretold, and the model brought along."""

from collections.abc import Sequence
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from tenantry.kit.ids import Kind, show
from tests.contracts.machine.foretelling import STATUS, accepting, creating, inviting
from tests.contracts.machine.model import (
    DEFAULTS,
    READS,
    Invitation,
    Member,
    Organization,
    Role,
    Workspace,
)
from tests.contracts.machine.places import making_role, making_workspace, putting_aside
from tests.contracts.machine.world import NAMES, World
from tests.support.cast import PASSWORD, Player
from tests.support.database.invariants import faults

ANYBODY = st.sampled_from(NAMES)
NTH = st.integers(0, 59)
# The team's organization comes first, and is visited most.
WHERE = st.sampled_from([*[0] * 15, *range(10)])
GUIDES = READS | {
    *("member:invite", "member:update", "member:remove", "role:manage"),
    *("workspace:create", "workspace:manage_members"),
}
"""A role that is between Viewer and Admin: most that is refused for reaching too high is by it."""


class Steps(RuleBasedStateMachine):
    """Six people, their personal organizations, and whatever they found."""

    world: ClassVar[World]
    players: dict[str, Player]
    founded: dict[str, int]
    """How many teams each has made."""
    orgs: list[Organization]
    touched: Organization
    """The last one that somebody came near."""
    made: int
    """For names that nothing else has."""

    @initialize()
    def begin(self) -> None:
        """Alice founds a team, which Bob, Dave and Vera join, Bob with a role of the team's own.

        One workspace is private, another archived; Charlie and Erin are invited.
        """
        self.players = self.world.begin_anew()
        self.made = 0
        self.founded = dict.fromkeys(NAMES, 0)
        self.orgs = []
        self.found("Alice")
        for who in NAMES:
            self.learn_personal(who)
        team = self.orgs[0]
        self.draw_role(team, "Alice", GUIDES)
        lab = self.open_workspace(team, "Alice", private=True)
        self.put_aside(team, "Alice", self.open_workspace(team, "Alice", private=False))
        for page, role in (("Bob", "role-1"), ("Dave", "developer"), ("Vera", "admin")):
            self.offer(team, "Alice", page, role, {})
        for offer in [*team.invitations.values()]:
            self.take(team, offer)
        self.offer(team, "Bob", "Charlie", "viewer", {})
        self.offer(team, "Vera", "Erin", "viewer", {lab: "viewer"})

    def found(self, who: str) -> None:
        code = creating(self.founded[who])
        sent = {"json": {"name": "Acme"}}
        answer = self.step(code, who, "POST", "/api/v1/organizations", 201, **sent)
        if not code:
            self.founded[who] += 1
            self.touched = self.learn(Organization(answer["id"]), who)

    def learn_personal(self, who: str) -> None:
        personal = show(Kind.ORGANIZATION, self.players[who].personal_id)
        self.learn(Organization(personal, owner=who), who)

    def learn(self, org: Organization, who: str) -> Organization:
        """What an organization begins with, and its ids."""
        read = [
            self.world.call(self.players[who], "GET", f"{org.path}/{what}").json()["data"]
            for what in ("members", "roles", "workspaces")
        ]
        ((member,), roles, (workspace,)) = read
        org.members[who] = Member(member["id"], "admin")
        by_key = {each["key"]: each["id"] for each in roles}
        org.roles = {key: Role(by_key[key], key, DEFAULTS[key]) for key in DEFAULTS}
        default = Workspace(workspace["id"], is_default=True, roles={who: "admin"})
        org.workspaces[default.id] = default
        self.orgs.append(org)
        return org

    def draw_role(self, org: Organization, who: str, permissions: frozenset[str]) -> None:
        self.made += 1
        code = making_role(org, who, permissions)
        body = {"name": f"Role {self.made}", "permissions": sorted(permissions)}
        made = self.step(code, who, "POST", f"{org.path}/roles", 201, json=body)
        if not code:
            org.roles[made["key"]] = Role(made["id"], made["key"], permissions)

    def offer(
        self, org: Organization, who: str, page: str, role: str, there: dict[str, str]
    ) -> None:
        code = inviting(org, who, page, role, there)
        grants = [{"workspace_id": each, "role": given} for each, given in there.items()]
        email = self.players[page].actor.email
        body = {"email": email, "role": role, "workspaces": grants}
        answer = self.step(code, who, "POST", f"{org.path}/members/invite", 201, json=body)
        if not code:
            offer = Invitation(answer["id"], page, role, there, who)
            org.make_room(offer)
            org.invitations[offer.id] = offer

    def take(self, org: Organization, offer: Invitation) -> None:
        """Whom it is for accepts it, among their own."""
        code = accepting(org, offer)
        path = f"/api/v1/me/invitations/{offer.id}/accept"
        self.joined(code, org, offer, self.step(code, offer.person, "POST", path))

    def joined(self, code: str, org: Organization, offer: Invitation, member: Any) -> None:
        """What comes of accepting; a second time they are the same member."""
        if offer.status == "accepted" and not code:
            assert member["id"] == offer.joined_as
        elif not code:
            org.join(offer, member["id"])

    def open_workspace(self, org: Organization, who: str, *, private: bool) -> str:
        code = making_workspace(org, who)
        body = {"name": "Lab", "visibility": "private" if private else "organization"}
        made = self.step(code, who, "POST", f"{org.path}/workspaces", 201, json=body)
        if code:
            return ""
        org.workspaces[made["id"]] = Workspace(made["id"], private=private, roles={who: "admin"})
        return made["id"]

    def put_aside(self, org: Organization, who: str, workspace_id: str) -> None:
        code = putting_aside(org, who, workspace_id, "workspace:update")
        self.step(code, who, "POST", f"{org.path}/workspaces/{workspace_id}/archive")
        if not code:
            org.workspaces[workspace_id].archived = True

    def step(
        self, code: str, who: str, method: str, path: str, status: int = 200, **sent: Any
    ) -> Any:
        """The answer's body; its status and its code must be as foretold."""
        answer = self.world.call(self.players.get(who), method, path, **sent)
        told: Any = answer.json() if answer.content else None
        seen = (answer.status_code, told["code"] if answer.is_error else "")
        foretold = (STATUS[code] if code else status, code)
        assert seen == foretold, f"{who}: {method} {path} {sent}: {seen}, foretold {foretold}"
        self.world.said[code] += 1
        return told

    def org(self, nth: int) -> Organization:
        self.touched = self.orgs[nth % len(self.orgs)]
        return self.touched

    def who(self, org: Organization, nth: int) -> str:
        """Somebody, more often a member than not."""
        members = list(org.members)
        return pick([*NAMES, *members * (30 // len(members))] if members else NAMES, nth)

    def guest(self, org: Organization, nth: int) -> str:
        """Somebody to invite, more often one who is no member."""
        return pick([*NAMES, *[each for each in NAMES if each not in org.members] * 4], nth)

    def key(self, org: Organization, nth: int) -> str:
        """The key of some role."""
        return pick([*org.roles], nth)

    def role_id(self, org: Organization, nth: int) -> str:
        """Some role; it may be gone."""
        return pick([*(each.id for each in org.roles.values()), *org.gone.get("role", [])], nth)

    def member_id(self, org: Organization, nth: int) -> str:
        """Some member; they may be gone."""
        there = [each.id for each in org.members.values()]
        return pick([*there, *org.gone.get("member", [])[-2:]], nth)

    def workspace_id(self, org: Organization, nth: int) -> str:
        """Some workspace; it may be gone."""
        return pick([*org.workspaces, *org.gone.get("workspace", [])[-2:]], nth)

    @invariant()
    def everything_holds(self) -> None:
        """I1 to I8 in SQL, and what was touched lies in the tables as the model has it."""
        self.world.steps += 1
        assert self.world.broken() == []
        assert self.world.told(self.touched.id) == self.touched.told()

    def teardown(self) -> None:
        """Events tell everything (I9); no secret lies open, no row before others (I10, I11)."""
        for org in getattr(self, "orgs", []):
            self.world.must_replay(org.id)
            assert self.world.told(org.id) == org.told()
        assert faults(self.world.admin, [PASSWORD]) == []


def pick(there: Sequence[str], nth: int) -> str:
    """One of them."""
    return there[nth % len(there)]
