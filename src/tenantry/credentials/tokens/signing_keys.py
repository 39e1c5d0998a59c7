"""Signing keys: the first signs, all verify, so keys can be rotated without rejecting a token."""

import re
from typing import Any, cast

import orjson
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

SigningKey = ECKey | RSAKey

# The public parts of a key (RFC 7518, sections 6.2 and 6.3); the published set has nothing else.
_MATERIAL = ("kty", "crv", "x", "y", "d", "n", "e", "p", "q", "dp", "dq", "qi")
_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.+?-----END [A-Z ]*PRIVATE KEY-----", re.S)


class SigningKeys:
    """The private keys of the service, in order of preference, each with a `kid`.

    A key's algorithm follows from its type alone: ES256 for a P-256 key, RS256 for an RSA key of
    2048 bits or more (RFC 7518, sections 3.3 and 3.4).
    """

    def __init__(self, keys: list[SigningKey]) -> None:
        if not keys:
            raise ValueError("no signing key given")
        self.by_kid = {key.thumbprint(): key for key in keys}
        self.signing_kid, self.signing_key = next(iter(self.by_kid.items()))

    @classmethod
    def generate(cls) -> "SigningKeys":
        """A set of one fresh ES256 key."""
        return cls([ECKey.generate_key("P-256", auto_kid=False)])

    @classmethod
    def load(cls, text: str) -> "SigningKeys":
        """Read keys from PEM blocks one after another, or from a JWK Set (RFC 7517, section 5).

        ValueError, without key material in its message, for anything else.
        """
        try:
            keys = _from_jwks(text) if text.lstrip().startswith("{") else _from_pem(text)
        except (JoseError, TypeError, KeyError, ValueError) as broken:
            raise ValueError("expected private keys as PEM blocks or as a JWK Set") from broken
        return cls([_fit(key) for key in keys])

    def dump(self) -> str:
        """All keys as PEM, with their private parts."""
        return "".join(
            key.as_pem(private=True).decode().strip() + "\n" for key in self.by_kid.values()
        )

    def public_set(self) -> dict[str, Any]:
        """The public JWK Set (RFC 7517, section 5)."""
        return {
            "keys": [
                {**key.as_dict(private=False), "kid": kid, "use": "sig", "alg": algorithm_of(key)}
                for kid, key in self.by_kid.items()
            ]
        }


def algorithm_of(key: SigningKey) -> str:
    return "ES256" if isinstance(key, ECKey) else "RS256"


def _from_pem(text: str) -> list[SigningKey]:
    return [
        (ECKey if _is_elliptic(block) else RSAKey).import_key(block) for block in _PEM.findall(text)
    ]


def _is_elliptic(block: str) -> bool:
    return isinstance(load_pem_private_key(block.encode(), None), EllipticCurvePrivateKey)


def _from_jwks(text: str) -> list[SigningKey]:
    members = orjson.loads(text)
    entries = cast(list[dict[str, Any]], members.get("keys", [members]))
    return [_from_jwk(entry) for entry in entries]


def _from_jwk(entry: dict[str, Any]) -> SigningKey:
    material = {name: entry[name] for name in _MATERIAL if name in entry}
    key = (ECKey if entry["kty"] == "EC" else RSAKey).import_key(material)
    meant = entry.get("use", "sig"), entry.get("alg", algorithm_of(key))
    if meant != ("sig", algorithm_of(key)) or "sign" not in entry.get("key_ops", ["sign"]):
        raise ValueError("the key is meant for something else")
    return key


def _fit(key: SigningKey) -> SigningKey:
    if not key.is_private:
        raise ValueError("a signing key must be private")
    if isinstance(key, ECKey):
        if key.curve_name != "P-256":
            raise ValueError("an elliptic signing key must be on the curve P-256")
    elif key.raw_value.key_size < 2048:
        raise ValueError("an RSA signing key needs 2048 bits or more")
    return key
