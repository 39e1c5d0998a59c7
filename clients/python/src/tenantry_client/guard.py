"""The guard of a service: who bears this token, and may they do this, there?"""

import time
from collections.abc import Callable

import httpx2

from tenantry_client.answers import ANYTHING, Notices, can_be_asked, decided, refused
from tenantry_client.client import AsyncTenantry, Tenantry
from tenantry_client.decisions import Decision, Decisions, Question, asking
from tenantry_client.problems import PermissionDenied, Problem
from tenantry_client.tokens import OrganizationToken
from tenantry_client.verifying import AsyncVerifier, Verifier

REMEMBERED_SECONDS = 3.0
"""How long an answer is believed, where nothing newer is heard of."""
REMEMBERED_AT_MOST = 10_000


class Guard:
    """For code that waits; see `AsyncGuard`."""

    def __init__(
        self,
        issuer: str,
        *,
        audience: str,
        service_key: str | None = None,
        remember: float = REMEMBERED_SECONDS,
        http: httpx2.Client | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """With a `service_key`, Tenantry is asked for each decision; without, the token decides.

        ValueError if the issuer's address or the key is malformed.
        """
        ensure_service_key(service_key)
        self._verifier = Verifier(issuer, audience=audience, http=http, clock=clock)
        self._client = Tenantry(issuer, token=service_key, http=http) if service_key else None
        self.decisions = Decisions(seconds=remember, size=REMEMBERED_AT_MOST, clock=clock)
        self.notices = Notices()

    def verify(self, token: str) -> OrganizationToken:
        """Who bears the token, and where. TokenRefused; Unreachable."""
        return self._verifier.verify(token)

    def check(
        self,
        bearer: OrganizationToken,
        permission: str,
        workspace: str | None = None,
        *,
        at_least: int | None = None,
    ) -> Decision:
        """Whether they may do this there, at a revision that is `at_least` so new.

        Unreachable, Misconfigured or another Problem where Tenantry is asked, and gives no answer:
        never a yes. A workspace whose id is none is not allowed, like one that is unknown.
        """
        if self._client is None:
            return decided_by(bearer, permission, workspace)
        question = Question(bearer.organization_id, bearer.user_id, permission, workspace)
        if not can_be_asked(question):
            return Decision(False)
        known = self.decisions.find(question, at_least)
        if known is not None:
            return known
        decision = self._asked(self._client, question, at_least)
        self.decisions.keep(question, decision)
        return decision

    def require(
        self,
        token: str,
        permission: str,
        workspace: str | None = None,
        *,
        at_least: int | None = None,
    ) -> OrganizationToken:
        """Who bears the token, where they may do this; PermissionDenied where they may not."""
        bearer = self.verify(token)
        if not self.check(bearer, permission, workspace, at_least=at_least).allowed:
            raise denied(permission)
        return bearer

    def ensure_ready(self) -> None:
        """Check the configuration, for when a service starts.

        Misconfigured, which says what to change; Unreachable where Tenantry does not answer.
        """
        self._verifier.fetch_keys()
        if self._client is not None:
            self._asked(self._client, ANYTHING, None)

    def _asked(self, client: Tenantry, question: Question, at_least: int | None) -> Decision:
        try:
            answer = client.send(asking(question, at_least))
        except Problem as refusal:
            raise refused(refusal, question) from refusal
        return decided(answer, question, self.notices)

    def close(self) -> None:
        """Let go of the connections."""
        self._verifier.close()
        if self._client is not None:
            self._client.close()


class AsyncGuard:
    """Guards a service by the tokens that are shown to it.

    Tokens are verified here, by discovery. Whether the bearer may do something is then asked of
    Tenantry, by the service's key, and remembered for a few seconds: a removal acts within them. A
    guard without a key believes the token itself: a removal acts within the token's five minutes.
    """

    def __init__(
        self,
        issuer: str,
        *,
        audience: str,
        service_key: str | None = None,
        remember: float = REMEMBERED_SECONDS,
        http: httpx2.AsyncClient | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`issuer` is Tenantry's address as its tokens say it, `audience` what this service is
        called in TENANTRY_AUDIENCES. ValueError if the address or the key is malformed."""
        ensure_service_key(service_key)
        self._verifier = AsyncVerifier(issuer, audience=audience, http=http, clock=clock)
        self._client = AsyncTenantry(issuer, token=service_key, http=http) if service_key else None
        self.decisions = Decisions(seconds=remember, size=REMEMBERED_AT_MOST, clock=clock)
        self.notices = Notices()

    async def verify(self, token: str) -> OrganizationToken:
        """Who bears the token, and where. TokenRefused; Unreachable."""
        return await self._verifier.verify(token)

    async def check(
        self,
        bearer: OrganizationToken,
        permission: str,
        workspace: str | None = None,
        *,
        at_least: int | None = None,
    ) -> Decision:
        """Whether they may do this there, at a revision that is `at_least` so new.

        Unreachable, Misconfigured or another Problem where Tenantry is asked, and gives no answer:
        never a yes. A workspace whose id is none is not allowed, like one that is unknown.
        """
        if self._client is None:
            return decided_by(bearer, permission, workspace)
        question = Question(bearer.organization_id, bearer.user_id, permission, workspace)
        if not can_be_asked(question):
            return Decision(False)
        known = self.decisions.find(question, at_least)
        if known is not None:
            return known
        decision = await self._asked(self._client, question, at_least)
        self.decisions.keep(question, decision)
        return decision

    async def require(
        self,
        token: str,
        permission: str,
        workspace: str | None = None,
        *,
        at_least: int | None = None,
    ) -> OrganizationToken:
        """Who bears the token, where they may do this; PermissionDenied where they may not."""
        bearer = await self.verify(token)
        if not (await self.check(bearer, permission, workspace, at_least=at_least)).allowed:
            raise denied(permission)
        return bearer

    async def ensure_ready(self) -> None:
        """Check the configuration, for when a service starts.

        Misconfigured, which says what to change; Unreachable where Tenantry does not answer.
        """
        await self._verifier.fetch_keys()
        if self._client is not None:
            await self._asked(self._client, ANYTHING, None)

    async def _asked(
        self, client: AsyncTenantry, question: Question, at_least: int | None
    ) -> Decision:
        try:
            answer = await client.send(asking(question, at_least))
        except Problem as refusal:
            raise refused(refusal, question) from refusal
        return decided(answer, question, self.notices)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._verifier.close()
        if self._client is not None:
            await self._client.close()


def ensure_service_key(key: str | None) -> None:
    """ValueError if a key is given that is not a service key."""
    if key is not None and not key.startswith("tnt_service_"):
        raise ValueError("expected a service key of Tenantry, which begins with tnt_service_")


def decided_by(bearer: OrganizationToken, permission: str, workspace: str | None) -> Decision:
    """What the token itself says.

    It speaks of the place that it was given for. A token of a workspace holds what counts there, so
    it says nothing of the organization, and nothing of other workspaces.
    """
    return Decision(bearer.workspace_id == workspace and permission in bearer.permissions)


def denied(permission: str) -> PermissionDenied:
    """A refusal as Tenantry itself would tell it."""
    told = {
        "code": "permission_denied",
        "detail": "Your role lacks the required permission.",
        "required_permission": permission,
    }
    return PermissionDenied(403, told)
