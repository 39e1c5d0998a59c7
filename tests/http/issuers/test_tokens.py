"""Tokens of issuers beside our own: each is held against whom it says to be from."""

import asyncio
import json
import time
from dataclasses import replace

import httpx2
import pytest

from tenantry.credentials.tokens.issuers import TrustedIssuer
from tenantry.http.service import Service
from tests.authz.token_forge import changed, opened, signed
from tests.conftest import BASE_URL, ClientOf
from tests.http.responses import told
from tests.support.cast import Cast
from tests.support.issuer import AUDIENCE, FakeIssuer, bearer, running

ME = "/api/v1/me"


async def test_a_key_of_ours_signs_nothing_for_an_issuer(
    trusting: httpx2.AsyncClient, fake: FakeIssuer, service: Service
) -> None:
    theirs = opened(fake.token(), 1)
    forged = changed(service.tokens, header={}, payload=theirs)
    assert told(await trusting.get(ME, headers=bearer(forged))) == (401, "invalid_token")


async def test_a_key_of_an_issuer_signs_nothing_for_us(
    trusting: httpx2.AsyncClient, fake: FakeIssuer, service: Service, cast: Cast
) -> None:
    alice = cast.alice.token
    ours, kid = json.dumps(opened(alice, 1)).encode(), service.tokens.keys.signing_kid
    for header in ({"kid": kid}, {"kid": fake.key.thumbprint()}):
        forged = signed({"alg": "ES256", "typ": "at+jwt", **header}, ours, fake.key)
        assert told(await trusting.get(ME, headers=bearer(forged))) == (401, "invalid_token")


async def test_an_issuer_that_calls_itself_by_our_name_is_not_heard(
    client_of: ClientOf, fake: FakeIssuer
) -> None:
    trusted = replace(fake.trusted(), issuer=BASE_URL)
    api = await client_of(trusted_issuers=(trusted,))
    token = fake.token(iss=BASE_URL)
    assert told(await api.get(ME, headers=bearer(token))) == (401, "invalid_token")


async def test_one_issuer_says_nothing_for_another(client_of: ClientOf, fake: FakeIssuer) -> None:
    with running() as other:
        api = await client_of(trusted_issuers=(fake.trusted(), other.trusted()))
        first = await api.get(ME, headers=bearer(fake.token(sub="sam")))
        assert first.status_code == 200
        forged = other.token(sub="sam", iss=fake.url)
        assert told(await api.get(ME, headers=bearer(forged))) == (401, "invalid_token")
        second = await api.get(ME, headers=bearer(other.token(sub="sam")))
        assert second.json()["id"] != first.json()["id"]


async def test_where_no_issuer_is_trusted_none_is_heard(
    api: httpx2.AsyncClient, fake: FakeIssuer
) -> None:
    assert told(await api.get(ME, headers=bearer(fake.token()))) == (401, "invalid_token")
    assert fake.looks == 0


@pytest.mark.parametrize("size", [12 * 1024, 20 * 1024])
async def test_a_token_beyond_all_measure_is_refused_before_it_is_looked_at(
    trusting: httpx2.AsyncClient, fake: FakeIssuer, size: int
) -> None:
    token = fake.token(padding="x" * size)
    assert told(await trusting.get(ME, headers=bearer(token))) == (401, "invalid_token")
    assert fake.looks == 0


async def test_our_own_tokens_go_on_beside(
    trusting: httpx2.AsyncClient, fake: FakeIssuer, cast: Cast
) -> None:
    for _ in range(2):
        assert (await trusting.get(ME, headers=cast.alice.headers)).status_code == 200
    assert fake.looks == 0


async def test_changing_the_issuers_keys_fails_no_request(
    trusting: httpx2.AsyncClient, fake: FakeIssuer
) -> None:
    tokens = [fake.token(sub="rotating")]
    assert (await trusting.get(ME, headers=bearer(tokens[0]))).status_code == 200
    fake.rotate()
    tokens += [fake.token(sub="rotating", jti=str(number)) for number in range(10)]

    answers = await asyncio.gather(*(trusting.get(ME, headers=bearer(each)) for each in tokens))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_an_issuer_that_was_never_reached_is_told_of(
    trusting: httpx2.AsyncClient, fake: FakeIssuer, cast: Cast
) -> None:
    fake.status = 500
    answer = await trusting.get(ME, headers=bearer(fake.token()))
    assert told(answer) == (503, "issuer_unavailable")
    assert answer.headers["retry-after"] == "5"
    assert (await trusting.get(ME, headers=cast.alice.headers)).status_code == 200


async def test_tokens_are_remembered_without_their_issuer(
    trusting: httpx2.AsyncClient, fake: FakeIssuer
) -> None:
    """What is known of a token is not asked again; that its session lives is, on every call."""
    headers = bearer(fake.token(exp=int(time.time()) + 600))
    assert (await trusting.get(ME, headers=headers)).status_code == 200
    looks = fake.looks
    for _ in range(3):
        assert (await trusting.get(ME, headers=headers)).status_code == 200
    assert fake.looks == looks == 1


async def test_a_file_of_keys_needs_no_network(
    client_of: ClientOf, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with running() as fake:
        path = tmp_path_factory.mktemp("keys") / "jwks.json"
        path.write_bytes(fake.key_set())
        trusted = TrustedIssuer(fake.url, AUDIENCE, jwks_file=path)
        api = await client_of(trusted_issuers=(trusted,))
        assert (await api.get(ME, headers=bearer(fake.token()))).status_code == 200
        fake.rotate()
        path.write_bytes(fake.key_set())
        assert (await api.get(ME, headers=bearer(fake.token()))).status_code == 200
        assert fake.looks == 0
