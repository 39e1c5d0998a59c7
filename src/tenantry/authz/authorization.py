"""Authorization: the first statement of a message finds out who calls, and whether they may.

The functions `directory.authorize…` set the tenant only if they grant, and only for their
transaction. So the statements behind them in the same message see rows only if access was granted:
row security does the rest.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self
from uuid import UUID

from tenantry.authz.authority import (
    Actor,
    Authority,
    Operator,
    OperatorRequired,
    PersonRequired,
    RoleRef,
    Viewer,
)
from tenantry.authz.builtin_permissions import Permission, effective_permissions
from tenantry.authz.claims import Claims, Credentials, KeyClaims, ServiceKeyClaims
from tenantry.authz.key_authorization import NOWHERE, KeyAuthorization, ServiceKeyAuthorization
from tenantry.kit.refusals import NotFound, PermissionDenied, Unauthenticated
from tenantry.postgres.connection import Result
from tenantry.postgres.statement import BoundStatement, R, Statement

Executor = Callable[[Sequence[BoundStatement]], Awaitable[list[Result]]]


class _SignedIn(NamedTuple):
    user_name: str
    user_email: str
    email_verified: bool
    is_operator: bool


class _Authorized(NamedTuple):
    """A person whose session is active, and their right in an organization, if it is theirs."""

    user_name: str
    user_email: str
    email_verified: bool
    membership_id: UUID | None
    role: RoleRef | None
    granted: bool
    workspace_id: UUID | None = None
    """None if it is unknown, or the person does not see it."""
    workspace_role: RoleRef | None = None


class _Permissions(NamedTuple):
    permissions: list[str]
    workspace_permissions: list[str] | None


_PERSON = """
    select s.user_name, s.user_email, s.email_verified,
           exists (select from operators o where o.user_id = s.user_id) as is_operator
      from directory.active_session($1, $2) s
"""
_SIGNED_IN = Statement(_PERSON, _SignedIn)
# Keeps the person from being deleted while something that names them is written: users are locked
# before organizations.
_SIGNED_IN_AND_HELD = Statement(
    f"{_PERSON} join users u on u.id = s.user_id for key share of u", _SignedIn
)
_AUTHORIZE = Statement("select * from directory.authorize($1, $2, $3, $4)", _Authorized)
_AUTHORIZE_RESTORE = Statement(
    "select * from directory.authorize_restore($1, $2, $3, $4)", _Authorized
)
_AUTHORIZE_IN_WORKSPACE = Statement(
    "select * from directory.authorize_in_workspace($1, $2, $3, $4, $5)", _Authorized
)
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


@dataclass(frozen=True, slots=True)
class Authorization:
    """A person's request for a permission somewhere, or for what is their own."""

    claims: Claims
    permission: Permission | None = None
    org_id: UUID | None = None
    workspace_id: UUID | None = None
    holds: bool = False
    """Whether the person cannot be deleted until the transaction ends."""
    restores: bool = False
    """Whether the organization may be deleted: its Admins can restore it."""
    for_operators: bool = False
    """Whether only operators may."""

    @property
    def is_possible(self) -> bool:
        """Whether the request can be granted at all."""
        return True

    @property
    def viewer(self) -> Viewer:
        """Whose visibility applies to what is read."""
        return self.claims.user_id

    def caller_id(self, result: Result) -> UUID:
        """The caller's id, for what is kept for each caller. Unauthenticated."""
        if not result.rows:
            raise Unauthenticated
        return self.claims.user_id

    def statement(self) -> BoundStatement:
        """The statement that decides; it goes first in its message."""
        session_id, user_id = self.claims.session_id, self.claims.user_id
        if self.permission is None:
            return (_SIGNED_IN_AND_HELD if self.holds else _SIGNED_IN)(session_id, user_id)
        where = session_id, user_id, self.org_id or NOWHERE, self.permission.value
        if self.workspace_id is not None:
            return _AUTHORIZE_IN_WORKSPACE(*where, self.workspace_id)
        return (_AUTHORIZE_RESTORE if self.restores else _AUTHORIZE)(*where)

    def person(self, result: Result) -> Actor | Operator:
        """The caller, without an organization. OperatorRequired if only operators may."""
        actor = self.actor(result)
        row: _SignedIn = result.rows[0]
        if row.is_operator:
            return Operator(actor)
        if self.for_operators:
            raise OperatorRequired
        return actor

    def actor(self, result: Result) -> Actor:
        if not result.rows:
            raise Unauthenticated
        row: _SignedIn | _Authorized = result.rows[0]
        claims = self.claims
        return Actor(
            claims.user_id, claims.session_id, row.user_name, row.user_email, row.email_verified
        )

    def authority(self, result: Result) -> Authority:
        """The authority. NotFound for strangers, PermissionDenied for other members."""
        actor = self.actor(result)
        if self.org_id is None or self.permission is None:
            raise NotFound
        row: _Authorized = result.rows[0]
        if row.role is None or (self.workspace_id is not None and row.workspace_id is None):
            raise NotFound
        if not row.granted:
            raise PermissionDenied(required_permission=self.permission.value)
        return Authority(
            actor, self.org_id, row.membership_id, row.role, self.permission, row.workspace_role
        )


AnyAuthorization = Authorization | KeyAuthorization | ServiceKeyAuthorization


def authorization_of(
    credentials: Credentials,
    permission: Permission | None = None,
    org_id: UUID | None = None,
    workspace_id: UUID | None = None,
    *,
    holds: bool = False,
    restores: bool = False,
    for_operators: bool = False,
) -> AnyAuthorization:
    """The authorization for a credential; the parameters are those of `Authorization`."""
    if isinstance(credentials, KeyClaims):
        return KeyAuthorization(credentials, permission, org_id, workspace_id, for_operators)
    if isinstance(credentials, ServiceKeyClaims):
        return ServiceKeyAuthorization(credentials, permission, for_operators)
    return Authorization(
        credentials, permission, org_id, workspace_id, holds, restores, for_operators
    )


class AuthorizedReader:
    """A reader whose authorization is sent in one message with each fetch.

    It returns nothing unless that was granted. What it finds out about the caller is set by the
    first fetch.
    """

    authority: Authority
    actor: Actor | None = None
    """The person who reads, without an organization."""
    is_operator: bool = False
    """Whether that person is an operator."""
    is_authorized: bool = False
    """Whether a fetch has authorized the caller."""
    permissions: frozenset[str] = frozenset()
    """All that the caller may do here, if the reader was made `with_permissions`."""
    _permissions: BoundStatement[_Permissions] | None = None

    def __init__(self, authorization: AnyAuthorization, exchange: Executor) -> None:
        self.authorization = authorization
        self._exchange = exchange

    @classmethod
    def with_permissions(cls, authorization: Authorization, exchange: Executor) -> Self:
        """A reader that also reads what the caller may do, so that pages hide what is refused.

        That decides nothing: each page and form is authorized by itself.
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
        """Authorize without a fetch, for refusals that come before those of the query."""
        await self._fetch()

    async def rows(self, statement: BoundStatement[R]) -> list[R]:
        """The rows of a statement, read with this authority."""
        return (await self._fetch(statement))[0].rows

    async def row(self, statement: BoundStatement[R]) -> R | None:
        rows = await self.rows(statement)
        return rows[0] if rows else None

    async def _fetch(self, *statements: BoundStatement) -> list[Result]:
        # Every message is authorized: the tenant of the last one is gone with its transaction.
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
    """The caller of a check, authorized in no organization: the check decides what they learn.

    The statement that authenticates them is sent in one message with each fetch.
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
