"""The machine: organizations, members, roles, workspaces and invitations, in any order."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.promises.machine import foretelling, places
from tests.promises.machine.model import DEVELOPS, EVERYTHING, READS, Invitation, Workspace
from tests.promises.machine.steps import ANYBODY, GUIDES, LATER, NTH, WHERE, Steps, pick

PERMISSIONS = st.sampled_from(
    [
        frozenset[str](),
        GUIDES,
        READS | {"role:manage", "member:invite", "workspace:manage_members"},
        DEVELOPS | {"workspace:delete", "workspace:manage_members"},
        EVERYTHING - {"organization:delete"},
        EVERYTHING,
    ]
)


class Machine(Steps):
    """One rule for each thing that people do."""

    @rule(who=ANYBODY)
    @precondition(lambda self: len(self.orgs) < 8)
    def found_another(self, who: str) -> None:
        self.touched = self.found(who)

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

    @rule(
        nth=WHERE, by=NTH, guest=ANYBODY, role=NTH, there=st.lists(st.tuples(NTH, NTH), max_size=2)
    )
    def invite(
        self, nth: int, by: int, guest: str, role: int, there: list[tuple[int, int]]
    ) -> None:
        org = self.org(nth)
        who = self.who(org, by)
        grants = {pick([*org.workspaces], each): self.key(org, given) for each, given in there}
        self.offer(org, who, guest, self.key(org, role), grants)

    def _offer(self, nth: int, which: int) -> Invitation | None:
        """One of the last invitations of an organization, more often an open one than not."""
        last = [*self.org(nth).invitations.values()][-4:]
        last += [
            each for each in self.org(nth).invitations.values() if each.status == "pending"
        ] * 2
        return last[which % len(last)] if last else None

    @rule(nth=WHERE, by=NTH, which=NTH)
    def resend(self, nth: int, by: int, which: int) -> None:
        offer = self._offer(nth, which)
        if offer is not None:
            who = self.who(self.touched, by)
            code = foretelling.resending(self.touched, who, offer)
            path = f"{self.touched.path}/invitations/{offer.id}/resend"
            self.step(code, who, "POST", path)
            offer.inviter = offer.inviter if code else who

    @rule(nth=WHERE, by=NTH, which=NTH)
    def revoke(self, nth: int, by: int, which: int) -> None:
        offer = self._offer(nth, which)
        if offer is not None:
            who = self.who(self.touched, by)
            code = foretelling.revoking(self.touched, who, offer)
            path = f"{self.touched.path}/invitations/{offer.id}"
            self.step(code, who, "DELETE", path, 204)
            offer.status = offer.status if code else "revoked"

    @rule(nth=WHERE, which=NTH)
    def accept(self, nth: int, which: int) -> None:
        offer = self._offer(nth, which)
        if offer is not None:
            self.take(self.touched, offer)

    @rule(nth=WHERE, which=NTH, who=ANYBODY)
    def take_anothers(self, nth: int, which: int, who: str) -> None:
        offer = self._offer(nth, which)
        if offer is not None and offer.person != who:
            self.step("not_found", who, "POST", f"/api/v1/me/invitations/{offer.id}/accept")

    @rule(nth=WHERE, which=NTH)
    def decline(self, nth: int, which: int) -> None:
        offer = self._offer(nth, which)
        if offer is not None:
            code = foretelling.declining(self.touched, offer)
            path = f"/api/v1/me/invitations/{offer.id}/decline"
            self.step(code, offer.person, "POST", path, 204)
            offer.status = offer.status if code else "declined"

    @rule(nth=WHERE, by=NTH, whom=NTH, role=NTH, active=st.booleans(), lasts=st.booleans())
    def change(self, nth: int, by: int, whom: int, role: int, active: bool, lasts: bool) -> None:
        org = self.org(nth)
        who = self.who(org, by)
        member_id, key = self.member_id(org, whom), self.key(org, role)
        person, status = org.person(member_id), "active" if active else "suspended"
        code = foretelling.changing(org, who, person, key, status, not lasts)
        terms = {"role": key, "status": status, "expires_at": None if lasts else LATER}
        self.step(code, who, "PATCH", f"{org.path}/members/{member_id}", json=terms)
        if not code and person:
            member = org.members[person]
            member.role, member.status, member.expires = key, status, not lasts

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

    @rule(nth=WHERE, by=NTH, permissions=PERMISSIONS)
    def make_role(self, nth: int, by: int, permissions: frozenset[str]) -> None:
        org = self.org(nth)
        self.draw_role(org, self.who(org, by), permissions)

    @rule(nth=WHERE, by=NTH, which=NTH, permissions=PERMISSIONS)
    def change_role(self, nth: int, by: int, which: int, permissions: frozenset[str]) -> None:
        org = self.org(nth)
        who = self.who(org, by)
        role_id = self.role_id(org, which)
        code = places.changing_role(org, who, role_id, permissions)
        path, sent = f"{org.path}/roles/{role_id}", {"permissions": sorted(permissions)}
        self.step(code, who, "PATCH", path, json=sent, headers={"If-Match": "*"})
        role = org.role(role_id)
        if not code and role:
            role.permissions = permissions

    @rule(nth=WHERE, by=NTH, which=NTH, other=st.none() | NTH)
    def delete_role(self, nth: int, by: int, which: int, other: int | None) -> None:
        org = self.org(nth)
        who = self.who(org, by)
        role_id = self.role_id(org, which)
        other_id = None if other is None else self.role_id(org, other)
        code = places.deleting_role(org, who, role_id, other_id)
        query = {} if other_id is None else {"params": {"replace_with": other_id}}
        self.step(code, who, "DELETE", f"{org.path}/roles/{role_id}", 204, **query)
        role, replacement = org.role(role_id), org.role(other_id or "")
        if not code and role:
            org.retire(role.key, replacement.key if replacement else None)

    @rule(nth=WHERE, by=NTH, private=st.booleans())
    def make_workspace(self, nth: int, by: int, private: bool) -> None:
        org = self.org(nth)
        who = self.who(org, by)
        code = foretelling.entering(org, who, "workspace:create")
        body = {"name": "Lab", "visibility": "private" if private else "organization"}
        made = self.step(code, who, "POST", f"{org.path}/workspaces", 201, json=body)
        if not code:
            org.workspaces[made["id"]] = Workspace(
                made["id"], private=private, roles={who: "admin"}
            )

    @rule(nth=WHERE, by=NTH, which=NTH, private=st.booleans())
    def change_workspace(self, nth: int, by: int, which: int, private: bool) -> None:
        org = self.org(nth)
        who = self.who(org, by)
        workspace_id = self.workspace_id(org, which)
        code = places.changing_workspace(org, who, workspace_id, private)
        sent = {"visibility": "private" if private else "organization"}
        self.step(code, who, "PATCH", f"{org.path}/workspaces/{workspace_id}", json=sent)
        if not code:
            org.workspaces[workspace_id].private = private

    @rule(nth=WHERE, by=NTH, which=NTH)
    def archive(self, nth: int, by: int, which: int) -> None:
        org = self.org(nth)
        who = self.who(org, by)
        workspace_id = self.workspace_id(org, which)
        code = places.putting_aside(org, who, workspace_id, "workspace:update")
        self.step(code, who, "POST", f"{org.path}/workspaces/{workspace_id}/archive")
        if not code:
            org.workspaces[workspace_id].archived = True

    @rule(nth=WHERE, by=NTH, which=NTH)
    def unarchive(self, nth: int, by: int, which: int) -> None:
        org = self.org(nth)
        who = self.who(org, by)
        workspace_id = self.workspace_id(org, which)
        code = foretelling.entering_workspace(org, who, workspace_id, "workspace:update")
        self.step(code, who, "POST", f"{org.path}/workspaces/{workspace_id}/unarchive")
        if not code:
            org.workspaces[workspace_id].archived = False

    @rule(nth=WHERE, by=NTH, which=NTH)
    def delete_workspace(self, nth: int, by: int, which: int) -> None:
        org = self.org(nth)
        who = self.who(org, by)
        workspace_id = self.workspace_id(org, which)
        code = places.putting_aside(org, who, workspace_id, "workspace:delete")
        self.step(code, who, "DELETE", f"{org.path}/workspaces/{workspace_id}", 204)
        if not code:
            org.drop_workspace(workspace_id)

    @rule(nth=WHERE, by=NTH, which=NTH, whom=NTH, role=st.none() | NTH)
    def place(self, nth: int, by: int, which: int, whom: int, role: int | None) -> None:
        org = self.org(nth)
        who = self.who(org, by)
        workspace_id, member_id = self.workspace_id(org, which), self.member_id(org, whom)
        key = None if role is None else self.key(org, role)
        code = places.placing(org, who, workspace_id, member_id, key)
        path = f"{org.path}/workspaces/{workspace_id}/members/{member_id}"
        person = org.person(member_id)
        if key is None:
            self.step(code, who, "DELETE", path, 204)
            if not code and person:
                del org.workspaces[workspace_id].roles[person]
            return
        is_new = not code and person not in org.workspaces[workspace_id].roles
        self.step(code, who, "PUT", path, 201 if is_new else 200, json={"role": key})
        if not code and person:
            org.workspaces[workspace_id].roles[person] = key
