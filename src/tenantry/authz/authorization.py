"""Authorization: the first statement of a message identifies the caller and checks the permission.

The functions `directory.authorize…` set the tenant only if access is granted, and only for their
transaction. So row security shows rows to the following statements of the message only if access
was granted.
"""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from tenantry.authz.authority import (
    Actor,
    Authority,
    Operator,
    OperatorRequired,
    RoleRef,
    Viewer,
)
from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.claims import Claims, Credentials, KeyClaims, ServiceKeyClaims
from tenantry.authz.key_authorization import NOWHERE, KeyAuthorization, ServiceKeyAuthorization
from tenantry.kit.refusals import NotFound, PermissionDenied, Unauthenticated
from tenantry.postgres.connection import Result
from tenantry.postgres.statement import BoundStatement, Statement


class _SignedIn(NamedTuple):
    user_name: str
    user_email: str
    email_verified: bool
    is_operator: bool


class _Authorized(NamedTuple):
    """A person with an active session, and their membership of the organization, if any."""

    user_name: str
    user_email: str
    email_verified: bool
    membership_id: UUID | None
    role: RoleRef | None
    granted: bool
    workspace_id: UUID | None = None
    """None if it is unknown or not visible to the person."""
    workspace_role: RoleRef | None = None


_PERSON = """
    select s.user_name, s.user_email, s.email_verified,
           exists (select from operators o where o.user_id = s.user_id) as is_operator
      from directory.active_session($1, $2) s
"""
_SIGNED_IN = Statement(_PERSON, _SignedIn)
# Prevents the person's deletion while rows that refer to them are written. Users are locked before
# organizations.
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


@dataclass(frozen=True, slots=True)
class Authorization:
    """A person's request for a permission in an organization, or for their own data."""

    claims: Claims
    permission: Permission | None = None
    org_id: UUID | None = None
    workspace_id: UUID | None = None
    holds: bool = False
    """Whether the person cannot be deleted until the transaction ends."""
    restores: bool = False
    """Whether a deleted organization is accepted too: its Admins can restore it."""
    for_operators: bool = False
    """Whether the caller must be an operator."""

    @property
    def is_possible(self) -> bool:
        """Whether the request can be granted at all."""
        return True

    @property
    def viewer(self) -> Viewer:
        """Whose visibility applies to what is read."""
        return self.claims.user_id

    def caller_id(self, result: Result) -> UUID:
        """The caller's id, for data that is stored per caller. Unauthenticated."""
        if not result.rows:
            raise Unauthenticated
        return self.claims.user_id

    def statement(self) -> BoundStatement:
        """The statement that decides; it must be the first one in its message."""
        session_id, user_id = self.claims.session_id, self.claims.user_id
        if self.permission is None:
            return (_SIGNED_IN_AND_HELD if self.holds else _SIGNED_IN)(session_id, user_id)
        where = session_id, user_id, self.org_id or NOWHERE, self.permission.value
        if self.workspace_id is not None:
            return _AUTHORIZE_IN_WORKSPACE(*where, self.workspace_id)
        return (_AUTHORIZE_RESTORE if self.restores else _AUTHORIZE)(*where)

    def person(self, result: Result) -> Actor | Operator:
        """The caller, without an organization. Unauthenticated, OperatorRequired."""
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
        """The caller's authority. NotFound for non-members, PermissionDenied for other members."""
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
