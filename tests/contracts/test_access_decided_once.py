"""Each notion of access is decided in one place: no other statement spells it out."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "tenantry"

# What spells a notion out, and the only files that may. The last Admin is another notion than an
# active membership: one that never ends.
NOTIONS: dict[str, tuple[str, set[str]]] = {
    "who sees a workspace": (
        r"visibility\s*(=|<>|in|is)\s*\(?\s*'(organization|private)'",
        {"schema/functions/sees_workspace.sql", "schema/tables/2_organizations.sql"},
    ),
    "which memberships count": (
        r"\bstatus\s*(=|<>)\s*'(active|suspended)'",
        {
            "schema/functions/active_memberships.sql",
            "schema/functions/membership_state.sql",
            "tenancy/memberships/store.py",
        },
    ),
    "what a role permits": (
        r"any\s*\(\s*\w+\.permissions|\bpermissions\s*(@>|&&)",
        {
            "schema/functions/authorize_key.sql",
            "schema/functions/permission_uses.sql",
            "schema/functions/inviter_can_grant.sql",
        },
    ),
    "what counts in a workspace": (
        r"like\s+'workspace:|'workspace:create'",
        {"schema/functions/counts_in_workspace.sql"},
    ),
}


def spelled_out(notion: str, text: str) -> bool:
    return re.search(NOTIONS[notion][0], text) is not None


def sources() -> Iterator[tuple[str, str]]:
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.sql")]):
        yield path.relative_to(SOURCE).as_posix(), path.read_text()


@pytest.mark.parametrize("notion", NOTIONS)
def test_each_notion_of_access_is_decided_in_one_place(notion: str) -> None:
    allowed = NOTIONS[notion][1]
    found = {name for name, text in sources() if spelled_out(notion, text)}
    assert found - allowed == set()


PLANTED = {
    "who sees a workspace": "and (w.visibility = 'organization' or r.key = 'admin')",
    "which memberships count": "where m.org_id = $1 and m.status = 'active'",
    "what a role permits": "case when p_permission = any (r.permissions) then true end",
    "what counts in a workspace": "p_permission like 'workspace:%'",
}


@pytest.mark.parametrize("notion", NOTIONS)
def test_a_statement_that_decides_by_itself_is_found(notion: str) -> None:
    assert spelled_out(notion, PLANTED[notion])
