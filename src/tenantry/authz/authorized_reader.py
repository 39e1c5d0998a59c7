"""Reads that are authorized in the message that carries them."""

from typing import NamedTuple, Self
from uuid import UUID

from tenantry.authz.authority import Actor, Authority, Operator, PersonRequired, Viewer
from tenantry.authz.authorization import AnyAuthorization, Authorization, authorization_of
from tenantry.authz.builtin_permissions import Permission, effective_permissions
from tenantry.authz.claims import Claims, Credentials
from tenantry.authz.key_authorization import ServiceKeyAuthorization
from tenantry.kit.refusals import NotFound
from tenantry.postgres.connection import Result
from tenantry.postgres.reader import Executor
from tenantry.postgres.statement import BoundStatement, R, Statement


class _Permissions(NamedTuple):
    permissions: list[str]
    workspace_permissions: list[str] | None


_PERMISSIONS = Statement(
    """
    select directory.permissions_of(m.role_key, m.held) as permissions,
           directory.permissions_of(m.workspace_role_key, m.workspace_permissions)
             as workspace_permissions
      from directory.active_memberships_in($3) m
     where m.org_id = $1 and m.user_id = $2
""",
    _Permissions,
)


class AuthorizedReader:
    """A reader that sends its authorization with each fetch, in one message.

    It returns rows only if access was granted. The attributes about the caller are set by the first
    fetch.
    """

    authority: Authority
    actor: Actor | None = None
    """The person, if the read is not about an organization."""
    is_operator: bool = False
    """Whether that person is an operator."""
    is_authorized: bool = False
    """Whether a fetch has authorized the caller."""
    permissions: frozenset[str] = frozenset()
    """All permissions of the caller here, if the reader was created by `with_permissions`."""
    _permissions: BoundStatement[_Permissions] | None = None

    def __init__(self, authorization: AnyAuthorization, exchange: Executor) -> None:
        self.authorization = authorization
        self._exchange = exchange

    @classmethod
    def with_permissions(cls, authorization: Authorization, exchange: Executor) -> Self:
        """A reader that also fetches the caller's permissions, so that pages can hide actions.

        They decide nothing: each page and form is authorized separately.
        """
        reader, user_id = cls(authorization, exchange), authorization.claims.user_id
        reader._permissions = _PERMISSIONS(
            authorization.org_id, user_id, authorization.workspace_id
        )
        return reader

    @property
    def claims(self) -> Claims:
        """The claims of a person's token, known before the first fetch. PersonRequired."""
        if not isinstance(self.authorization.claims, Claims):
            raise PersonRequired
        return self.authorization.claims

    @property
    def user_id(self) -> UUID:
        return self.claims.user_id

    @property
    def viewer(self) -> Viewer:
        """Whose visibility applies, known before the first fetch."""
        return self.authorization.viewer

    @property
    def org_id(self) -> UUID:
        """The organization. NotFound if the request names none that could exist."""
        if (
            isinstance(self.authorization, ServiceKeyAuthorization)
            or self.authorization.org_id is None
        ):
            raise NotFound
        return self.authorization.org_id

    def may(self, permission: Permission) -> bool:
        return permission.value in self.permissions

    async def authorize(self) -> None:
        """Authorize without fetching rows, for errors that precede those of the query."""
        await self._fetch()

    async def rows(self, statement: BoundStatement[R]) -> list[R]:
        """The rows of a statement, read with this authority."""
        return (await self._fetch(statement))[0].rows

    async def row(self, statement: BoundStatement[R]) -> R | None:
        rows = await self.rows(statement)
        return rows[0] if rows else None

    async def _fetch(self, *statements: BoundStatement) -> list[Result]:
        # Every message is authorized: the previous one's tenant ended with its transaction.
        also = [] if self._permissions is None else [self._permissions]
        result, *results = await self._exchange(
            [self.authorization.statement(), *also, *statements]
        )
        if self.authorization.permission is None:
            person = self.authorization.person(result)
            self.is_operator = isinstance(person, Operator)
            self.actor = person.actor if isinstance(person, Operator) else person
        else:
            self.authority = self.authorization.authority(result)
        self.is_authorized = True
        if also:
            found: Result[_Permissions] = results.pop(0)
            self.permissions = frozenset().union(
                *(effective_permissions(*row) for row in found.rows)
            )
        return results


class CheckCaller:
    """The caller of a check. They need no organization: the check decides what they learn.

    The statement that authenticates them is sent with each fetch, in one message.
    """

    def __init__(self, credentials: Credentials, exchange: Executor) -> None:
        self.credentials = credentials
        self._authorization = authorization_of(credentials)
        self._exchange = exchange

    async def ensure_active(self) -> None:
        """Unauthenticated or InvalidToken if the session or key has ended."""
        await self._fetch()

    async def rows(self, statement: BoundStatement[R]) -> list[R]:
        """The rows of a statement. Unauthenticated, InvalidToken."""
        return (await self._fetch(statement))[0].rows

    async def _fetch(self, *statements: BoundStatement) -> list[Result]:
        result, *results = await self._exchange([self._authorization.statement(), *statements])
        self._authorization.caller_id(result)
        return results
