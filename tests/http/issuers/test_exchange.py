"""Whom a trusted issuer knows gets organization tokens for the issuer's own."""

import httpx2

from tests.http.token_exchange import exchange, exchanged
from tests.support.issuer import FakeIssuer, bearer


async def test_an_issuers_token_is_exchanged_as_ours_are(
    trusting: httpx2.AsyncClient, fake: FakeIssuer
) -> None:
    """Also as the first call of a session, which is opened with it."""
    token = fake.token(sub="sam")
    made = await trusting.post("/api/v1/organizations", json={"name": "X"}, headers=bearer(token))

    said = await exchanged(trusting, fake.token(sub="sam"), made.json()["slug"])

    assert said["org_id"] == made.json()["id"]
    assert said["role"] == "admin"


async def test_an_exchange_that_is_refused_opens_no_account(
    trusting: httpx2.AsyncClient, fake: FakeIssuer
) -> None:
    sam = fake.token(sub="sam.2", email="sam.2@example.com")
    for token, error in (
        (sam, "invalid_target"),
        (fake.token(aud="elsewhere"), "invalid_request"),
        (fake.token(email=None), "invalid_request"),
    ):
        answer = await exchange(trusting, token, "nobody-has-this")
        assert (answer.status_code, answer.json()["error"]) == (400, error)

    signed_up = await trusting.post(
        "/api/v1/auth/sign-up",
        json={"email": "sam.2@example.com", "password": "correct horse battery staple"},
    )
    assert signed_up.status_code == 201
