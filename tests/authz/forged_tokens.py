"""What a forger would send in place of a good token: a table, for everybody who verifies ours."""

import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

from joserfc.jwk import ECKey, RSAKey

from tenantry.credentials.tokens.signing_keys import SigningKeys
from tests.authz.token_forge import opened, part, signed_as_told

Key = ECKey | RSAKey


def forgeries(keys: SigningKeys, good: str, evil: str) -> dict[str, str]:
    """Tokens that no one may take for `good`, each by what is wrong with it.

    `evil` is the address of a server with keys of the forger's own, whom a header may point to.
    """
    return {
        **dict(_unsigned(good)),
        **dict(_by_public_key(keys, good)),
        **dict(_by_another_key(keys, good, evil)),
        **dict(_truly_signed(keys, good)),
        **dict(_changed_on_the_way(good)),
    }


def only_ours_refuse(keys: SigningKeys, good: str, evil: str) -> dict[str, str]:
    """The same, of what does no harm where a header's other members are passed over.

    They are truly signed, so many a library takes them; we do not, for ours never say such things.
    """
    header, claims = opened(good, 0), json.dumps(opened(good, 1)).encode()
    jwk = {**_evil(keys).as_dict(private=False)}
    members: dict[str, Any] = {
        "jku": f"{evil}/jwks.json",
        "x5u": f"{evil}/cert.pem",
        "jwk": jwk,
        "x5c": ["MIIB"],
        "cty": "JWT",
        "anything": 1,
    }
    return {
        f"truly signed, with {name}": signed_as_told(
            {**header, name: value}, claims, keys.signing_key
        )
        for name, value in members.items()
    }


def _evil(keys: SigningKeys) -> Key:
    if isinstance(keys.signing_key, ECKey):
        return ECKey.generate_key("P-256", auto_kid=False)
    return RSAKey.generate_key(2048, auto_kid=False)


def _unsigned(good: str) -> Iterator[tuple[str, str]]:
    _, body, signature = good.split(".")
    for alg in ("none", "None", "NONE", ""):
        head = part(json.dumps({**opened(good, 0), "alg": alg}).encode())
        yield f"alg {alg!r}, no signature", f"{head}.{body}."
        yield f"alg {alg!r}, the old signature", f"{head}.{body}.{signature}"


def _by_public_key(keys: SigningKeys, good: str) -> Iterator[tuple[str, str]]:
    """Key confusion: what everybody may read, as a shared secret."""
    key = keys.signing_key
    head = part(json.dumps({**opened(good, 0), "alg": "HS256"}).encode())
    message = f"{head}.{good.split('.')[1]}"
    secrets = {
        "PEM": key.as_pem(private=False),
        "DER": key.as_der(private=False),
        "JWK": json.dumps(keys.public_set()["keys"][0]).encode(),
        "nothing": b"",
    }
    for name, secret in secrets.items():
        mac = part(hmac.digest(secret, message.encode(), "sha256"))
        yield f"HS256 by the public key as {name}", f"{message}.{mac}"


def _by_another_key(keys: SigningKeys, good: str, evil: str) -> Iterator[tuple[str, str]]:
    key, header = _evil(keys), opened(good, 0)
    own = {"kid": key.thumbprint()}
    headers: dict[str, dict[str, Any]] = {
        "our kid": {},
        "its own kid": own,
        "its own kid, brought as jwk": {**own, "jwk": key.as_dict(private=False)},
        "our kid, brought as jwk": {"jwk": key.as_dict(private=False)},
        "jku to its own keys": {**own, "jku": f"{evil}/jwks.json"},
        "our kid, jku to its own keys": {"jku": f"{evil}/jwks.json"},
        "x5u to its own certificate": {**own, "x5u": f"{evil}/cert.pem"},
        "a kid that is a path": {"kid": "../../../../dev/null"},
        "a kid that is SQL": {"kid": "' union select 'x'--"},
        "a kid that is an address": {"kid": f"{evil}/jwks.json"},
        "no kid": {"kid": None},
    }
    claims = json.dumps(opened(good, 1)).encode()
    for name, members in headers.items():
        head = {name: value for name, value in {**header, **members}.items() if value is not None}
        yield f"another key, {name}", signed_as_told(head, claims, key)


def _truly_signed(keys: SigningKeys, good: str) -> Iterator[tuple[str, str]]:
    header, claims, now = opened(good, 0), opened(good, 1), int(time.time())
    headers: dict[str, dict[str, Any]] = {
        "an unknown crit": {"crit": ["tenantry"], "tenantry": True},
        "another typ": {"typ": "logout+jwt"},
        "typ of an ID token": {"typ": "JWT"},
    }
    payloads: dict[str, dict[str, Any]] = {
        "another iss": {"iss": "https://elsewhere.test"},
        "another aud": {"aud": "https://elsewhere.test"},
        "no aud": {"aud": None},
        "expired": {"exp": now - 1, "iat": now - 301},
        "no exp": {"exp": None},
        "not good yet": {"nbf": now + 600},
        "no sub": {"sub": None},
    }
    for name, members in headers.items():
        body = json.dumps(claims).encode()
        yield f"truly signed, {name}", signed_as_told({**header, **members}, body, keys.signing_key)
    for name, members in payloads.items():
        said = {name: value for name, value in {**claims, **members}.items() if value is not None}
        body = json.dumps(said).encode()
        yield f"truly signed, {name}", signed_as_told(header, body, keys.signing_key)


def _changed_on_the_way(good: str) -> Iterator[tuple[str, str]]:
    head, body, signature = good.split(".")
    more = part(json.dumps({**opened(good, 1), "permissions": ["organization:delete"]}).encode())
    yield "another payload", f"{head}.{more}.{signature}"
    yield "no signature", f"{head}.{body}."
    yield "a signature of zeros", f"{head}.{body}.{part(bytes(64))}"
    yield "two parts", f"{head}.{body}"
