"""Who bears this token: somebody known, by our own or an issuer's; a new subject; or a key."""

import time
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import sha256

from tenantry.access.credentials import (
    Claims,
    Credentials,
    InvalidToken,
    KeyClaims,
    ServiceKeyClaims,
)
from tenantry.access.entrance import Exchange
from tenantry.access.issuers import TrustedIssuer, Verified, issuer_of, issuers
from tenantry.access.subjects import NewSubject
from tenantry.access.tokens import AccessTokens
from tenantry.database.statement import Statement
from tenantry.kit import bearer_keys

_CACHED = 20_000

# A session in its last day is no answer: whoever admits the subject lets it last on.
_KNOWN = Statement("""
    select i.user_id, i.session_id, s.expires_at
      from identities i join sessions s on s.id = i.session_id and s.user_id = i.user_id
     where i.issuer = $1 and i.subject = $2 and (i.refused_until is null or i.refused_until < $3)
       and s.ended_at is null and s.expires_at > now() + interval '1 day'
""")


class Authentication:
    """Verifies tokens of ours and of trusted issuers.

    Whose token an issuer's is, is remembered until the token expires, as with our own: it names a
    session, and whether that lives is read from the database every time.
    """

    def __init__(self, tokens: AccessTokens, trusted: Sequence[TrustedIssuer] = ()) -> None:
        """OSError or ValueError where an issuer's file of keys cannot be read."""
        self._tokens = tokens
        self._issuers = issuers(trusted)
        self._known: OrderedDict[bytes, tuple[Claims, float]] = OrderedDict()

    async def close(self) -> None:
        """Let go of what the issuers' keys hold."""
        for issuer in self._issuers.values():
            await issuer.close()

    async def authenticate(self, token: str, exchange: Exchange) -> Credentials | NewSubject:
        """Whose token it is, or which key. InvalidToken for every cause alike; IssuerUnavailable.

        Whether a key lives is seen on entering.
        """
        if token.startswith(bearer_keys.FAMILY):
            return _key(token)
        if not self._issuers or self._tokens.remembers(token):
            return self._tokens.verify(token)
        digest = sha256(token.encode()).digest()
        known = self._known.get(digest)
        if known is not None and known[1] > time.time():
            return known[0]
        name = issuer_of(token)
        issuer = None if name == self._tokens.issuer else self._issuers.get(name or "")
        if issuer is None:
            return self._tokens.verify(token)
        return await self._identified(digest, await issuer.verify(token), exchange)

    async def _identified(
        self, digest: bytes, verified: Verified, exchange: Exchange
    ) -> Claims | NewSubject:
        subject = verified.subject
        call = _KNOWN(subject.issuer, subject.subject, subject.issued_at)
        (answer,) = await exchange([call])
        if not answer.rows:
            return subject
        user_id, session_id, lasts_until = answer.rows[0]
        claims = Claims(user_id, session_id)
        if len(self._known) >= _CACHED:
            self._known.popitem(last=False)
        self._known[digest] = claims, min(verified.expires, lasts_until.timestamp())
        return claims


def _key(token: str) -> KeyClaims | ServiceKeyClaims:
    key = bearer_keys.recognised(token, bearer_keys.API_KEY)
    if key is not None:
        return KeyClaims(key.digest)
    key = bearer_keys.recognised(token, bearer_keys.SERVICE_KEY)
    if key is not None:
        return ServiceKeyClaims(key.digest)
    raise InvalidToken
