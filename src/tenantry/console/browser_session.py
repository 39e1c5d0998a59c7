"""The session that the browser of a request holds."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from tenantry.authz.authority import Actor
from tenantry.authz.authorization import Authorization
from tenantry.authz.claims import Claims
from tenantry.http.cookies import SESSION, Jar
from tenantry.identity.sessions import actions as sessions
from tenantry.identity.sessions.model import Opened
from tenantry.kit.refusals import Unauthenticated
from tenantry.kit.secrets import Secret
from tenantry.postgres.reader import UnscopedReader
from tenantry.postgres.transaction import Tx
from tenantry.postgres.unit_of_work import UnitOfWork

T = TypeVar("T")


class BrowserSession:
    """The session secret in the browser's cookie, and its user."""

    def __init__(self, jar: Jar, work: UnitOfWork) -> None:
        self._jar = jar
        self._work = work

    @property
    def is_held(self) -> bool:
        return self._secret is not None

    async def claims(self) -> Claims | None:
        """Whose session the browser has; None if it has ended. Authorizes nothing."""
        if self._secret is None:
            return None
        reader = UnscopedReader(self._work.database.execute)
        return await sessions.find_by_secret(reader, self._secret)

    async def actor(self, tx: Tx) -> Actor | None:
        claims = await self._claims(tx)
        if claims is None:
            return None
        try:
            return await _actor(tx, Authorization(claims))
        except Unauthenticated:  # the session is valid, but its user is disabled
            return None

    async def run_entered(self, act: Callable[[Tx, Actor], Awaitable[T]]) -> T:
        """Run an act as the person who is signed in, who cannot be deleted meanwhile.

        Unauthenticated where there is no such session.
        """

        async def enter(tx: Tx) -> T:
            claims = await self._claims(tx)
            if claims is None:
                raise Unauthenticated
            return await act(tx, await _actor(tx, Authorization(claims, holds=True)))

        return await self._work.run(enter)

    def keep(self, opened: Opened) -> None:
        self._jar.put(SESSION, opened.refresh_token.text)

    async def end(self) -> None:
        held = self._secret
        if held is None:
            return
        await self._work.run(lambda tx: sessions.end_by_secret(tx, held))
        self._jar.drop(SESSION)

    async def _claims(self, tx: Tx) -> Claims | None:
        return await sessions.find_by_secret(tx, self._secret) if self._secret else None

    @property
    def _secret(self) -> Secret | None:
        kept = self._jar.get(SESSION)
        return Secret(kept) if kept else None


async def _actor(tx: Tx, authorization: Authorization) -> Actor:
    (answer,) = await tx.execute([authorization.statement()])
    return authorization.actor(answer)
