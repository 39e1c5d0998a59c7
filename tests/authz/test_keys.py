"""Signing keys: the first signs, all verify, and what everybody may read holds no secret."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from joserfc.jwk import ECKey, RSAKey

from tenantry.credentials.tokens.access_tokens import AccessTokens, InvalidToken
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tests.authz.token_forge import ISSUER, issued, opened

P256 = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)
PRIVATE_MEMBERS = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}


def pem(
    key: PrivateKeyTypes,
    format: PrivateFormat = PrivateFormat.PKCS8,
    encryption: KeySerializationEncryption | None = None,
) -> str:
    return key.private_bytes(Encoding.PEM, format, encryption or NoEncryption()).decode()


def jwk(key: PrivateKeyTypes, **more: Any) -> str:
    kind = ECKey if isinstance(key, ec.EllipticCurvePrivateKey) else RSAKey
    return json.dumps({**kind.import_key(pem(key)).as_dict(private=True), **more})


def jwks(*keys: str) -> str:
    return json.dumps({"keys": [json.loads(key) for key in keys]})


LOADABLE = {
    "one in PKCS 8": (pem(P256), ["ES256"]),
    "one in the traditional form": (pem(RSA, PrivateFormat.TraditionalOpenSSL), ["RS256"]),
    "two, one after the other": (pem(RSA) + pem(P256), ["RS256", "ES256"]),
    "with words around": (f"# ours\n{pem(P256)}\n# and more\n{pem(RSA)}end", ["ES256", "RS256"]),
    "with line ends of Windows": (pem(P256).replace("\n", "\r\n"), ["ES256"]),
    "one twice": (pem(P256) + pem(P256), ["ES256"]),
    "a JWK": (jwk(P256), ["ES256"]),
    "a JWK Set": (f"  {jwks(jwk(RSA), jwk(P256))}", ["RS256", "ES256"]),
    "a JWK that says what it is for": (
        jwk(P256, use="sig", alg="ES256", key_ops=["sign"], kid="another name"),
        ["ES256"],
    ),
}


@pytest.mark.parametrize("form", LOADABLE)
def test_keys_are_read_in_every_form_and_the_first_signs(form: str) -> None:
    text, algorithms = LOADABLE[form]
    keys = SigningKeys.load(text)
    tokens = AccessTokens(keys, issuer=ISSUER)

    assert [key["alg"] for key in keys.public_set()["keys"]] == algorithms
    assert opened(issued(tokens), 0)["alg"] == algorithms[0]
    tokens.verify(issued(tokens))


SECRET = "a word that must not be repeated"
UNREADABLE = {
    "nothing": "",
    "words": SECRET,
    "a public key": P256.public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    .decode(),
    "no key inside": f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----",
    "under a password": pem(P256, encryption=BestAvailableEncryption(SECRET.encode())),
    "on another curve": pem(ec.generate_private_key(ec.SECP384R1())),
    "on the curve of coins": pem(ec.generate_private_key(ec.SECP256K1())),
    "of another kind": pem(ed25519.Ed25519PrivateKey.generate()),
    "a good one and a bad one": pem(P256) + pem(ed25519.Ed25519PrivateKey.generate()),
    "broken JSON": "{",
    "JSON of nothing": "{}",
    "an empty set": '{"keys": []}',
    "a set of numbers": '{"keys": [5]}',
    "a set that is none": '{"keys": 5}',
    "half an elliptic key": '{"kty": "EC"}',
    "half an RSA key": '{"kty": "RSA"}',
    "a shared secret": f'{{"kty": "oct", "k": "{SECRET}"}}',
    "a key of halves that do not fit": jwk(
        P256, d=json.loads(jwk(ec.generate_private_key(ec.SECP256R1())))["d"]
    ),
    "a public JWK": json.dumps(ECKey.import_key(pem(P256)).as_dict(private=False)),
    "for encryption": jwk(P256, use="enc"),
    "for another algorithm": jwk(RSA, alg="PS256"),
    "for verifying alone": jwk(P256, key_ops=["verify"]),
}


@pytest.mark.parametrize("text", UNREADABLE)
def test_whatever_cannot_sign_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="key") as refused:
        SigningKeys.load(UNREADABLE[text])
    assert SECRET not in str(refused.value)


@pytest.mark.filterwarnings("ignore:Key size should be")
def test_a_short_rsa_key_is_refused() -> None:
    short = rsa.generate_private_key(65537, 1024)
    for text in (pem(short), jwk(short)):
        with pytest.raises(ValueError, match="2048 bits"):
            SigningKeys.load(text)


def test_what_was_dumped_is_read_again_in_the_same_order() -> None:
    keys = SigningKeys.load(pem(RSA) + pem(P256))
    again = SigningKeys.load(keys.dump())
    assert again.public_set() == keys.public_set()
    assert again.signing_kid == keys.signing_kid


def test_a_fresh_set_has_one_key_of_its_own() -> None:
    one, other = SigningKeys.generate(), SigningKeys.generate()
    assert [key["alg"] for key in one.public_set()["keys"]] == ["ES256"]
    assert one.signing_kid != other.signing_kid


@pytest.mark.parametrize("more", [{}, {"x5c": ["MIIB"], "comment": SECRET, "oth": [{"r": "x"}]}])
def test_everybody_may_read_the_public_parts_and_no_more(more: dict[str, Any]) -> None:
    published = SigningKeys.load(jwks(jwk(P256, **more), jwk(RSA, **more))).public_set()

    assert [key.keys() for key in published["keys"]] == [
        {"kty", "crv", "x", "y", "kid", "use", "alg"},
        {"kty", "n", "e", "kid", "use", "alg"},
    ]
    assert not any(PRIVATE_MEMBERS & key.keys() for key in published["keys"])


def test_keys_are_changed_without_a_refused_token() -> None:
    """A new key goes in front; the old one stays for as long as its tokens live, and goes."""
    old, new = pem(RSA), pem(P256)
    before, during, after = [
        AccessTokens(SigningKeys.load(text), issuer=ISSUER) for text in (old, new + old, new)
    ]
    during.verify(issued(before))
    after.verify(issued(during))
    with pytest.raises(InvalidToken):
        after.verify(issued(before))
