"""Asking: whoever bears a credential, a person or a key, with a question about access."""

from uuid import UUID

from tenantry.authz.authorization import Executor, authorization_of
from tenantry.authz.claims import Claims, Credentials, KeyClaims, ServiceKeyClaims
from tenantry.postgres.statement import BoundStatement, R


class CheckCaller:
    """Somebody who asks, and enters nothing: what they may be told, the directory decides.

    The first question travels in one message with the statement that tells whether they live.
    """

    def __init__(self, who: Credentials, exchange: Executor) -> None:
        self._entrance = authorization_of(who)
        self._who = who
        self._exchange = exchange

    @property
    def is_product(self) -> bool:
        """Whether the product itself asks, who may ask about everybody."""
        return isinstance(self._who, ServiceKeyClaims)

    @property
    def is_key(self) -> bool:
        """Whether an organization's key asks, which is told what its role allows."""
        return isinstance(self._who, KeyClaims)

    @property
    def session_id(self) -> UUID | None:
        """A person's session."""
        return self._who.session_id if isinstance(self._who, Claims) else None

    @property
    def user_id(self) -> UUID | None:
        """The person."""
        return self._who.user_id if isinstance(self._who, Claims) else None

    @property
    def digest(self) -> bytes | None:
        """Of a key's secret."""
        return None if isinstance(self._who, Claims) else self._who.digest

    async def ensure_active(self) -> None:
        """See whether they live, and nothing else. Unauthenticated, InvalidToken."""
        (result,) = await self._exchange([self._entrance.statement()])
        self._entrance.caller_id(result)

    async def rows(self, statement: BoundStatement[R]) -> list[R]:
        """The answer to a question. Unauthenticated, InvalidToken."""
        alive, result = await self._exchange([self._entrance.statement(), statement])
        self._entrance.caller_id(alive)
        return result.rows
