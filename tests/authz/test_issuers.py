"""Tokens of a trusted issuer: good ones tell who, and nothing else is ever believed."""

import hmac
import json
import time
from collections.abc import AsyncGenerator, Generator
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jwk

from tenantry.credentials.tokens.access_tokens import InvalidToken
from tenantry.credentials.tokens.issuers import LONGEST_TOKEN, Issuer, TrustedIssuer, issuer_of
from tests.authz.token_forge import In, dated, opened, part, signed
from tests.support.issuer import AUDIENCE, FakeIssuer, running


@pytest.fixture(scope="module")
def fake() -> Generator[FakeIssuer]:
    with running() as issuer:
        yield issuer


@pytest.fixture(scope="module")
async def issuer(fake: FakeIssuer) -> AsyncGenerator[Issuer]:
    made = Issuer(fake.trusted(link_verified_email=True))
    yield made
    await made.close()


async def refused(issuer: Issuer, *forged: str) -> None:
    for token in forged:
        with pytest.raises(InvalidToken):
            await issuer.verify(token)


async def test_a_good_token_tells_who_until_when(fake: FakeIssuer, issuer: Issuer) -> None:
    now = int(time.time())
    token = fake.token(sub="auth0|7", email="Sam@Example.COM", iat=now, exp=now + 60)

    verified = await issuer.verify(token)

    assert verified.expires == now + 60
    subject = verified.subject
    assert (subject.issuer, subject.subject, subject.name) == (fake.url, "auth0|7", "Sam")
    assert (subject.email, subject.email_is_proven) == ("sam@example.com", True)
    assert subject.issued_at == datetime.fromtimestamp(now, UTC)


@pytest.mark.parametrize("said", [False, "true", 1, None])
async def test_an_address_is_proven_where_it_is_said_in_so_many_words(
    fake: FakeIssuer, issuer: Issuer, said: Any
) -> None:
    assert not (await issuer.verify(fake.token(email_verified=said))).subject.email_is_proven


async def test_the_word_of_an_issuer_on_addresses_counts_only_where_that_is_set(
    fake: FakeIssuer,
) -> None:
    cautious = Issuer(fake.trusted())
    assert not (await cautious.verify(fake.token())).subject.email_is_proven
    await cautious.close()


@pytest.mark.parametrize("typ", ["at+jwt", "JWT", "application/at+jwt", "AT+JWT", None])
async def test_both_usual_types_are_taken_where_none_is_pinned(
    fake: FakeIssuer, issuer: Issuer, typ: str | None
) -> None:
    await issuer.verify(fake.token(header={"typ": typ}))


@pytest.mark.parametrize("typ", ["logout+jwt", "secevent+jwt", "dpop+jwt", "", 7, ["at+jwt"]])
async def test_a_token_of_another_type_is_refused(
    fake: FakeIssuer, issuer: Issuer, typ: Any
) -> None:
    await refused(issuer, fake.token(header={"typ": typ}))


@pytest.mark.parametrize(("pinned", "other"), [("at+jwt", "JWT"), ("JWT", "at+jwt")])
async def test_a_pinned_type_is_the_only_one(fake: FakeIssuer, pinned: str, other: str) -> None:
    strict = Issuer(fake.trusted(type=pinned))
    await strict.verify(fake.token(header={"typ": pinned}))
    await refused(strict, fake.token(header={"typ": other}))
    await strict.close()


@pytest.mark.parametrize(
    "header",
    [
        {"jku": "https://evil.test/jwks.json"},
        {"x5u": "https://evil.test/cert.pem"},
        {"x5c": ["MIIB"]},
        {"jwk": {"kty": "EC"}},
        {"zip": "DEF"},
        {"cty": "JWT"},
        {"kid": None},
        {"kid": 7},
        {"kid": ""},
        {"kid": "unknown"},
    ],
    ids=" ".join,
)
async def test_a_header_that_decides_about_its_own_key_is_refused(
    fake: FakeIssuer, issuer: Issuer, header: dict[str, Any]
) -> None:
    await refused(issuer, fake.token(header=header))


async def test_a_key_that_a_token_brings_or_points_to_is_never_used(
    fake: FakeIssuer, issuer: Issuer
) -> None:
    evil = jwk.ECKey.generate_key("P-256", auto_kid=False)
    kid = fake.key.thumbprint()
    before = len(fake.paths)
    public = evil.as_dict(private=False)
    await refused(
        issuer,
        fake.token(key=evil, header={"jwk": public}),
        fake.token(key=evil, header={"kid": kid, "jwk": public}),
        fake.token(key=evil, header={"kid": kid, "jku": f"{fake.url}/evil.json"}),
        fake.token(key=evil, header={"kid": kid, "x5u": f"{fake.url}/evil.pem"}),
        fake.token(key=evil, header={"kid": kid}),
    )
    assert set(fake.paths[before:]) <= {"/jwks.json"}


@pytest.mark.parametrize("critical", [["exp"], ["b64"], [], "exp"], ids=str)
async def test_what_a_header_calls_critical_is_refused(
    fake: FakeIssuer, issuer: Issuer, critical: Any
) -> None:
    head, body, signature = fake.token().split(".")
    forged = part(json.dumps({**opened(f"{head}.", 0), "crit": critical}).encode())
    await refused(issuer, f"{forged}.{body}.{signature}")


async def test_a_token_without_a_signature_is_refused(fake: FakeIssuer, issuer: Issuer) -> None:
    head, body, signature = fake.token().split(".")
    for alg in ("none", "None", "NONE", ""):
        unsigned = part(json.dumps({**opened(f"{head}.", 0), "alg": alg}).encode())
        await refused(issuer, f"{unsigned}.{body}.", f"{unsigned}.{body}.{signature}")
    await refused(issuer, f"{head}.{body}.", f"{head}.{body}", f"{head}.{body}.{part(bytes(64))}")


async def test_the_public_key_is_no_shared_secret(fake: FakeIssuer, issuer: Issuer) -> None:
    token, key = fake.token(), fake.key
    head = part(json.dumps({**opened(token, 0), "alg": "HS256"}).encode())
    message = f"{head}.{token.split('.')[1]}"
    published = json.dumps(json.loads(fake.key_set())["keys"][0]).encode()
    for secret in (key.as_pem(private=False), key.as_der(private=False), published):
        mac = part(hmac.digest(secret, message.encode(), "sha256"))
        await refused(issuer, f"{message}.{mac}")


async def test_only_the_algorithms_of_the_issuer_count() -> None:
    with running() as fake:
        rsa = jwk.RSAKey.generate_key(2048, auto_kid=False)
        fake.published.append(rsa)
        only_ec, both = [
            Issuer(fake.trusted(algorithms=names)) for names in (("ES256",), ("ES256", "RS256"))
        ]
        await both.verify(fake.token(key=rsa))
        await refused(only_ec, fake.token(key=rsa))
        # The set says RS256 of this key, so PS256 by it is refused though the issuer may use it.
        all_of_them = Issuer(fake.trusted(algorithms=("RS256", "PS256")))
        await refused(all_of_them, fake.token(key=rsa, header={"alg": "PS256"}))
        for each in (only_ec, both, all_of_them):
            await each.close()


async def test_keys_that_share_a_name_lock_no_one_out() -> None:
    """An issuer may list a key twice, or give keys of two types, or two of one, the same `kid`."""
    with running() as fake:
        others = [jwk.ECKey.generate_key("P-256"), jwk.RSAKey.generate_key(2048)]
        keys = [fake.key, fake.key, *others]
        entries = [{**key.as_dict(private=False), "kid": "one"} for key in keys]
        fake.body = json.dumps({"keys": entries}).encode()
        issuer = Issuer(fake.trusted())
        for key in keys:
            await issuer.verify(fake.token(key=key, header={"kid": "one"}))
        stranger = jwk.ECKey.generate_key("P-256")
        await refused(issuer, fake.token(key=stranger, header={"kid": "one"}))
        await issuer.close()


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.test"},
        {"aud": "somebody else"},
        {"aud": ["somebody else", f"{AUDIENCE}2"]},
        {"aud": []},
        {"aud": [[AUDIENCE]]},
        {"aud": {AUDIENCE: 1}},
        {"aud": None},
        {"exp": In(-1)},
        {"exp": In(0)},
        {"exp": "9999999999"},
        {"exp": True},
        {"exp": None},
        {"exp": 10**30},
        {"nbf": In(900)},
        {"nbf": "soon"},
        {"iat": In(900)},
        {"iat": None},
        {"iat": "today"},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"sub": "nul\0"},
        {"sub": "\ud800"},
        {"events": {"http://schemas.openid.net/event/backchannel-logout": {}}},
    ],
    ids=" ".join,
)
async def test_a_claim_that_is_not_as_it_should_be_is_refused_though_truly_signed(
    fake: FakeIssuer, issuer: Issuer, claims: dict[str, Any]
) -> None:
    await refused(issuer, fake.token(**dated(claims)))


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": ["somebody else", AUDIENCE]},
        {"nbf": In(0)},
        {"iat": In(10)},
        {"nbf": In(10)},
        {"sub": "Ünï/cödé|'\"; drop table users --\u202e"},
        {"sub": "x" * 255},
        {"iat": In(-0.5)},
        {"roles": ["admin"]},
    ],
    ids=" ".join,
)
async def test_what_issuers_differ_in_does_no_harm(
    fake: FakeIssuer, issuer: Issuer, claims: dict[str, Any]
) -> None:
    verified = await issuer.verify(fake.token(**dated(claims)))
    assert verified.subject.subject == claims.get("sub", verified.subject.subject)


@pytest.mark.parametrize(
    ("claimed", "kept"),
    [
        ("  Sam   Smith ", "Sam Smith"),
        ("two\nlines\ttabs", "two lines tabs"),
        ("nul\0bell\x07", "nul bell"),
        ("turned\u202eround", "turned round"),
        ("x" * 300, "x" * 100),
        ("x" * 99 + " y", "x" * 99),
        ("   ", "sam.smith"),
        ("", "sam.smith"),
        ("\u200b\u3164", "sam.smith"),
        (7, "sam.smith"),
        (None, "sam.smith"),
    ],
)
async def test_a_name_is_cleaned_and_falls_back_on_the_address(
    fake: FakeIssuer, issuer: Issuer, claimed: Any, kept: str
) -> None:
    token = fake.token(name=claimed, email="Sam.Smith@example.com")
    assert (await issuer.verify(token)).subject.name == kept


@pytest.mark.parametrize(
    "claimed",
    ["nobody", "a@b", "=?utf-8?q?x?=@example.com", "a@example.com\nb", 7, None, ["a@b.c"]],
)
async def test_an_address_that_could_be_none_is_none(
    fake: FakeIssuer, issuer: Issuer, claimed: Any
) -> None:
    assert (await issuer.verify(fake.token(email=claimed))).subject.email is None


async def test_whatever_is_no_token_is_refused(fake: FakeIssuer, issuer: Issuer) -> None:
    header = opened(fake.token(), 0)
    payloads = [b"", b"[]", b"7", b"null", b'{"iss":', b"\xff", b"[" * 5000]
    await refused(issuer, *(signed(header, payload, fake.key) for payload in payloads))
    await refused(issuer, "", ".", "..", "a.b.c", "ünï.cödé.x", f"{fake.token()}.x", "\ud800")


def test_a_token_says_whom_it_is_from_before_it_is_checked() -> None:
    key = jwk.ECKey.generate_key("P-256")
    header = {"alg": "ES256"}

    def saying(payload: bytes) -> str:
        return signed(header, payload, key)

    assert issuer_of(saying(b'{"iss": "https://a.test"}')) == "https://a.test"
    long = json.dumps({"iss": "https://a.test", "x": "x" * LONGEST_TOKEN}).encode()
    for payload in (b"{}", b"[]", b"7", b'{"iss": 7}', b"no json", long):
        assert issuer_of(saying(payload)) is None
    assert issuer_of("no token") is issuer_of("\ud800.a.b") is None


def test_an_issuer_is_described_by_one_frozen_value() -> None:
    trusted = TrustedIssuer("https://a.test", AUDIENCE, jwks_uri="https://a.test/jwks")
    assert (trusted.link_verified_email, trusted.type) == (False, None)
    assert trusted.algorithms == ("ES256", "RS256")
