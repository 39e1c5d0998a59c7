"""What happens to members, and to people themselves."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tenantry.kit.ids import Kind
from tests.contracts.machine import foretelling
from tests.contracts.machine.model import Member
from tests.contracts.machine.steps import ANYBODY, NTH, WHERE, Steps

STATUS = st.sampled_from(["active", "active", "suspended"])
ENDS = st.sampled_from(["never", "never", "later", "passed"])


class People(Steps):
    """On other terms, removed, gone by themselves or for good, and at the end of their time."""

    @rule(nth=WHERE, by=NTH, whom=NTH, role=NTH, status=STATUS, ends=ENDS)
    def change(self, nth: int, by: int, whom: int, role: int, status: str, ends: str) -> None:
        org = self.org(nth)
        who = self.who(org, by)
        member_id, key = self.member_id(org, whom), self.key(org, role)
        person = org.person(member_id)
        code = foretelling.changing(org, who, person, key, status, ends)
        terms = {"role": key, "status": status, "expires_at": self._moment(ends)}
        self.step(code, who, "PATCH", f"{org.path}/members/{member_id}", json=terms)
        if not code and person:
            org.members[person] = Member(member_id, key, status, expires=ends != "never")

    def _moment(self, ends: str) -> str | None:
        """Each time another one, so that it can be found wherever it was written down."""
        self.made += 1
        years = {"later": 2099, "passed": 2001}
        then = datetime(years.get(ends, 1), 1, 1, tzinfo=UTC) + timedelta(seconds=self.made)
        return None if ends == "never" else then.isoformat()

    @rule(nth=WHERE, whom=NTH)
    def let_a_membership_end(self, nth: int, whom: int) -> None:
        """Its time has come."""
        there = [each for each in self.org(nth).members.values() if each.expires and not each.over]
        if there:
            member = there[whom % len(there)]
            self.world.let_expire(Kind.MEMBERSHIP, member.id)
            member.over = True

    @rule(who=ANYBODY, sure=st.integers(0, 4))
    def delete_account(self, who: str, sure: int) -> None:
        """Somebody goes for good, and is somebody new at the same address right afterwards."""
        orphans = foretelling.orphaned(self.orgs, who)
        if not orphans and sure:
            return
        told = self.step("sole_admin" if orphans else "", who, "DELETE", "/api/v1/me", 204)
        if orphans:
            named = {each["id"] for each in told["organizations"]}
            assert named == {org.id for org in orphans}
            return
        (personal,) = [org for org in self.orgs if org.owner == who]
        self.world.tidy()
        assert self.world.told(personal.id) == {}
        self.orgs.remove(personal)
        for org in self.orgs:
            org.outlive(who)
        self.players[who] = self.world.open_account(who, self.players[who].actor.email)
        self.founded[who] = 0
        self.learn_personal(who)
        self.touched = self.orgs[0]

    @rule(nth=WHERE, by=NTH, whom=NTH)
    def remove(self, nth: int, by: int, whom: int) -> None:
        org = self.org(nth)
        who = self.who(org, by)
        member_id = self.member_id(org, whom)
        person = org.person(member_id)
        code = foretelling.removing(org, who, person)
        self.step(code, who, "DELETE", f"{org.path}/members/{member_id}", 204)
        if not code and person:
            org.part_with(person)

    @rule(nth=WHERE, by=NTH)
    def leave(self, nth: int, by: int) -> None:
        org = self.org(nth)
        who = self.who(org, by)
        code = foretelling.leaving(org, who)
        self.step(code, who, "DELETE", f"{org.path}/members/me", 204)
        if not code:
            org.part_with(who)
