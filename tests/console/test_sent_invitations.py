"""The invitations of an organization: seen, sent again, withdrawn."""

import pytest

from tests.console.conftest import SignedIn
from tests.console.visitor import Visitor
from tests.support.cast import Cast
from tests.support.mail.mailbox import email_to, token_in
from tests.support.scene import Scene, new_address


@pytest.fixture
def base(cast: Cast) -> str:
    return f"/organizations/{cast.acme.organization.slug}/people"


@pytest.fixture
async def alice(sign_in: SignedIn, cast: Cast) -> Visitor:
    return await sign_in(cast.alice)


async def invited(scene: Scene, email: str) -> str:
    """The id of a new invitation."""
    body = {"email": email, "role": "developer"}
    path, headers = f"{scene.cast.acme_path}/members/invite", scene.cast.alice.headers
    made = await scene.api.post(path, json=body, headers=headers)
    assert made.status_code == 201, made.text
    return made.json()["id"]


async def test_invitations_are_narrowed_down_by_how_they_stand(
    alice: Visitor, scene: Scene, base: str
) -> None:
    open_one, declined = new_address(), new_address()
    await scene.invited(open_one)
    await scene.invited(declined)
    scene.change_invitation(declined, "status = 'declined'")
    for status, shown in (
        ("", {open_one, declined}),
        ("pending", {open_one}),
        ("declined", {declined}),
        ("no-such-status", {open_one, declined}),
    ):
        text = (await alice.client.get(f"{base}/invitations?status={status}")).text
        assert {each for each in (open_one, declined) if each in text} == shown
    none = await alice.client.get(f"{base}/invitations?status=revoked")
    assert "No invitations" in none.text


async def test_an_invitation_is_sent_again_after_a_question(
    alice: Visitor, scene: Scene, base: str
) -> None:
    email = new_address()
    path = f"{base}/invitations/{await invited(scene, email)}"
    first = token_in(await email_to(scene.mailbox, email, subject="invites you"))
    asked = await alice.client.get(f"{path}/resend")
    assert f"Resend the invitation to {email}?" in asked.text
    done = await alice.send(f"{path}/resend")
    assert (done.status_code, done.headers["location"]) == (303, path)
    assert "Invitation resent to" in (await alice.client.get(path)).text
    second = token_in(await email_to(scene.mailbox, email, subject="Reminder"))
    assert first != second


async def test_an_invitation_is_withdrawn_once(alice: Visitor, scene: Scene, base: str) -> None:
    email = new_address()
    path = f"{base}/invitations/{await invited(scene, email)}"
    asked = await alice.client.get(f"{path}/revoke")
    assert f"Revoke the invitation to {email}?" in asked.text
    assert scene.answers_to(email) == ["pending"]
    done = await alice.send(f"{path}/revoke")
    assert (done.status_code, done.headers["location"]) == (303, base)
    assert scene.answers_to(email) == ["revoked"]
    text = (await alice.client.get(path)).text
    assert "/revoke" not in text
    assert "/resend" not in text
    again = await alice.send(f"{path}/revoke")
    assert again.status_code == 410
    assert "This invitation can no longer be accepted." in again.text


async def test_a_viewer_who_forges_it_changes_nothing(
    sign_in: SignedIn, scene: Scene, base: str
) -> None:
    email = new_address()
    path = f"{base}/invitations/{await invited(scene, email)}"
    vera = await sign_in(scene.cast.vera)
    for each in ("resend", "revoke"):
        assert (await vera.send(f"{path}/{each}")).status_code == 403
    assert (await vera.client.get(path)).status_code == 403
    assert scene.answers_to(email) == ["pending"]
