"""What becomes of invitations after they were made, as clients bring it about."""

from typing import Any

import httpx2

from tenantry.kit.ids import Kind, show
from tests.support.cast import Player
from tests.support.mail.email_tokens import next_token
from tests.support.scene import Scene

DECLINE = "/api/v1/invitations/decline"
MINE = "/api/v1/me/invitations"


def path_of(scene: Scene, email: str) -> str:
    """The path of the newest invitation to Acme that went to an address."""
    return f"{scene.cast.acme_path}/invitations/{invitation_id(scene, email)}"


def invitation_id(scene: Scene, email: str) -> str:
    """The id of the same."""
    row = scene.admin.execute(
        "select id from invitations where org_id = %s and email = %s order by id desc limit 1",
        [scene.cast.acme.organization.id, email],
    ).fetchone()
    assert row is not None
    return show(Kind.INVITATION, row[0])


async def seen(scene: Scene, email: str, *, by: Player | None = None) -> dict[str, Any]:
    """The newest invitation that went to an address: as Alice sees it, where no one is named."""
    headers = (by or scene.cast.alice).headers
    answer = await scene.api.get(path_of(scene, email), headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def revoke(
    scene: Scene, email: str, *, by: Player | None = None, if_match: str = ""
) -> httpx2.Response:
    """The answer to revoking it: by Alice, where no one else is named."""
    who = (by or scene.cast.alice).headers
    headers = who | ({"If-Match": if_match} if if_match else {})
    return await scene.api.delete(path_of(scene, email), headers=headers)


async def resend(scene: Scene, email: str, *, by: Player | None = None) -> httpx2.Response:
    """The answer to sending it again: by Alice, where no one else is named."""
    headers = (by or scene.cast.alice).headers
    return await scene.api.post(f"{path_of(scene, email)}/resend", headers=headers)


async def resent(scene: Scene, email: str, *, after: str, by: Player | None = None) -> str:
    """The token of the reminder, after the email with another token."""
    answer = await resend(scene, email, by=by)
    assert answer.status_code == 200, answer.text
    return await next_token(scene.mailbox, email, subject="Reminder", after=after)


async def decline(scene: Scene, token: str) -> httpx2.Response:
    """The answer to declining by the email."""
    return await scene.api.post(DECLINE, json={"token": token})


async def batch(
    scene: Scene, *items: Any, by: Player | None = None, key: str = ""
) -> httpx2.Response:
    """The answer to inviting several at once: by Alice, where no one else is named."""
    return await scene.api.post(
        f"{scene.cast.acme_path}/invitations/batch",
        json={"invitations": list(items)},
        headers=(by or scene.cast.alice).headers | ({"Idempotency-Key": key} if key else {}),
    )


def told(answer: httpx2.Response) -> tuple[int, str | None]:
    """Status and code."""
    return answer.status_code, answer.json().get("code") if answer.content else None
