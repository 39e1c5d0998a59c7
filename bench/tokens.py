"""Access tokens as the service under test would issue them: ES256, RFC 9068."""

import time
from typing import NamedTuple
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey

BASE_URL = "https://bench.example"
LIFETIME = 24 * 3600


class Issuer(NamedTuple):
    """The one key that every service is given, and the name in every token."""

    key: ECKey
    kid: str
    pem: str

    @classmethod
    def fresh(cls) -> "Issuer":
        """With a new P-256 key; its `kid` is the thumbprint (RFC 7638)."""
        key = ECKey.generate_key("P-256", auto_kid=False)
        return cls(key, key.thumbprint(), key.as_pem(private=True).decode())

    def issue(self, subject: str, session: str) -> str:
        """A token that outlives any measurement (`LIFETIME` seconds)."""
        now = int(time.time())
        claims = {"iss": BASE_URL, "aud": BASE_URL, "sub": subject, "sid": session}
        claims |= {"client_id": "tenantry", "jti": str(uuid4()), "iat": now, "exp": now + LIFETIME}
        header = {"alg": "ES256", "typ": "at+jwt", "kid": self.kid}
        return jwt.encode(header, claims, self.key, algorithms=["ES256"])
