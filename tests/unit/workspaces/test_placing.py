"""Whether a member may be given a role in a workspace, or lose it."""

import pytest
from hypothesis import given

from tenantry.authz.authority import CannotGrantRole
from tenantry.authz.builtin_permissions import Permission, counting_in_workspace
from tenantry.authz.roles.model import RoleUnknown
from tenantry.kit.ids import Kind, new_id
from tenantry.platform.audit.model import Target
from tenantry.tenancy.workspaces.model import WorkspaceArchived, WorkspaceSeat
from tenantry.tenancy.workspaces.rules import ensure_may_join, ensure_removable
from tests.unit.roles_of import grantor_of, permissions, role_of


def place(there: frozenset[str] = frozenset(), *, archived: bool = False) -> WorkspaceSeat:
    """Somebody's place in a workspace, with what their role there permits."""
    workspace = Target(Kind.WORKSPACE, new_id(), "Lab")
    return WorkspaceSeat(workspace, archived, new_id(), "vera@example.com", "Vera", None, there)


@given(permissions, permissions, permissions)
def test_only_what_counts_there_is_compared(
    own: frozenset[str], there: frozenset[str], given: frozenset[str]
) -> None:
    if set(counting_in_workspace(there | given)) <= own:
        assert ensure_may_join(grantor_of(own), place(there), role_of(given))
        return
    with pytest.raises(CannotGrantRole):
        ensure_may_join(grantor_of(own), place(there), role_of(given))


def test_what_a_product_names_itself_counts_in_a_workspace() -> None:
    assert counting_in_workspace(["invoice:read", Permission.EVENT_READ.value]) == ["invoice:read"]


def test_what_is_refused_is_told_in_its_order() -> None:
    full = place(frozenset(["workspace:update"]), archived=True)
    with pytest.raises(CannotGrantRole):
        ensure_may_join(grantor_of([]), full, None)
    with pytest.raises(RoleUnknown):
        ensure_may_join(grantor_of(["workspace:update"]), full, None)
    with pytest.raises(CannotGrantRole):
        ensure_may_join(grantor_of([]), place(archived=True), role_of(["workspace:update"]))


def test_in_an_archived_one_nothing_changes() -> None:
    everything = grantor_of([each.value for each in Permission])
    with pytest.raises(WorkspaceArchived):
        ensure_may_join(everything, place(archived=True), role_of([]))
    with pytest.raises(WorkspaceArchived):
        ensure_removable(everything, place(archived=True))
