"""Offering seats and taking them, as clients do."""

from typing import Any

import httpx2

from tenantry.http.service import Service
from tenantry.kit.ids import Kind, new_id, show
from tests.support.api.signed_in import Tokens
from tests.support.cast import PASSWORD, Player, join, player
from tests.support.mail.mailbox import email_to, token_in
from tests.support.scene import Scene

ACCEPT = "/api/v1/invitations/accept"
SIGN_UP = "/api/v1/auth/sign-up"


async def offer(
    scene: Scene, email: str, *, by: Player | Tokens | None = None, path: str = "", **body: Any
) -> httpx2.Response:
    """The answer to inviting an address: to Acme and by Alice, where no one else is named."""
    return await scene.api.post(
        f"{path or scene.cast.acme_path}/members/invite",
        json={"email": email, **body},
        headers=(by or scene.cast.alice).headers,
    )


async def offered(scene: Scene, email: str, **offering: Any) -> str:
    """The token of an invitation that was made."""
    answer = await offer(scene, email, **offering)
    assert answer.status_code == 201, answer.text
    return token_in(await email_to(scene.mailbox, email, subject="invites you"))


async def accept(scene: Scene, who: Player, token: str) -> httpx2.Response:
    """The answer to somebody's taking the seat."""
    return await scene.api.post(ACCEPT, json={"token": token}, headers=who.headers)


async def sign_up_with(scene: Scene, email: str, token: str, **more: Any) -> httpx2.Response:
    """The answer to signing up by an invitation."""
    body = {"email": email, "password": PASSWORD, "invitation_token": token, **more}
    return await scene.api.post(SIGN_UP, json=body)


async def remove(scene: Scene, member_id: str, *, by: Player | None = None) -> httpx2.Response:
    """The answer to removing a member of Acme: by Alice, where no one else is named."""
    return await scene.api.delete(
        f"{scene.cast.acme_path}/members/{member_id}", headers=(by or scene.cast.alice).headers
    )


async def workspace(
    scene: Scene, *, by: Player | None = None, path: str = "", **body: Any
) -> dict[str, Any]:
    """A new workspace: of Acme and Alice's, where no one else is named."""
    answer = await scene.api.post(
        f"{path or scene.cast.acme_path}/workspaces",
        json=body,
        headers=(by or scene.cast.alice).headers,
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def hired(scene: Scene, service: Service, name: str, role: str) -> Player:
    """Somebody new with a role in Acme."""
    return await join(service, await player(service, name), scene.cast.acme, role)


def add_role(scene: Scene, key: str, permissions: list[str]) -> str:
    """A role of Acme's own, which no call makes yet; its id."""
    role_id = new_id()
    scene.admin.execute(
        """
        insert into roles (org_id, id, key, name, permissions, created_at, updated_at)
        select %s, %s, %s, initcap(%s), %s, now(), now()
        """,
        [scene.cast.acme.organization.id, role_id, key, key, permissions],
    )
    return show(Kind.ROLE, role_id)
