"""What happens to invitations."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tenantry.kit.ids import Kind
from tests.contracts.machine import foretelling
from tests.contracts.machine.model import Invitation
from tests.contracts.machine.steps import ANYBODY, NTH, WHERE, Steps, pick
from tests.contracts.machine.world import NAMES

# Which email of an invitation: mostly the newest.
EMAIL = st.sampled_from([0, 0, 0, 1])


class Invitations(Steps):
    """Made, withdrawn, sent again, answered by the email or without it, and too old."""

    @rule(nth=WHERE, by=NTH, whom=NTH, role=NTH, there=st.lists(st.tuples(NTH, NTH), max_size=2))
    def invite(self, nth: int, by: int, whom: int, role: int, there: list[tuple[int, int]]) -> None:
        org = self.org(nth)
        who = self.who(org, by)
        grants = {pick([*org.workspaces], each): self.key(org, given) for each, given in there}
        self.offer(org, who, self.guest(org, whom), self.key(org, role), grants)

    def _offer(self, nth: int, which: int) -> Invitation | None:
        """An invitation of an organization: an open one, where it is not one of the last.

        And more often one that cannot be accepted for all that: what was right when it was offered
        is no longer so.
        """
        org = self.org(nth)
        unlike = [each for each in org.open if foretelling.accepting(org, each)]
        there = [*org.open, *unlike * 2] if which % 8 else [*org.invitations.values()][-4:]
        return there[which // 8 % len(there)] if there else None

    @rule(nth=WHERE, by=NTH, which=NTH)
    def resend(self, nth: int, by: int, which: int) -> None:
        offer = self._offer(nth, which)
        if offer is not None:
            who = self.who(self.touched, by)
            code = foretelling.resending(self.touched, who, offer)
            path = f"{self.touched.path}/invitations/{offer.id}/resend"
            self.step(code, who, "POST", path)
            if not code:
                self.touched.renew(offer, who)

    @rule(nth=WHERE, by=NTH, which=NTH)
    def revoke(self, nth: int, by: int, which: int) -> None:
        offer = self._offer(nth, which)
        if offer is not None:
            who = self.who(self.touched, by)
            code = foretelling.revocation(self.touched, who, offer)
            path = f"{self.touched.path}/invitations/{offer.id}"
            self.step(code, who, "DELETE", path, 204)
            offer.status = offer.status if code else "revoked"

    @rule(nth=WHERE, which=NTH)
    def accept(self, nth: int, which: int) -> None:
        offer = self._offer(nth, which)
        if offer is not None and offer.person:
            self.take(self.touched, offer)

    @rule(nth=WHERE, which=NTH, who=ANYBODY)
    def take_anothers(self, nth: int, which: int, who: str) -> None:
        offer = self._offer(nth, which)
        if offer is not None and offer.person != who:
            self.step("not_found", who, "POST", f"/api/v1/me/invitations/{offer.id}/accept")

    @rule(nth=WHERE, which=NTH)
    def decline(self, nth: int, which: int) -> None:
        offer = self._offer(nth, which)
        if offer is not None and offer.person:
            code = foretelling.declining(self.touched, offer)
            path = f"/api/v1/me/invitations/{offer.id}/decline"
            self.step(code, offer.person, "POST", path, 204)
            offer.status = offer.status if code else "declined"

    @rule(nth=WHERE, which=NTH, who=st.none() | ANYBODY, email=EMAIL)
    def accept_by_email(self, nth: int, which: int, who: str | None, email: int) -> None:
        offer = self._offer(nth, which)
        if offer is not None:
            org, who = self.touched, who or offer.person or NAMES[0]
            token, is_newest = self.world.token(offer.id, email)
            code = foretelling.accepting_by_email(org, offer, who, is_newest=is_newest)
            sent: dict[str, Any] = {"json": {"token": token}}
            member = self.step(code, who, "POST", "/api/v1/invitations/accept", **sent)
            self.joined(code, org, offer, member)

    @rule(nth=WHERE, which=NTH, email=EMAIL, declines=st.booleans())
    def read_email(self, nth: int, which: int, email: int, declines: bool) -> None:
        """Look at what it offers, and decline perhaps: neither needs an account."""
        offer = self._offer(nth, which)
        if offer is not None:
            token, is_newest = self.world.token(offer.id, email)
            code = foretelling.reading(self.touched, is_newest=is_newest)
            shown = code or foretelling.previewing(self.touched, offer)
            code = code or foretelling.declining(self.touched, offer)
            sent: dict[str, Any] = {"json": {"token": token}}
            self.step(shown, "", "POST", "/api/v1/invitations/preview", **sent)
            if declines:
                self.step(code, "", "POST", "/api/v1/invitations/decline", 204, **sent)
                offer.status = offer.status if code else "declined"

    @rule(nth=WHERE, which=NTH)
    def wait_for_no_one(self, nth: int, which: int) -> None:
        """The time of an open invitation is over."""
        there = self.org(nth).open
        if there:
            offer = there[which % len(there)]
            self.world.let_expire(Kind.INVITATION, offer.id)
            offer.over = True
