"""Workspaces of Acme, made as somebody makes them; and who holds a role there."""

from typing import Any
from uuid import UUID

import httpx2

from tenantry.kit.ids import Kind, parse
from tests.support.cast import Cast, Player
from tests.support.scene import Scene

_GRANT = """
    insert into workspace_memberships (org_id, workspace_id, membership_id, role_id, created_at)
    select org_id, %(workspace)s, %(member)s, id, now() from roles
     where org_id = %(org)s and key = %(role)s
"""


async def create(
    api: httpx2.AsyncClient, cast: Cast, who: Player | None = None, **body: Any
) -> httpx2.Response:
    """The answer to Alice, or to somebody else, who makes a workspace."""
    sent = {"name": "Lab", **body}
    return await api.post(
        f"{cast.acme_path}/workspaces", json=sent, headers=(who or cast.alice).headers
    )


async def made(
    api: httpx2.AsyncClient, cast: Cast, who: Player | None = None, **body: Any
) -> dict[str, Any]:
    """The workspace that was made."""
    answer = await create(api, cast, who, **body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def path(cast: Cast, workspace: dict[str, Any]) -> str:
    """Where it is."""
    return f"{cast.acme_path}/workspaces/{workspace['id']}"


def grant(scene: Scene, workspace: dict[str, Any], who: Player, role: str) -> None:
    """Give somebody a role in a workspace: no call brings that about yet."""
    assert who.membership is not None
    scene.admin.execute(
        _GRANT,
        {
            "workspace": parse(Kind.WORKSPACE, workspace["id"]),
            "member": who.membership.id,
            "org": scene.cast.acme.organization.id,
            "role": role,
        },
    )


def narrow(scene: Scene, who: Player, *permissions: str) -> UUID:
    """Give somebody a role in Acme that has these permissions alone; its id."""
    assert who.membership is not None
    org_id = scene.cast.acme.organization.id
    (role_id,) = scene.admin.execute(
        """
        insert into roles (org_id, id, key, name, permissions, created_at, updated_at)
        values (%s, gen_random_uuid(), 'narrow', 'Narrow', %s, now(), now()) returning id
        """,
        [org_id, list(permissions)],
    ).fetchall()[0]
    scene.admin.execute(
        "update memberships set role_id = %s where org_id = %s and id = %s",
        [role_id, org_id, who.membership.id],
    )
    return role_id
