"""An address that has an account already: who is let in by it, and who is not."""

from typing import Any

import httpx2
import psycopg
import pytest

from tenantry.http.service import Service
from tests.http.responses import told
from tests.support.cast import PASSWORD, player
from tests.support.database.lock_waits import count
from tests.support.issuer import FakeIssuer, an_hour_passes, bearer
from tests.support.scene import GOOD_PASSWORD, Scene, new_address

ME = "/api/v1/me"
Admin = psycopg.Connection[Any]


@pytest.mark.usefixtures("unbroken")
async def test_a_proven_account_is_linked_by_an_address_that_is_proven_too(
    linking: httpx2.AsyncClient, fake: FakeIssuer, service: Service
) -> None:
    quinn = await player(service, "Quinn")
    headers = bearer(fake.token(email=quinn.actor.email, name="Somebody"))

    answer = await linking.get(ME, headers=headers)

    assert answer.status_code == 200, answer.text
    assert (answer.json()["id"], answer.json()["name"]) == (quinn.id, "Quinn")
    assert (await linking.get(ME, headers=headers)).json()["id"] == quinn.id
    assert (await linking.get(ME, headers=quinn.headers)).status_code == 200


@pytest.mark.parametrize("said", [False, "true", 1, None])
async def test_an_address_that_the_issuer_does_not_vouch_for_opens_no_account(
    linking: httpx2.AsyncClient, fake: FakeIssuer, service: Service, said: Any
) -> None:
    quinn = await player(service, "Quinn")
    token = fake.token(email=quinn.actor.email, email_verified=said)
    assert told(await linking.get(ME, headers=bearer(token))) == (409, "account_exists")


async def test_without_the_setting_no_account_is_linked(
    trusting: httpx2.AsyncClient, fake: FakeIssuer, service: Service, admin: Admin
) -> None:
    quinn = await player(service, "Quinn")
    headers = bearer(fake.token(email=quinn.actor.email))
    for call in ("GET", "GET"):
        answer = await trusting.request(call, ME, headers=headers)
        assert told(answer) == (409, "account_exists")
    linked = "select count(*) from identities where user_id = %s"
    assert count(admin, linked, quinn.actor.id) == 0


async def test_what_a_squatter_signed_up_with_is_never_linked(
    linking: httpx2.AsyncClient, fake: FakeIssuer, service: Service
) -> None:
    squatter = await player(service, "Squatter", verified=False)
    token = fake.token(email=squatter.actor.email)

    answer = await linking.get(ME, headers=bearer(token))

    assert told(answer) == (409, "account_unverified")
    assert (await linking.get(ME, headers=squatter.headers)).status_code == 200


async def test_a_subject_that_is_known_stays_who_it_is_whatever_address_it_brings(
    linking: httpx2.AsyncClient, fake: FakeIssuer, service: Service
) -> None:
    quinn = await player(service, "Quinn")
    first = await linking.get(ME, headers=bearer(fake.token(sub="mallory")))
    other = fake.token(sub="mallory", email=quinn.actor.email)
    again = await linking.get(ME, headers=bearer(other))
    assert again.json()["id"] == first.json()["id"] != quinn.id


async def test_two_subjects_may_be_one_person(
    linking: httpx2.AsyncClient, fake: FakeIssuer
) -> None:
    email = new_address()
    one, two = [
        await linking.get(ME, headers=bearer(fake.token(sub=f"{n} {email}", email=email)))
        for n in range(2)
    ]
    assert one.json()["id"] == two.json()["id"]


async def test_whoever_first_proves_an_address_puts_out_the_subject_that_squatted_on_it(
    trusting: httpx2.AsyncClient, fake: FakeIssuer, scene: Scene, admin: Admin
) -> None:
    """Fails with 200 for the next token once `reset_password` ends no identities: tried."""
    email = new_address()
    squatting = fake.token(sub=f"squatter of {email}", email=email, email_verified=False)
    opened = await trusting.get(ME, headers=bearer(squatting))
    assert opened.status_code == 200

    reset = {"token": await scene.forgot_password(email), "password": GOOD_PASSWORD}
    answer = await scene.api.post("/api/v1/auth/password/reset", json=reset)

    assert answer.status_code == 204
    assert told(await trusting.get(ME, headers=bearer(squatting))) == (401, "invalid_token")
    fresh = fake.token(sub=f"squatter of {email}", email=email, email_verified=False, jti="2")
    assert told(await trusting.get(ME, headers=bearer(fresh))) == (401, "invalid_token")
    an_hour_passes(admin, f"squatter of {email}")
    assert told(await trusting.get(ME, headers=bearer(fresh))) == (409, "account_exists")
    assert await scene.can_sign_in(email, GOOD_PASSWORD)
    assert not await scene.can_sign_in(email, PASSWORD)
