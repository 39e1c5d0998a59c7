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
    """What a person asks to be let into: themselves, an organization, or one of its workspaces."""

    claims: Claims
    permission: Permission | None = None
    org_id: UUID | None = None
    workspace_id: UUID | None = None
    holds: bool = False
    """Whether a person who enters nothing but themselves stays until the transaction ends."""
    restores: bool = False
    """Whether an organization is entered that may be deleted: by its Admins, to restore it."""
    for_operators: bool = False
    """Whether nobody but operators is let in."""

    @property
    def is_possible(self) -> bool:
        """Whether anybody is let in at all."""
        return True

    @property
    def viewer(self) -> Viewer:
        """By whose eyes is read what stands behind it."""
        return self.claims.user_id

    def caller_id(self, result: Result) -> UUID:
        """Who is asking, for what is kept for each caller. Unauthenticated."""
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
        """Who is asking where no organization is entered. OperatorRequired where only they may."""
        actor = self.actor(result)
        if len(result.rows[0]) > 3 and result.rows[0][3]:
            return Operator(actor)
        if self.for_operators:
            raise OperatorRequired
        return actor

    def actor(self, result: Result) -> Actor:
        """Who is asking. Unauthenticated where their session has ended."""
        if not result.rows:
            raise Unauthenticated
        name, email, email_verified = result.rows[0][:3]
        return Actor(self.claims.user_id, self.claims.session_id, name, email, email_verified)

    def authority(self, result: Result) -> Authority:
        """What they may do here. NotFound to a stranger, PermissionDenied to other members."""
        actor, row = self.actor(result), result.rows[0]
        if self.org_id is None or self.permission is None or row[3] is None:
            raise NotFound
        if self.workspace_id is not None and row[8] is None:
            raise NotFound
        if not row[7]:
            raise PermissionDenied(required_permission=self.permission.value)
        there = RoleRef(*row[9:12]) if self.workspace_id is not None and row[9] else None
        return Authority(actor, self.org_id, row[3], RoleRef(*row[4:7]), self.permission, there)


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
    """The way in that a credential opens; the rest as of `Entrance`."""
    if isinstance(who, KeyClaims):
        return KeyAuthorization(who, permission, org_id, workspace_id, for_operators)
    if isinstance(who, ServiceKeyClaims):
        return ServiceKeyAuthorization(who, permission, for_operators)
    return Authorization(who, permission, org_id, workspace_id, holds, restores, for_operators)


class AuthorizedReader:
    """A read that carries its own entrance: the first fetch travels in one message with it.

    Nothing is handed out unless the entrance was granted; `authority` is there after that fetch.
    """

    authority: Authority

    def __init__(self, authorization: AnyAuthorization, exchange: Executor) -> None:
        self.entrance = authorization
        self.actor: Actor | None = None
        """Who reads, where no organization is entered."""
        self._exchange = exchange

    @property
    def claims(self) -> Claims:
        """Whose token it is; known before the database has been asked. PersonRequired."""
        if not isinstance(self.entrance.claims, Claims):
            raise PersonRequired
        return self.entrance.claims

    @property
    def user_id(self) -> UUID:
        """Which person reads. PersonRequired."""
        return self.claims.user_id

    @property
    def viewer(self) -> Viewer:
        """By whose eyes is read; known before the database has been asked."""
        return self.entrance.viewer

    @property
    def org_id(self) -> UUID:
        """Which organization it is about. NotFound where the request names none that could be."""
        if isinstance(self.entrance, ServiceKeyAuthorization) or self.entrance.org_id is None:
            raise NotFound
        return self.entrance.org_id

    async def authorize(self) -> None:
        """Enter without reading anything: for the refusals that come before a wrong query's."""
        await self._admitted([])

    async def rows(self, statement: BoundStatement[R]) -> list[R]:
        """The rows of a statement, seen with this authority."""
        return (await self._admitted([statement]))[0].rows

    async def row(self, statement: BoundStatement[R]) -> R | None:
        """The row of a statement that returns at most one."""
        rows = await self.rows(statement)
        return rows[0] if rows else None

    async def _admitted(self, statements: Sequence[BoundStatement]) -> list[Result]:
        # Every message enters anew: the tenant of the last one is gone with its transaction.
        result, *results = await self._exchange([self.entrance.statement(), *statements])
        if self.entrance.permission is None:
            person = self.entrance.person(result)
            self.actor = person.actor if isinstance(person, Operator) else person
        else:
            self.authority = self.entrance.authority(result)
        return results
