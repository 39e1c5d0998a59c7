"""The machine: organizations, members, roles, workspaces and invitations, in any order."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.contracts.machine import foretelling
from tests.contracts.machine.invitations import Invitations
from tests.contracts.machine.people import People
from tests.contracts.machine.steps import ANYBODY, NTH, WHERE
from tests.contracts.machine.structures import Structures


class Machine(Invitations, People, Structures):
    """One rule for each thing that people do."""

    @rule(who=ANYBODY, sure=st.integers(0, 9))
    @precondition(lambda self: len(self.orgs) < 10)
    def found_another(self, who: str, sure: int) -> None:
        if sure == 7:  # more of them are soon as many as there may be
            self.found(who)

    @rule(nth=WHERE, by=NTH)
    def rename(self, nth: int, by: int) -> None:
        org = self.org(nth)
        who = self.who(org, by)
        self.made += 1
        code = foretelling.entering(org, who, "organization:update")
        self.step(code, who, "PATCH", org.path, json={"name": f"Acme {self.made}"})

    @rule(nth=WHERE, by=NTH, sure=st.integers(0, 19))
    def delete(self, nth: int, by: int, sure: int) -> None:
        org = self.org(nth)
        who = self.who(org, by)
        code = foretelling.deleting(org, who)
        if code or sure == 13:  # a deleted one answers little: it shall not be so all the time
            self.step(code, who, "DELETE", org.path, 204)
            org.is_deleted = org.is_deleted or not code

    @rule(nth=WHERE, by=NTH)
    def restore(self, nth: int, by: int) -> None:
        org = self.org(nth)
        who = self.who(org, by)
        code = foretelling.restoring(org, who)
        self.step(code, who, "POST", f"{org.path}/restore")
        org.is_deleted = org.is_deleted and bool(code)
