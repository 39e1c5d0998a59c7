"""Authentication of tokens, our own or a trusted issuer's, and of keys."""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from tenantry.authz.claims import Claims, Credentials, InvalidToken, KeyClaims, ServiceKeyClaims
from tenantry.credentials.tokens.access_tokens import AccessTokens
from tenantry.credentials.tokens.external_identity import ExternalIdentity
from tenantry.credentials.tokens.issuers import Issuer, TrustedIssuer, Verified, issuer_of, issuers
from tenantry.credentials.tokens.verification_keys import VerificationKey
from tenantry.kit import bearer_keys
from tenantry.postgres.reader import Executor
from tenantry.postgres.statement import Statement

REMEMBERED_SECONDS = 600.0
"""The maximum time in the cache for a verified token."""
_CACHED = 20_000


class _Known(NamedTuple):
    user_id: UUID
    session_id: UUID
    expires_at: datetime


# A session in its last day is left out: provisioning extends it.
_KNOWN = Statement(
    """
    select i.user_id, i.session_id, s.expires_at
      from identities i join sessions s on s.id = i.session_id and s.user_id = i.user_id
     where i.issuer = $1 and i.subject = $2 and (i.refused_until is null or i.refused_until < $3)
       and s.ended_at is null and s.expires_at > now() + interval '1 day'
""",
    _Known,
)


@dataclass(frozen=True, slots=True)
class _Remembered:
    """A cached identification of an issuer's token, trusted as long as its key."""

    claims: Claims
    until: float
    issuer: Issuer
    key: VerificationKey

    def holds(self, now: float) -> bool:
        return now < self.until and self.issuer.still_trusts(self.key)


class Authentication:
    """Verifies our own tokens and those of trusted issuers.

    The user of an issuer's token is cached for at most `REMEMBERED_SECONDS`, and only as long as
    the issuer publishes the key that signed it. The session is still read from the database every
    time.
    """

    def __init__(
        self,
        tokens: AccessTokens,
        trusted: Sequence[TrustedIssuer] = (),
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """OSError or ValueError if an issuer's key file cannot be read."""
        self._tokens = tokens
        self._clock = clock
        self._issuers = issuers(trusted)
        self._known: OrderedDict[bytes, _Remembered] = OrderedDict()

    async def close(self) -> None:
        for issuer in self._issuers.values():
            await issuer.close()

    async def authenticate(self, token: str, exchange: Executor) -> Credentials | ExternalIdentity:
        """The person or key of a token. InvalidToken whatever the cause; IssuerUnavailable.

        Whether a key is valid is checked with the authorization.
        """
        if token.startswith(bearer_keys.FAMILY):
            return _key(token)
        if not self._issuers or self._tokens.remembers(token):
            return self._tokens.verify(token)
        digest = sha256(token.encode()).digest()
        known = self._known.get(digest)
        if known is not None and known.holds(self._clock()):
            return known.claims
        name = issuer_of(token)
        issuer = None if name == self._tokens.issuer else self._issuers.get(name or "")
        if issuer is None:
            return self._tokens.verify(token)
        return await self._verified(token, digest, issuer, exchange)

    async def _verified(
        self, token: str, digest: bytes, issuer: Issuer, exchange: Executor
    ) -> Claims | ExternalIdentity:
        verified = await issuer.verify(token)
        found = await _identified(verified, exchange)
        if found is None:
            return verified.subject
        claims, session_expires = found
        until = min(verified.expires, session_expires, self._clock() + REMEMBERED_SECONDS)
        if len(self._known) >= _CACHED:
            self._known.popitem(last=False)
        self._known[digest] = _Remembered(claims, until, issuer, verified.key)
        return claims


async def _identified(verified: Verified, exchange: Executor) -> tuple[Claims, float] | None:
    """The token's claims, and when the session expires; None for a subject to provision."""
    subject = verified.subject
    (result,) = await exchange([_KNOWN(subject.issuer, subject.subject, subject.issued_at)])
    if not result.rows:
        return None
    known: _Known = result.rows[0]
    return Claims(known.user_id, known.session_id), known.expires_at.timestamp()


def _key(token: str) -> KeyClaims | ServiceKeyClaims:
    key = bearer_keys.recognised(token, bearer_keys.API_KEY)
    if key is not None:
        return KeyClaims(key.digest)
    key = bearer_keys.recognised(token, bearer_keys.SERVICE_KEY)
    if key is not None:
        return ServiceKeyClaims(key.digest)
    raise InvalidToken
