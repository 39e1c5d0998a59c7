"""When the guard fetches the issuer's keys, and which of them count."""

import json
from collections.abc import Generator
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from tenantry_client import AsyncVerifier, TokenRefused, Unreachable, Verifier
from tenantry_client.tokens import keys_of
from tests.conftest import AUDIENCE
from tests.issuer import FakeIssuer, running

CLAIMS: dict[str, Any] = {
    "aud": AUDIENCE,
    "sub": "user_1",
    "sid": "ses_1",
    "org_id": "org_1",
    "role": "admin",
    "permissions": ["invoice:read"],
    "jti": "1",
}


class Clock:
    """Time that passes when a test says so."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def issuer() -> Generator[FakeIssuer]:
    with running() as issuer:
        publish(issuer)
        yield issuer


def publish(at: FakeIssuer, /, **members: Any) -> None:
    """One document says both where the keys are and which they are."""
    said = {"issuer": at.url, "jwks_uri": f"{at.url}/jwks.json"}
    at.body = json.dumps({**said, **json.loads(at.key_set()), **members}).encode()


def token(issuer: FakeIssuer) -> str:
    """A token by the issuer's newest key."""
    return issuer.token(**CLAIMS)


def test_keys_are_fetched_once_and_an_unknown_one_once_a_minute(issuer: FakeIssuer) -> None:
    clock = Clock()
    verifier = Verifier(issuer.url, audience=AUDIENCE, clock=clock)
    for _ in range(3):
        assert verifier.verify(token(issuer)).role == "admin"
    assert issuer.looks == 2  # discovery, and keys

    clock.now += 59
    issuer.rotate()
    publish(issuer)
    for _ in range(3):
        with pytest.raises(TokenRefused):
            verifier.verify(token(issuer))
    assert issuer.looks == 2
    clock.now += 1
    verifier.verify(token(issuer))
    assert issuer.looks == 4
    verifier.close()


async def test_a_key_that_was_withdrawn_stops_counting_in_ten_minutes(issuer: FakeIssuer) -> None:
    clock = Clock()
    verifier = AsyncVerifier(issuer.url, audience=AUDIENCE, clock=clock)
    old = token(issuer)
    await verifier.verify(old)
    issuer.published = [issuer.rotate()]
    publish(issuer)

    clock.now += 599
    await verifier.verify(old)
    clock.now += 1
    with pytest.raises(TokenRefused):
        await verifier.verify(old)
    await verifier.verify(token(issuer))
    await verifier.close()


def test_while_the_issuer_is_away_what_is_known_goes_on(issuer: FakeIssuer) -> None:
    clock = Clock()
    verifier = Verifier(issuer.url, audience=AUDIENCE, clock=clock)
    verifier.verify(token(issuer))
    issuer.status = 500
    clock.now += 3600
    verifier.verify(token(issuer))
    verifier.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "https://elsewhere.test"},
        {"jwks_uri": "http://elsewhere.test/jwks.json"},
        {"jwks_uri": None},
        {"keys": None},
        {"keys": []},
    ],
    ids=str,
)
def test_what_discovery_must_not_say_is_not_believed(
    issuer: FakeIssuer, wrong: dict[str, Any]
) -> None:
    publish(issuer, **wrong)
    verifier = Verifier(issuer.url, audience=AUDIENCE)
    with pytest.raises(Unreachable):
        verifier.verify(token(issuer))
    verifier.close()


@pytest.mark.filterwarnings("ignore:Key size should be")
def test_only_what_verifies_our_signatures_is_a_key() -> None:
    good, rsa = ECKey.generate_key("P-256"), RSAKey.generate_key(2048)
    small, other = RSAKey.generate_key(1024), ECKey.generate_key("P-384")

    def entry(key: Any, **members: Any) -> dict[str, Any]:
        return {**key.as_dict(private=False), "kid": key.thumbprint(), **members}

    found = keys_of(
        {
            "keys": [
                entry(good),
                entry(rsa, alg="RS256", use="sig"),
                entry(small),
                entry(other),
                entry(ECKey.generate_key("P-256"), use="enc"),
                entry(ECKey.generate_key("P-256"), alg="ES384"),
                entry(ECKey.generate_key("P-256"), kid=None),
                entry(ECKey.generate_key("P-256"), kid="twice"),
                entry(ECKey.generate_key("P-256"), kid="twice"),
                {"kty": "oct", "k": "AAAA", "kid": OctKey.generate_key(256).thumbprint()},
                {"kty": "EC", "crv": "P-256", "x": "!", "y": "!", "kid": "broken"},
                "nonsense",
            ]
        }
    )
    assert found.keys() == {good.thumbprint(), rsa.thumbprint()}


@pytest.mark.parametrize(
    "claims",
    [{name: None} for name in ("sid", "org_id", "role", "permissions", "jti")]
    + [{"permissions": "invoice:read"}, {"permissions": [7]}, {"workspace_id": 7}, {"exp": True}],
    ids=str,
)
def test_what_is_no_organization_token_is_refused_though_truly_signed(
    issuer: FakeIssuer, claims: dict[str, Any]
) -> None:
    verifier = Verifier(issuer.url, audience=AUDIENCE)
    with pytest.raises(TokenRefused):
        verifier.verify(issuer.token(**{**CLAIMS, **claims}))
    verifier.close()
