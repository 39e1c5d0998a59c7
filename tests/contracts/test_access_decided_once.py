"""Each notion of access is decided in one place: no other statement spells it out."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "tenantry"

# What spells a notion out, and the one file that does. Two notions that look alike have names of
# their own: an Admin whose membership never ends, and the roles that name a permission.
NOTIONS: dict[str, tuple[str, str]] = {
    "who is signed in": (
        r"ended_at is null\s+and \w*\.?expires_at > now\(\)(?! \+ interval)(?! as live)",
        "schema/functions/active_session.sql",
    ),
    "which service keys are valid": (
        r"\bservice_key_secrets\b[^;]*expires_at > now\(\)",
        "schema/functions/active_service_key.sql",
    ),
    "who sees a workspace": (
        r"visibility\s*((=|<>)|in\s*\()\s*'(organization|private)'(?!, 'private')",
        "schema/functions/sees_workspace.sql",
    ),
    "by which role a key sees workspaces": (
        r"=\s*'admin' (then coalesce|and coalesce)",
        "schema/functions/key_viewer_role.sql",
    ),
    "which memberships count": (
        r"\bstatus\s*=\s*'active'(?! and \w+\.expires_at is null)",
        "schema/functions/active_memberships.sql",
    ),
    "why a membership does not count": (
        r"status\s*(<>\s*'active'|=\s*'suspended')",
        "schema/functions/membership_state.sql",
    ),
    "which Admins are permanent": (
        r"\bstatus\s*=\s*'active' and \w+\.expires_at is null",
        "tenancy/memberships/store.py",
    ),
    "what a role permits": (
        r"any\s*\(\s*(\w+\.permissions|p_held)",
        "schema/functions/permits.sql",
    ),
    "which roles name a permission": (
        r"\bpermissions\s*(@>|&&)",
        "schema/functions/permission_uses.sql",
    ),
    "what counts in a workspace": (
        r"like\s+'workspace:|'workspace:update'",
        "schema/functions/counts_in_workspace.sql",
    ),
}
ELSEWHERE = {
    # The one writer of sessions lists a person's own, and finds one by its refresh token.
    ("who is signed in", "identity/sessions/store.py"),
}


def spelled_out(notion: str, text: str) -> bool:
    return re.search(NOTIONS[notion][0], text) is not None


def sources() -> Iterator[tuple[str, str]]:
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.sql")]):
        yield path.relative_to(SOURCE).as_posix(), path.read_text()


@pytest.mark.parametrize("notion", NOTIONS)
def test_each_notion_of_access_is_decided_in_one_place(notion: str) -> None:
    found = {name for name, text in sources() if spelled_out(notion, text)}
    assert found - {path for each, path in ELSEWHERE if each == notion} == {NOTIONS[notion][1]}


PLANTED = {
    "who is signed in": "where s.id = $1 and s.ended_at is null and s.expires_at > now()",
    "which service keys are valid": "from service_key_secrets s where s.expires_at > now()",
    "by which role a key sees workspaces": "r.key = 'admin' and coalesce(o.key, r.key) = 'admin'",
    "why a membership does not count": "case when m.status <> 'active' then 'suspended' end",
    "which Admins are permanent": "m.status = 'active' and m.expires_at is null",
    "which roles name a permission": "where r.permissions @> array[$1]",
    "who sees a workspace": "and (w.visibility = 'organization' or r.key = 'admin')",
    "which memberships count": "where m.org_id = $1 and m.status = 'active'",
    "what a role permits": "case when p_permission = any (r.permissions) then true end",
    "what counts in a workspace": "p_permission like 'workspace:%'",
}


@pytest.mark.parametrize("notion", NOTIONS)
def test_a_statement_that_decides_by_itself_is_found(notion: str) -> None:
    assert spelled_out(notion, PLANTED[notion])
