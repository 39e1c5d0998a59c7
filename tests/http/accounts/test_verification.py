"""Proving an address by the email that was sent to it."""

from tests.support.cast import PASSWORD
from tests.support.database.lock_waits import count
from tests.support.mail.email_tokens import next_token
from tests.support.mail.mailbox import email_to, token_in
from tests.support.scene import GOOD_PASSWORD, Scene, new_address

VERIFY = "/api/v1/auth/verify-email"


async def is_verified(scene: Scene, email: str) -> bool:
    """What the person is told of their own address."""
    tokens = await scene.api.post(
        "/api/v1/auth/token",
        data={"grant_type": "password", "username": email, "password": PASSWORD},
    )
    headers = {"Authorization": f"Bearer {tokens.json()['access_token']}"}
    return (await scene.api.get("/api/v1/me", headers=headers)).json()["email_verified"]


async def test_the_emails_token_proves_the_address(scene: Scene) -> None:
    email = new_address()
    token = await scene.signed_up(email)
    assert not await is_verified(scene, email)

    answer = await scene.api.post(VERIFY, json={"token": token})

    assert answer.status_code == 204
    assert await is_verified(scene, email)


async def test_it_works_once(scene: Scene) -> None:
    token = await scene.signed_up(new_address())
    await scene.api.post(VERIFY, json={"token": token})

    again = await scene.api.post(VERIFY, json={"token": token})

    assert (again.status_code, again.json()["code"]) == (410, "token_spent")


async def test_it_is_no_good_after_its_time(scene: Scene) -> None:
    email = new_address()
    token = await scene.signed_up(email)
    scene.admin.execute("update account_tokens set expires_at = now() where email = %s", [email])

    answer = await scene.api.post(VERIFY, json={"token": token})

    assert (answer.status_code, answer.json()["code"]) == (410, "token_spent")
    assert not await is_verified(scene, email)


async def test_an_unknown_token_is_not_found(scene: Scene) -> None:
    answer = await scene.api.post(VERIFY, json={"token": "A" * 43})

    assert answer.status_code == 404


async def test_a_token_to_reset_a_password_proves_no_address_here(scene: Scene) -> None:
    email = new_address()
    await scene.signed_up(email)
    token = await scene.forgot_password(email)

    answer = await scene.api.post(VERIFY, json={"token": token})

    assert answer.status_code == 404
    assert not await is_verified(scene, email)


async def test_a_token_that_proves_an_address_resets_no_password(scene: Scene) -> None:
    email = new_address()
    token = await scene.signed_up(email)

    answer = await scene.api.post(
        "/api/v1/auth/password/reset", json={"token": token, "password": GOOD_PASSWORD}
    )

    assert answer.status_code == 404
    assert await scene.can_sign_in(email, PASSWORD)


async def test_a_second_email_makes_the_first_worthless(scene: Scene) -> None:
    email = new_address()
    answer = await scene.api.post(
        "/api/v1/auth/sign-up", json={"email": email, "password": PASSWORD}
    )
    first = token_in(await email_to(scene.mailbox, email, subject="Confirm"))
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    resent = await scene.api.post(f"{VERIFY}/resend", headers=headers)
    assert resent.status_code == 204
    second = await next_token(scene.mailbox, email, subject="Confirm", after=first)

    assert (await scene.api.post(VERIFY, json={"token": first})).status_code == 410
    assert (await scene.api.post(VERIFY, json={"token": second})).status_code == 204


async def test_who_has_proven_their_address_is_sent_nothing_more(scene: Scene) -> None:
    charlie = scene.cast.charlie

    answer = await scene.api.post(f"{VERIFY}/resend", headers=charlie.headers)

    emails = "select count(*) from account_emails where recipient = %s"
    assert answer.status_code == 204
    assert count(scene.admin, emails, charlie.actor.email) == 0
