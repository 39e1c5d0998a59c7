"""Visibility of workspaces: one rule for all statements that read for a person or a key."""

from typing import Any, Generic, overload
from uuid import UUID

from tenantry.authz.authority import Viewer
from tenantry.kit.page import PageRequest
from tenantry.postgres.keyset import Keyset
from tenantry.postgres.statement import BoundStatement, R, Statement

VIEWER = "(viewer)"
"""In a `ViewerStatement`: at most one row (org_id, membership_id, role_key) about the viewer.

A key has no membership, and a role_key only if it has the Admin role.
"""

JOIN_VIEWER = f"left join {VIEWER} viewer on viewer.org_id = $1"


def visible_where(has_role: str) -> str:
    """SQL for whether the viewer sees the workspace `w`; `has_role`: if they have a role in it."""
    return f"directory.sees_workspace(w.visibility, viewer.role_key, {has_role})"


VISIBLE = visible_where("""
    exists (select from workspace_memberships own
             where own.org_id = w.org_id and own.workspace_id = w.id
               and own.membership_id = viewer.membership_id)
""")
"""Whether the viewer, joined by `JOIN_VIEWER`, sees the workspace `w`."""

_PERSON = """
    (select m.org_id, m.id as membership_id, r.key as role_key
       from memberships m join roles r on r.org_id = m.org_id and r.id = m.role_id
      where m.org_id = $1 and m.user_id = $2)
"""
# A key has no role in a workspace. A key that is limited to a workspace sees no list.
_KEY = """
    (select k.org_id, null::uuid as membership_id,
            directory.key_viewer_role(r.key, o.key) as role_key
       from api_key_secrets s
       join api_keys k on k.org_id = s.org_id and k.id = s.key_id and k.workspace_id is null
       left join service_accounts a on a.org_id = k.org_id and a.id = k.service_account_id
       join roles r on r.org_id = k.org_id and r.id = coalesce(a.role_id, k.role_id)
       left join (memberships m join roles o on o.org_id = m.org_id and o.id = m.role_id)
         on m.org_id = k.org_id and m.id = k.membership_id
      where s.digest = $2 and k.org_id = $1 and a.workspace_id is null)
"""


class ViewerStatement(Generic[R]):
    """A statement whose first parameters are the organization and the viewer.

    It exists once for persons and once for keys, so that each gets its own query plan.
    """

    @overload
    def __init__(self: "ViewerStatement[tuple[Any, ...]]", sql: str) -> None: ...
    @overload
    def __init__(self, sql: str, row_type: type[R]) -> None: ...
    def __init__(self, sql: str, row_type: type[Any] = tuple) -> None:
        self.for_person = Statement(sql.replace(VIEWER, _PERSON), row_type)
        self.for_key = Statement(sql.replace(VIEWER, _KEY), row_type)

    def __call__(self, org_id: UUID, viewer: Viewer, *parameters: Any) -> BoundStatement[R]:
        statement = self.for_person if isinstance(viewer, UUID) else self.for_key
        return statement(org_id, viewer, *parameters)


class ViewerKeyset(Generic[R]):
    """A `ViewerStatement` for a list."""

    def __init__(
        self, sql: str, key: str, row_type: type[R], *, within: tuple[str, str] | None = None
    ) -> None:
        """The parameters are those of `Keyset`."""
        self.for_person = Keyset(sql.replace(VIEWER, _PERSON), key, row_type, within=within)
        self.for_key = Keyset(sql.replace(VIEWER, _KEY), key, row_type, within=within)

    def __call__(
        self, page: PageRequest, org_id: UUID, viewer: Viewer, *parameters: Any
    ) -> BoundStatement[R]:
        keyset = self.for_person if isinstance(viewer, UUID) else self.for_key
        return keyset(page, org_id, viewer, *parameters)
