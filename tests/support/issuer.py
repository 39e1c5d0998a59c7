"""An identity provider on loopback: its own keys, its JWK Set over HTTP, tokens as it pleases."""

import json
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import psycopg
from joserfc.jwk import ECKey, RSAKey

from tenantry.credentials.tokens.issuers import TrustedIssuer
from tenantry.kit.ids import new_id
from tests.authz.token_forge import signed_as_told

AUDIENCE = "tenantry-tests"
Key = ECKey | RSAKey


class FakeIssuer:
    """The far side of trust. What it publishes can be changed, and it counts who looks."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.key: Key = ECKey.generate_key("P-256", auto_kid=False)
        self.published: list[Key] = [self.key]
        self.looks = 0
        self.paths = list[str]()
        self.status = 200
        self.body: bytes | None = None
        """What is answered in place of the set."""
        self.may_answer = threading.Event()
        self.may_answer.set()

    def trusted(self, **more: Any) -> TrustedIssuer:
        """The issuer as an operator describes it."""
        given: dict[str, Any] = {"jwks_uri": f"{self.url}/jwks.json", **more}
        return TrustedIssuer(issuer=self.url, audience=AUDIENCE, **given)

    def rotate(self) -> Key:
        """Publish a new key beside the others, and sign with it from now on."""
        self.key = ECKey.generate_key("P-256", auto_kid=False)
        self.published.append(self.key)
        return self.key

    def key_set(self) -> bytes:
        """The JWK Set."""
        return json.dumps({"keys": [_public(key) for key in self.published]}).encode()

    def token(
        self, *, header: dict[str, Any] | None = None, key: Key | None = None, **claims: Any
    ) -> str:
        """A good token of somebody new, with other members where they are named; None leaves one
        out."""
        signing = key or self.key
        now, who = int(time.time()), new_id().hex[-12:]
        said: dict[str, Any] = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": f"subject-{who}",
            "email": f"sam.{who}@example.com",
            "email_verified": True,
            "name": "Sam",
            "iat": now,
            "exp": now + 300,
            **claims,
        }
        head = {"alg": _algorithm(signing), "typ": "at+jwt", "kid": signing.thumbprint()}
        return signed_as_told(
            _present({**head, **(header or {})}), json.dumps(_present(said)).encode(), signing
        )


_EARLIER = """
    with aged as (
      update sessions s set ended_at = s.ended_at - interval '1 hour'
        from identities i where i.session_id = s.id and i.subject = %(subject)s
    )
    update identities set refused_until = refused_until - interval '1 hour'
     where subject = %(subject)s
"""


def an_hour_passes(admin: psycopg.Connection[Any], subject: str) -> None:
    """As if whatever ended for a subject had ended an hour earlier."""
    admin.execute(_EARLIER, {"subject": subject})


def bearer(token: str) -> dict[str, str]:
    """The header that bears a token."""
    return {"Authorization": f"Bearer {token}"}


@contextmanager
def running() -> Generator[FakeIssuer]:
    """An issuer that answers on loopback until the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    issuer = FakeIssuer(f"http://127.0.0.1:{server.server_address[1]}")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.looks += 1
            issuer.paths.append(self.path)
            issuer.may_answer.wait()
            self.send_response(issuer.status)
            self.send_header("Location", f"{issuer.url}/elsewhere.json")
            self.end_headers()
            self.wfile.write(issuer.key_set() if issuer.body is None else issuer.body)

        def log_message(self, format: str, *args: Any) -> None:
            """No one reads it."""

    server.RequestHandlerClass = Handler
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield issuer
    finally:
        issuer.may_answer.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _public(key: Key) -> dict[str, Any]:
    described = {"kid": key.thumbprint(), "use": "sig", "alg": _algorithm(key)}
    return {**key.as_dict(private=False), **described}


def _algorithm(key: Key) -> str:
    return "ES256" if isinstance(key, ECKey) else "RS256"


def _present(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
