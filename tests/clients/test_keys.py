"""When the guard fetches the issuer's keys, and which of them count."""

import json
from collections.abc import Generator
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from tenantry_client import AsyncVerifier, Misconfigured, TokenRefused, Unreachable, Verifier
from tenantry_client.keys import keys_of
from tests.conftest import AUDIENCE
from tests.support.issuer import FakeIssuer, running

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
    ("wrong", "said"),
    [
        ({"issuer": "https://elsewhere.test"}, "calls itself 'https://elsewhere.test': pass that"),
        ({"jwks_uri": "http://elsewhere.test/jwks.json"}, "no https address"),
        ({"jwks_uri": None}, "names None as the place of its keys"),
        ({"keys": None}, "no JWK Set"),
    ],
    ids=str,
)
def test_what_discovery_must_not_say_is_not_believed_and_told_once(
    issuer: FakeIssuer, wrong: dict[str, Any], said: str, caplog: pytest.LogCaptureFixture
) -> None:
    publish(issuer, **wrong)
    clock = Clock()
    verifier = Verifier(issuer.url, audience=AUDIENCE, clock=clock)
    for _ in range(3):
        with pytest.raises(Misconfigured, match=said):
            verifier.verify(token(issuer))
        clock.now += 60
    assert [said in line for line in caplog.messages] == [True]
    verifier.close()


def test_a_set_without_a_key_is_no_mistake_of_ours(issuer: FakeIssuer) -> None:
    publish(issuer, keys=[])
    verifier = Verifier(issuer.url, audience=AUDIENCE)
    with pytest.raises(Unreachable, match="not known yet"):
        verifier.verify(token(issuer))
    verifier.close()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, b"{}", Misconfigured),
        (301, b"", Misconfigured),
        (200, b"<html>", Misconfigured),
        (200, b'"text"', Misconfigured),
        (500, b"{}", Unreachable),
        (429, b"{}", Unreachable),
    ],
    ids=str,
)
async def test_what_answers_in_place_of_tenantry_is_told_apart_from_an_outage(
    issuer: FakeIssuer, status: int, body: bytes, kind: type[Exception]
) -> None:
    issuer.status, issuer.body = status, body
    awaited = AsyncVerifier(issuer.url, audience=AUDIENCE)
    with pytest.raises(Unreachable) as failure:
        await awaited.fetch_keys()
    assert type(failure.value) is kind
    await awaited.close()


def test_once_the_mistake_is_mended_it_works(issuer: FakeIssuer) -> None:
    good, issuer.body = issuer.body, b"<html>"
    verifier = Verifier(issuer.url, audience=AUDIENCE)
    with pytest.raises(Misconfigured):
        verifier.fetch_keys()
    issuer.body = good
    verifier.fetch_keys()
    assert verifier.verify(token(issuer)).role == "admin"
    verifier.close()


@pytest.mark.filterwarnings("ignore:Key size should be")
def test_only_what_verifies_our_signatures_is_a_key(caplog: pytest.LogCaptureFixture) -> None:
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
                {"kty": "oct", "k": "AAAA", "kid": OctKey.generate_key(256).thumbprint()},
                {"kty": "EC", "crv": "P-256", "x": "!", "y": "!", "kid": "broken"},
                "nonsense",
            ]
        }
    )
    assert found.keys() == {good.thumbprint(), rsa.thumbprint()}
    assert [line.removeprefix("Tenantry's key set: key ") for line in caplog.messages] == [
        "3 is ignored: it is an RSA key of fewer than 2048 bits",
        "4 is ignored: it is neither an RSA key nor one on the curve P-256",
        "6 is ignored: its alg is not ES256",
        "7 is ignored: it has no kid",
        "8 is ignored: it is neither an RSA key nor one on the curve P-256",
        "9 is ignored: it is not a well-formed public key",
        "10 is ignored: it is not an object",
    ]


def test_keys_that_share_a_name_lock_no_one_out(issuer: FakeIssuer) -> None:
    """The same key twice counts once; of several, those that fit the algorithm are tried."""
    others = [ECKey.generate_key("P-256"), RSAKey.generate_key(2048)]
    keys = [issuer.key, issuer.key, *others]
    publish(issuer, keys=[{**key.as_dict(private=False), "kid": "one"} for key in keys])
    verifier = Verifier(issuer.url, audience=AUDIENCE)
    for key in keys:
        verifier.verify(issuer.token(key=key, header={"kid": "one"}, **CLAIMS))
    stranger = ECKey.generate_key("P-256")
    with pytest.raises(TokenRefused):
        verifier.verify(issuer.token(key=stranger, header={"kid": "one"}, **CLAIMS))
    verifier.close()


def test_one_name_has_a_bounded_number_of_keys(caplog: pytest.LogCaptureFixture) -> None:
    entries = [ECKey.generate_key("P-256").as_dict(private=False) for _ in range(6)]
    found = keys_of({"keys": [{**entry, "kid": "one"} for entry in entries]})
    assert len(found["one"]) == 4
    assert len(caplog.messages) == 2


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
