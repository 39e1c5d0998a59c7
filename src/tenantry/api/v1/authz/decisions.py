"""Decisions as bytes: written by hand, because one response may have a thousand."""

from collections.abc import Sequence
from typing import Literal

import orjson
from typing_extensions import TypedDict

from tenantry.api.v1.schemas import MembershipIdText, RoleRefView, WorkspaceIdText
from tenantry.authz.decisions.model import ALLOWED_BY, MISSING, Decision
from tenantry.kit.ids import Kind, show_plain

STATUSES = {"suspended": "suspended", "expired": "expired"}


Missing = Literal[
    "membership", "account", "active_membership", "workspace", "declaration", "permission"
]


class CheckedMembershipView(TypedDict):
    """The membership that the answer is based on."""

    id: MembershipIdText
    status: Literal["active", "suspended", "expired"]


class CheckedWorkspaceView(TypedDict):
    """The workspace of the check, and the user's role in it."""

    id: WorkspaceIdText
    archived: bool
    role: RoleRefView | None


class ExplanationView(TypedDict):
    """What allows it, or the first thing that is missing, with the facts behind the answer."""

    allowed_by: list[Literal["role", "workspace_role", "key"]]
    missing: Missing | None
    membership: CheckedMembershipView | None
    role: RoleRefView | None
    workspace: CheckedWorkspaceView | None


class DecisionView(TypedDict):
    """Whether it is allowed, why, and the organization's revision at that moment."""

    allowed: bool
    explanation: ExplanationView
    revision: int | None


class DecisionsView(TypedDict):
    """The answers, in the order of the checks."""

    results: list[DecisionView]


_ALLOWED = {
    outcome: b'{"allowed":true,"explanation":{"allowed_by":'
    + orjson.dumps(by)
    + b',"missing":null,"membership":'
    for outcome, by in ALLOWED_BY.items()
}
_REFUSED = {
    outcome: b'{"allowed":false,"explanation":{"allowed_by":[],"missing":'
    + orjson.dumps(missing)
    + b',"membership":'
    for outcome, missing in MISSING.items()
}
_BEGINNINGS = {**_ALLOWED, **_REFUSED}


class DecisionWriter(dict[tuple[Decision, str | None], bytes]):
    """Decisions as bytes, by decision and requested workspace; repeated ones are written once."""

    def __init__(self) -> None:
        super().__init__()
        self._roles: dict[tuple[str | None, ...], bytes] = {}

    def __missing__(self, key: tuple[Decision, str | None]) -> bytes:
        written = self[key] = self._written(*key)
        return written

    def all(self, decisions: Sequence[Decision], workspace_ids: Sequence[str | None]) -> bytes:
        """The body of the response to a batch."""
        pairs = zip(decisions, workspace_ids, strict=True)
        return b'{"results":[' + b",".join(map(self.__getitem__, pairs)) + b"]}"

    def _written(self, decision: Decision, workspace_id: str | None) -> bytes:
        role = self._role(decision.role_id, decision.role_key, decision.role_name)
        return b"".join(
            [
                _BEGINNINGS[decision.outcome],
                _membership(decision),
                b',"role":',
                role,
                b',"workspace":',
                self._workspace(decision, workspace_id),
                b'},"revision":%d}' % decision.revision
                if decision.revision is not None
                else b'},"revision":null}',
            ]
        )

    def _role(self, *role: str | None) -> bytes:
        known = self._roles.get(role)
        if known is None:
            identity, key, name = role
            shown = identity and {"id": show_plain(Kind.ROLE, identity), "key": key, "name": name}
            known = self._roles[role] = orjson.dumps(shown)
        return known

    def _workspace(self, decision: Decision, workspace_id: str | None) -> bytes:
        if decision.archived is None or workspace_id is None:
            return b"null"
        role = self._role(
            decision.workspace_role_id, decision.workspace_role_key, decision.workspace_role_name
        )
        id = show_plain(Kind.WORKSPACE, workspace_id).encode()
        archived = b"true" if decision.archived else b"false"
        return b'{"id":"%b","archived":%b,"role":%b}' % (id, archived, role)


def _membership(decision: Decision) -> bytes:
    if decision.membership_id is None:
        return b"null"
    id = show_plain(Kind.MEMBERSHIP, decision.membership_id).encode()
    status = STATUSES.get(decision.outcome, "active").encode()
    return b'{"id":"%b","status":"%b"}' % (id, status)
