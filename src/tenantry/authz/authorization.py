"""Authorization: one statement finds out who asks, and whether they may do this.

`directory.authorize` sets the tenant, for its transaction only, where it grants. So the statements
behind it in the same message see rows only after a yes: row security does the rest.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
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
from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.claims import Claims, Credentials, KeyClaims, ServiceKeyClaims
from tenantry.authz.key_authorization import NOWHERE, KeyAuthorization, ServiceKeyAuthorization
from tenantry.kit.refusals import NotFound, PermissionDenied, Unauthenticated
from tenantry.postgres.connection import Result
from tenantry.postgres.statement import BoundStatement, R, Statement

_ALIVE = """
      from sessions s join users u on u.id = s.user_id and u.disabled_at is null
     where s.id = $1 and s.user_id = $2 and s.ended_at is null and s.expires_at > now()
"""
_SIGNED_IN = Statement(f"select u.name, u.email, u.email_verified_at is not null {_ALIVE}")
_PERHAPS_OPERATOR = Statement(f"""
    select u.name, u.email, u.email_verified_at is not null,
           exists (select from operators o where o.user_id = u.id) {_ALIVE}
""")
# A write that names a person keeps them from being deleted meanwhile: users are held before
# organizations are locked.
_PERHAPS_OPERATOR_HELD = Statement(f"{_PERHAPS_OPERATOR.sql} for key share of u")
_ENTER = Statement("select * from directory.authorize($1, $2, $3, $4)")
_ENTER_TO_RESTORE = Statement("select * from directory.authorize_restore($1, $2, $3, $4)")
_ENTER_WORKSPACE = Statement("select * from directory.authorize_in_workspace($1, $2, $3, $4, $5)")

Executor = Callable[[Sequence[BoundStatement]], Awaitable[list[Result]]]


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
        claims = self.claims
        if self.permission is None:
            return self._own_statement()(claims.session_id, claims.user_id)
        org_id = self.org_id or NOWHERE
        if self.workspace_id is None:
            statement = _ENTER_TO_RESTORE if self.restores else _ENTER
            return statement(claims.session_id, claims.user_id, org_id, self.permission.value)
        return _ENTER_WORKSPACE(
            claims.session_id, claims.user_id, org_id, self.permission.value, self.workspace_id
        )

    def _own_statement(self) -> Statement:
        if self.holds:
            return _PERHAPS_OPERATOR_HELD
        return _PERHAPS_OPERATOR if self.for_operators else _SIGNED_IN

    def person(self, result: Result) -> Actor | Operator:
        """The caller, without an organization. OperatorRequired where only operators may."""
        actor = self.actor(result)
        if len(result.rows[0]) > 3 and result.rows[0][3]:
            return Operator(actor)
        if self.for_operators:
            raise OperatorRequired
        return actor

    def actor(self, result: Result) -> Actor:
        """The person. Unauthenticated where the session has ended."""
        if not result.rows:
            raise Unauthenticated
        name, email, email_verified = result.rows[0][:3]
        return Actor(self.claims.user_id, self.claims.session_id, name, email, email_verified)

    def authority(self, result: Result) -> Authority:
        """The authority. NotFound for strangers, PermissionDenied for other members."""
        actor, row = self.actor(result), result.rows[0]
        if self.org_id is None or self.permission is None or row[3] is None:
            raise NotFound
        if self.workspace_id is not None and row[8] is None:
            raise NotFound
        if not row[7]:
            raise PermissionDenied(required_permission=self.permission.value)
        workspace_role = RoleRef(*row[9:12]) if self.workspace_id is not None and row[9] else None
        return Authority(
            actor, self.org_id, row[3], RoleRef(*row[4:7]), self.permission, workspace_role
        )


AnyAuthorization = Authorization | KeyAuthorization | ServiceKeyAuthorization


def authorization_of(
    who: Credentials,
    permission: Permission | None = None,
    org_id: UUID | None = None,
    workspace_id: UUID | None = None,
    *,
    holds: bool = False,
    restores: bool = False,
    for_operators: bool = False,
) -> AnyAuthorization:
    """The authorization for a credential; the parameters are those of `Authorization`."""
    if isinstance(who, KeyClaims):
        return KeyAuthorization(who, permission, org_id, workspace_id, for_operators)
    if isinstance(who, ServiceKeyClaims):
        return ServiceKeyAuthorization(who, permission, for_operators)
    return Authorization(who, permission, org_id, workspace_id, holds, restores, for_operators)


class AuthorizedReader:
    """A reader whose authorization is sent in one message with each fetch.

    It returns nothing unless that was granted; `authority` is set by the first fetch.
    """

    authority: Authority

    def __init__(self, authorization: AnyAuthorization, exchange: Executor) -> None:
        self.authorization = authorization
        self.actor: Actor | None = None
        """Who reads, without an organization."""
        self._exchange = exchange

    @property
    def claims(self) -> Claims:
        """The claims of a person's token, known before the first fetch. PersonRequired."""
        if not isinstance(self.authorization.claims, Claims):
            raise PersonRequired
        return self.authorization.claims

    @property
    def user_id(self) -> UUID:
        """The person. PersonRequired."""
        return self.claims.user_id

    @property
    def viewer(self) -> Viewer:
        """Whose visibility applies, known before the first fetch."""
        return self.authorization.viewer

    @property
    def org_id(self) -> UUID:
        """The organization. NotFound where the request names none that could exist."""
        if (
            isinstance(self.authorization, ServiceKeyAuthorization)
            or self.authorization.org_id is None
        ):
            raise NotFound
        return self.authorization.org_id

    async def authorize(self) -> None:
        """Authorize without a fetch, for refusals that come before those of the query."""
        await self._admitted([])

    async def rows(self, statement: BoundStatement[R]) -> list[R]:
        """The rows of a statement, read with this authority."""
        return (await self._admitted([statement]))[0].rows

    async def row(self, statement: BoundStatement[R]) -> R | None:
        """The row of a statement that returns at most one."""
        rows = await self.rows(statement)
        return rows[0] if rows else None

    async def _admitted(self, statements: Sequence[BoundStatement]) -> list[Result]:
        # Every message is authorized: the tenant of the last one is gone with its transaction.
        result, *results = await self._exchange([self.authorization.statement(), *statements])
        if self.authorization.permission is None:
            person = self.authorization.person(result)
            self.actor = person.actor if isinstance(person, Operator) else person
        else:
            self.authority = self.authorization.authority(result)
        return results
