"""Authorization of keys: an organization's API keys, and the product's service keys."""

from dataclasses import dataclass
from typing import Never
from uuid import UUID

from tenantry.authz.authority import (
    Authority,
    KeyActor,
    KeyOwner,
    LockedAuthority,
    OperatorRequired,
    PersonRequired,
    RoleRef,
    ServiceKey,
    Viewer,
)
from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.claims import InvalidToken, KeyClaims, ServiceKeyClaims
from tenantry.kit.ids import Kind
from tenantry.kit.refusals import NotFound, PermissionDenied
from tenantry.postgres.connection import Result
from tenantry.postgres.statement import BoundStatement, Statement


@dataclass(frozen=True, slots=True)
class _Row:
    key_id: UUID
    key_name: str
    account_id: UUID | None
    account_name: str | None
    owner: KeyOwner | None
    role: RoleRef
    bound_to: UUID | None
    permissions: frozenset[str]
    in_scope: bool
    granted: bool


_AUTHORIZE_KEY = Statement("select * from directory.authorize_key($1, $2, $3, $4)", _Row)
_SERVICE_KEY = Statement("select * from directory.active_service_key($1)", ServiceKey)

NOWHERE = UUID(int=0)
"""An id that no organization has: a request for it is refused like an unknown organization."""


@dataclass(frozen=True, slots=True)
class KeyAuthorization:
    """A key's request for a permission in its organization, or in one of its workspaces."""

    claims: KeyClaims
    permission: Permission | None = None
    org_id: UUID | None = None
    workspace_id: UUID | None = None
    for_operators: bool = False
    """Whether the caller must be an operator: a key never is."""

    @property
    def is_possible(self) -> bool:
        """Whether the request can be granted at all: a key has no account of its own."""
        return self.permission is not None

    @property
    def viewer(self) -> Viewer:
        """Whose visibility applies to what is read."""
        return self.claims.digest

    def statement(self) -> BoundStatement:
        """The statement that decides; it goes first in its message."""
        permission = self.permission.value if self.permission else ""
        org_id = self.org_id or NOWHERE
        return _AUTHORIZE_KEY(self.claims.digest, org_id, permission, self.workspace_id)

    def caller_id(self, result: Result) -> UUID:
        """The caller's id, for what is kept for each caller. InvalidToken."""
        return self._actor(result).key_id

    def person(self, result: Result) -> Never:
        """Always raises: InvalidToken if the key is not valid, otherwise OperatorRequired or
        PersonRequired."""
        self._actor(result)
        raise OperatorRequired if self.for_operators else PersonRequired

    def authority(self, result: Result) -> Authority:
        """The key's authority. InvalidToken; NotFound elsewhere; PermissionDenied."""
        actor = self._actor(result)
        row: _Row = result.rows[0]
        if self.org_id is None or self.permission is None or not row.in_scope:
            raise NotFound
        if not row.granted:
            raise PermissionDenied(required_permission=self.permission.value)
        workspace_role = None if row.bound_to is None else row.role
        return Authority(actor, self.org_id, None, row.role, self.permission, workspace_role)

    def locked_authority(self, result: Result) -> LockedAuthority:
        """The same under the organization's lock, with all permissions of the key here."""
        authority = self.authority(result)
        row: _Row = result.rows[0]
        return LockedAuthority(authority, row.permissions)

    def _actor(self, result: Result) -> KeyActor:
        if not result.rows:
            raise InvalidToken
        row: _Row = result.rows[0]
        kind, id, name = Kind.API_KEY, row.key_id, row.key_name
        if row.account_id is not None and row.account_name is not None:
            kind, id, name = Kind.SERVICE_ACCOUNT, row.account_id, row.account_name
        actor = KeyActor(row.key_id, kind, id, name, self.claims.digest, row.owner)
        self.claims.on_authenticated(actor)
        return actor


@dataclass(frozen=True, slots=True)
class ServiceKeyAuthorization:
    """A service key's request: it belongs to no organization and has no account."""

    claims: ServiceKeyClaims
    permission: Permission | None = None
    for_operators: bool = False

    @property
    def is_possible(self) -> bool:
        """Whether the request can be granted at all."""
        return False

    @property
    def viewer(self) -> Viewer:
        """Whose visibility applies to what is read: a service key sees no organization."""
        return self.claims.digest

    def statement(self) -> BoundStatement:
        """The statement that finds the key; it goes first in its message."""
        return _SERVICE_KEY(self.claims.digest)

    def service_key(self, result: Result) -> ServiceKey:
        """The service key. InvalidToken if it is not valid."""
        if not result.rows:
            raise InvalidToken
        key: ServiceKey = result.rows[0]
        self.claims.on_authenticated(key)
        return key

    def caller_id(self, result: Result) -> UUID:
        """The caller's id, for what is kept for each caller. InvalidToken."""
        return self.service_key(result).id

    def person(self, result: Result) -> Never:
        """Always raises, as for an API key."""
        self.service_key(result)
        raise OperatorRequired if self.for_operators else PersonRequired

    def authority(self, result: Result) -> Never:
        """Always raises: InvalidToken if the key is not valid, otherwise NotFound."""
        self.service_key(result)
        raise NotFound
