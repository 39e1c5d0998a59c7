"""Shapes of calls about access: written from openapi.json, by `make openapi`."""

from typing import Literal, NotRequired, TypedDict

from tenantry_client.shapes.shared import MemberUser, RoleRef


class Check(TypedDict):
    """May a user do this in an organization, or in one of its workspaces?"""

    organization_id: str
    workspace_id: NotRequired[str | None]
    user_id: NotRequired[str | None]
    permission: str
    at_least_as_fresh: NotRequired[int | None]


class CheckedMembership(TypedDict):
    """The membership that the answer is based on."""

    id: str
    status: Literal["active", "suspended", "expired"]


class CheckedWorkspace(TypedDict):
    """The workspace of the check, and the user's role in it."""

    id: str
    archived: bool
    role: RoleRef | None


class Explanation(TypedDict):
    """What allows it, or the first thing that is missing, with the facts behind the answer."""

    allowed_by: list[Literal["role", "workspace_role", "key"]]
    missing: (
        Literal[
            "membership", "account", "active_membership", "workspace", "declaration", "permission"
        ]
        | None
    )
    membership: CheckedMembership | None
    role: RoleRef | None
    workspace: CheckedWorkspace | None


class Decision(TypedDict):
    """Whether it is allowed, why, and the organization's revision at that moment."""

    allowed: bool
    explanation: Explanation
    revision: int | None


class Decisions(TypedDict):
    """The answers, in the order of the checks."""

    results: list[Decision]


class MemberWithPermission(TypedDict):
    """A member with the permission, and the roles that give it."""

    id: str
    organization_id: str
    user: MemberUser
    role: RoleRef
    workspace_role: RoleRef | None
    allowed_by: list[Literal["role", "workspace_role"]]
