"""Readers for pages, which show only what the caller may do, and for checks."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tenantry.authz.authorization import Authorization, AuthorizedReader, Executor, authorization_of
from tenantry.authz.builtin_permissions import Permission, counting_in_workspace
from tenantry.authz.claims import Claims, Credentials, KeyClaims, ServiceKeyClaims
from tenantry.postgres.connection import Result
from tenantry.postgres.statement import BoundStatement, R, Statement

_PERMISSIONS = Statement("""
    select directory.permissions_of(m.role_key, m.held) as permissions,
           directory.permissions_of(m.workspace_role_key, m.workspace_permissions)
             as workspace_permissions
      from directory.active_memberships_in($3) m
     where m.org_id = $1 and m.user_id = $2
""")
_IS_OPERATOR = Statement("select 1 from operators where user_id = $1")


class ReaderWithPermissions(AuthorizedReader):
    """Reads the caller's `permissions` in the same message, so that pages hide what is refused.

    They decide nothing: each page and form is authorized by itself.
    """

    permissions: frozenset[str] = frozenset()
    has_entered: bool = False
    """Whether a fetch has authorized the caller."""

    def __init__(self, authorization: Authorization, exchange: Executor) -> None:
        super().__init__(authorization, exchange)
        self._person = authorization

    def may(self, permission: Permission) -> bool:
        """Whether the caller holds a permission; known after the first fetch."""
        return permission.value in self.permissions

    async def _admitted(self, statements: Sequence[BoundStatement]) -> list[Result]:
        person = self._person
        permissions = _PERMISSIONS(person.org_id, person.claims.user_id, person.workspace_id)
        first, *results = await super()._admitted([permissions, *statements])
        self.permissions, self.has_entered = _united(first), True
        return results


def _united(result: Result) -> frozenset[str]:
    if not result.rows:
        return frozenset()
    row: Any = result.rows[0]
    return frozenset(row[0]) | frozenset(counting_in_workspace(row[1] or ()))


class ReaderWithOperator(AuthorizedReader):
    """Also reads whether the caller is an operator, so that pages can link to operators' pages."""

    is_operator: bool = False

    async def _admitted(self, statements: Sequence[BoundStatement]) -> list[Result]:
        first, *results = await super()._admitted([_IS_OPERATOR(self.user_id), *statements])
        self.is_operator = bool(first.rows)
        return results


class CheckCaller:
    """The caller of a check, who enters no organization: the check itself decides what they learn.

    The first statement is sent in one message with the one that authenticates.
    """

    def __init__(self, who: Credentials, exchange: Executor) -> None:
        self._authorization = authorization_of(who)
        self._who = who
        self._exchange = exchange

    @property
    def is_product(self) -> bool:
        """Whether it is a service key, which may ask about everybody."""
        return isinstance(self._who, ServiceKeyClaims)

    @property
    def is_key(self) -> bool:
        """Whether it is an organization's key."""
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
        """Unauthenticated or InvalidToken where the session or key has ended."""
        (result,) = await self._exchange([self._authorization.statement()])
        self._authorization.caller_id(result)

    async def rows(self, statement: BoundStatement[R]) -> list[R]:
        """The rows of a statement. Unauthenticated, InvalidToken."""
        authenticated, result = await self._exchange([self._authorization.statement(), statement])
        self._authorization.caller_id(authenticated)
        return result.rows
