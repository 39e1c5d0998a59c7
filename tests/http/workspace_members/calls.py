"""Roles in workspaces of Acme, given and taken as somebody does it."""

from typing import Any

import httpx2

from tests.support.cast import Cast, Player

Workspace = dict[str, Any]


def members_of(cast: Cast, workspace: Workspace) -> str:
    """Where the members of a workspace are."""
    return f"{cast.acme_path}/workspaces/{workspace['id']}/members"


async def put(
    api: httpx2.AsyncClient,
    cast: Cast,
    workspace: Workspace,
    who: Player,
    role: Any,
    by: Player | None = None,
) -> httpx2.Response:
    """The answer to Alice, or to somebody else, who gives a member a role in a workspace."""
    path = f"{members_of(cast, workspace)}/{who.member_id}"
    return await api.put(path, json={"role": role}, headers=(by or cast.alice).headers)


async def take(
    api: httpx2.AsyncClient,
    cast: Cast,
    workspace: Workspace,
    who: Player,
    by: Player | None = None,
) -> httpx2.Response:
    """The answer to Alice, or to somebody else, who takes a member's role in a workspace."""
    path = f"{members_of(cast, workspace)}/{who.member_id}"
    return await api.delete(path, headers=(by or cast.alice).headers)
