"""Tokens as a forger would make them: any header, any payload, any key."""

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, NamedTuple

from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from tenantry.credentials.tokens.access_tokens import AccessTokens
from tenantry.kit.ids import new_id

ISSUER = "https://tenantry.test"
ALL = ["ES256", "RS256", "PS256", "ES384"]


class In(NamedTuple):
    """A moment, so many seconds from when its token is made: tests run long after collection."""

    seconds: float


def dated(claims: dict[str, Any]) -> dict[str, Any]:
    """Claims with their moments told in seconds since 1970."""
    now = int(time.time())
    return {
        name: now + value.seconds if isinstance(value, In) else value
        for name, value in claims.items()
    }


def part(content: bytes) -> str:
    """One of the three parts of a token."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def opened(token: str, index: int) -> dict[str, Any]:
    """The header (0) or the payload (1) of a token."""
    text = token.split(".")[index]
    return json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def issued(tokens: AccessTokens) -> str:
    """A token that is good."""
    return tokens.issue(user_id=new_id(), session_id=new_id())


def signed(header: dict[str, Any], payload: bytes, key: ECKey | RSAKey) -> str:
    """A token with a true signature over whatever it says."""
    registry = jws.JWSRegistry(algorithms=ALL, strict_check_header=False)
    return jws.serialize_compact(header, payload, key, registry=registry)


def signed_as_told(header: dict[str, Any], payload: bytes, key: ECKey | RSAKey) -> str:
    """The same for headers that no library would write; by the key's own algorithm where `alg`
    names none."""
    message = f"{part(json.dumps(header).encode())}.{part(payload)}"
    own = "ES256" if isinstance(key, ECKey) else "RS256"
    algorithm = (
        jws.JWSRegistry.algorithms.get(str(header.get("alg"))) or (jws.JWSRegistry.algorithms[own])
    )
    return f"{message}.{part(algorithm.sign(message.encode(), key))}"


def changed(tokens: AccessTokens, *, header: dict[str, Any], payload: dict[str, Any]) -> str:
    """A good token with other members, truly signed by our own key; None leaves a member out."""
    token = issued(tokens)
    parts = [{**opened(token, 0), **header}, {**opened(token, 1), **payload}]
    head, body = [{name: each for name, each in p.items() if each is not None} for p in parts]
    return signed(head, json.dumps(body).encode(), tokens.keys.signing_key)
