"""Access tokens: ours are accepted until they expire, and nothing else ever is."""

import hmac
import json
import time
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from tenantry.authz.claims import Claims
from tenantry.credentials.tokens.access_tokens import AccessTokens, InvalidToken
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.kit.ids import Kind, new_id, show
from tenantry.kit.secrets import Secret
from tests.authz.token_forge import ISSUER, In, changed, dated, issued, opened, part, signed


@pytest.fixture
def tokens() -> AccessTokens:
    return AccessTokens(SigningKeys.generate(), issuer=ISSUER)


def refused(tokens: AccessTokens, *forged: str) -> None:
    for token in forged:
        with pytest.raises(InvalidToken):
            tokens.verify(token)


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_a_token_tells_who_and_in_which_session(algorithm: str) -> None:
    key = ECKey.generate_key("P-256") if algorithm == "ES256" else RSAKey.generate_key(2048)
    tokens = AccessTokens(SigningKeys([key]), issuer=ISSUER)
    user_id, session_id = new_id(), new_id()

    token = tokens.issue(user_id=user_id, session_id=session_id)

    assert opened(token, 0) == {"alg": algorithm, "typ": "at+jwt", "kid": key.thumbprint()}
    assert tokens.verify(token) == tokens.verify(token) == Claims(user_id, session_id)


def test_a_token_says_what_rfc_9068_wants_and_nothing_of_rights(tokens: AccessTokens) -> None:
    payload = opened(issued(tokens), 1)
    required = {"iss", "exp", "aud", "sub", "client_id", "iat", "jti"}
    assert payload.keys() == required | {"sid"}
    assert payload["exp"] - payload["iat"] == 15 * 60
    assert opened(issued(tokens), 1)["jti"] != payload["jti"]


def test_a_token_without_a_signature_is_refused(tokens: AccessTokens) -> None:
    head, body, signature = issued(tokens).split(".")
    for alg in ("none", "None", "NONE", ""):
        unsigned = part(json.dumps({**opened(f"{head}.", 0), "alg": alg}).encode())
        refused(tokens, f"{unsigned}.{body}.", f"{unsigned}.{body}.{signature}")
    refused(tokens, f"{head}.{body}.", f"{head}.{body}", f"{head}.{body}.{part(bytes(64))}")


def test_the_public_key_is_no_shared_secret(tokens: AccessTokens) -> None:
    """Key confusion: what everybody may read must not sign."""
    token, key = issued(tokens), tokens.keys.signing_key
    published = json.dumps(tokens.keys.public_set()["keys"][0]).encode()
    head = part(json.dumps({**opened(token, 0), "alg": "HS256"}).encode())
    message = f"{head}.{token.split('.')[1]}"
    for secret in (key.as_pem(private=False), key.as_der(private=False), published):
        refused(tokens, f"{message}.{part(hmac.digest(secret, message.encode(), 'sha256'))}")


def test_each_key_counts_under_its_own_name_and_algorithm_alone() -> None:
    first, second = ECKey.generate_key("P-256"), RSAKey.generate_key(2048)
    tokens = AccessTokens(SigningKeys([first, second]), issuer=ISSUER)
    payload = json.dumps(opened(issued(tokens), 1)).encode()

    def by(key: ECKey | RSAKey, alg: str, kid: object) -> str:
        return signed({"alg": alg, "typ": "at+jwt", "kid": kid}, payload, key)

    tokens.verify(by(second, "RS256", second.thumbprint()))
    refused(
        tokens,
        by(first, "ES256", second.thumbprint()),
        by(second, "RS256", first.thumbprint()),
        by(second, "PS256", second.thumbprint()),
        by(first, "ES256", "unknown"),
        by(first, "ES256", ""),
        by(ECKey.generate_key("P-256"), "ES256", first.thumbprint()),
    )


@pytest.mark.parametrize(
    "header",
    [
        {"kid": None},
        {"typ": None},
        {"typ": "JWT"},
        {"typ": "AT+JWT"},
        {"jku": "https://evil.test/jwks.json"},
        {"x5u": "https://evil.test/cert.pem"},
        {"x5c": ["MIIB"]},
        {"jwk": {"kty": "oct", "k": "AAAA"}},
        {"cty": "JWT"},
        {"zip": "DEF"},
        {"anything": 1},
    ],
)
def test_a_header_has_our_three_members_and_no_other(
    tokens: AccessTokens, header: dict[str, Any]
) -> None:
    refused(tokens, changed(tokens, header=header, payload={}))


@pytest.mark.parametrize("critical", [["exp"], ["b64"], [], "exp"])
def test_what_a_header_calls_critical_is_refused(tokens: AccessTokens, critical: Any) -> None:
    head, body, signature = issued(tokens).split(".")
    forged = part(json.dumps({**opened(f"{head}.", 0), "crit": critical}).encode())
    refused(tokens, f"{forged}.{body}.{signature}")


@pytest.mark.parametrize(
    "payload",
    [
        {"iss": "https://elsewhere.test"},
        {"iss": f"{ISSUER}/"},
        {"aud": "somebody else"},
        {"aud": None},
        {"exp": In(-1)},
        {"exp": "9999999999"},
        {"exp": True},
        {"exp": [9_999_999_999]},
        {"exp": None},
        {"nbf": In(900)},
        {"nbf": "soon"},
        {"iat": None},
        {"jti": None},
        {"client_id": None},
        {"sid": None},
        {"sid": show(Kind.USER, new_id())},
        {"sub": show(Kind.SESSION, new_id())},
        {"sub": "user_"},
        {"sub": 7},
    ],
    ids=" ".join,
)
def test_a_claim_that_is_not_as_we_make_it_is_refused_though_truly_signed(
    tokens: AccessTokens, payload: dict[str, Any]
) -> None:
    refused(tokens, changed(tokens, header={}, payload=dated(payload)))


@pytest.mark.parametrize(
    "payload", [{"iat": In(60)}, {"nbf": In(0)}, {"role": "admin"}], ids=" ".join
)
def test_a_clock_a_little_ahead_and_a_claim_of_no_meaning_do_no_harm(
    tokens: AccessTokens, payload: dict[str, Any]
) -> None:
    tokens.verify(changed(tokens, header={}, payload=dated(payload)))


@pytest.mark.parametrize("payload", [b"", b"[]", b"null", b"7", b'"x"', b"{", b"\xff", b"[" * 900])
def test_a_payload_that_is_no_object_is_refused(tokens: AccessTokens, payload: bytes) -> None:
    refused(tokens, signed(opened(issued(tokens), 0), payload, tokens.keys.signing_key))


def test_of_a_claim_that_is_there_twice_the_last_counts(tokens: AccessTokens) -> None:
    """As RFC 7519, section 4, allows: what was checked is what counts."""
    token = issued(tokens)
    text = json.dumps(opened(token, 1))
    twice = text[:-1] + f', "exp": {int(time.time()) - 1}' + "}"
    refused(tokens, signed(opened(token, 0), twice.encode(), tokens.keys.signing_key))


def test_what_was_changed_on_the_way_is_refused(tokens: AccessTokens) -> None:
    head, body, signature = issued(tokens).split(".")
    other = issued(tokens).split(".")
    refused(
        tokens,
        f"{head}.{other[1]}.{signature}",
        f"{head}.{body}.{other[2]}",
        f"{head}.{body}.{signature[::-1]}",
        f" {head}.{body}.{signature}",
        f"{head}..{signature}",
        f"{head}.{body}.{signature}.",
        f"{head}.{body}.{signature}A",
        f"{head}\n.{body}.{signature}",
    )


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        ".",
        "..",
        "a.b.c",
        "é.é.é",
        "\0.\0.\0",
        "x" * 5000,
        part(b"[" * 3000) + ".e30.e30",
        part(b'{"a":' * 600) + ".e30.e30",
        part(b'{"alg":"ES256","typ":"at+jwt","kid":["x"]}') + ".e30.e30",
        part(b'{"alg":["ES256"],"typ":"at+jwt","kid":"x"}') + ".e30.e30",
    ],
    ids=lambda text: text[:12],
)
def test_nonsense_is_refused(tokens: AccessTokens, nonsense: str) -> None:
    refused(tokens, nonsense)


def test_an_oversized_token_is_refused_though_truly_signed(tokens: AccessTokens) -> None:
    refused(tokens, changed(tokens, header={}, payload={"padding": "x" * 4096}))


def test_a_refresh_token_is_no_access_token(tokens: AccessTokens) -> None:
    refused(tokens, Secret.new().text)


def test_a_token_of_another_service_with_the_same_keys_is_refused(tokens: AccessTokens) -> None:
    refused(tokens, issued(AccessTokens(tokens.keys, issuer="https://staging.test")))


def test_a_token_that_is_remembered_is_forgotten_when_it_expires(
    tokens: AccessTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = issued(tokens)
    tokens.verify(token)
    at = time.time() + 15 * 60
    monkeypatch.setattr(time, "time", lambda: at)
    refused(tokens, token)


def test_no_more_tokens_are_remembered_than_there_is_room_for(
    tokens: AccessTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails with a first token that is remembered for ever once `_remember` drops none: tried."""
    monkeypatch.setattr("tenantry.credentials.tokens.access_tokens._CACHED", 2)
    first, second, third = issued(tokens), issued(tokens), issued(tokens)
    for token in (first, second, third):
        tokens.verify(token)
    tokens.keys.by_kid.clear()  # what is remembered needs no key any more
    for token in (second, third):
        tokens.verify(token)
    refused(tokens, first)
