"""What happens to roles and workspaces."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.contracts.machine import foretelling, places
from tests.contracts.machine.model import DEVELOPS, EVERYTHING, READS
from tests.contracts.machine.steps import GUIDES, NTH, WHERE, Steps

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


class Structures(Steps):
    """Made, changed, put aside and ended; and who has which role where."""

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
        self.open_workspace(org, who, private=private)

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
        self.put_aside(org, who, self.workspace_id(org, which))

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
