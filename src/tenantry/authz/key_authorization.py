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
from tenantry.postgres.connection import Result, Row
from tenantry.postgres.statement import BoundStatement, Statement

_ENTER_BY_KEY = Statement("select * from directory.authorize_key($1, $2, $3, $4)")
_SERVICE_KEY = Statement("""
    select k.id, k.name
      from service_key_secrets s
      join service_keys k on k.id = s.key_id and (k.expires_at is null or k.expires_at > now())
     where s.digest = $1 and (s.expires_at is null or s.expires_at > now())
""")

# Names no organization and no workspace: entering it tells a stranger what an unknown one would.
NOWHERE = UUID(int=0)


@dataclass(frozen=True, slots=True)
class KeyAuthorization:
    """A key's request for a permission in its organization, or in one of its workspaces."""

    claims: KeyClaims
    permission: Permission | None = None
    org_id: UUID | None = None
    workspace_id: UUID | None = None
    for_operators: bool = False
    """Whether only operators may: no key is one."""

    @property
    def is_possible(self) -> bool:
        """Whether the request can be granted at all: keys have no account."""
        return self.permission is not None

    @property
    def viewer(self) -> Viewer:
        """Whose visibility applies to what is read."""
        return self.claims.digest

    def statement(self) -> BoundStatement:
        """The statement that decides; it goes first in its message."""
        permission = self.permission.value if self.permission else ""
        org_id = self.org_id or NOWHERE
        return _ENTER_BY_KEY(self.claims.digest, org_id, permission, self.workspace_id)

    def caller_id(self, result: Result) -> UUID:
        """The caller's id, for what is kept for each caller."""
        return self._valid_key(result).key_id

    def person(self, result: Result) -> Never:
        """Refuses: InvalidToken where the key is not valid, else OperatorRequired or
        PersonRequired."""
        self._valid_key(result)
        raise OperatorRequired if self.for_operators else PersonRequired

    def authority(self, result: Result) -> Authority:
        """What the key may do here. InvalidToken; NotFound to a stranger; PermissionDenied."""
        actor, row = self._valid_key(result), result.rows[0]
        role, bound_to, _, entered, granted = RoleRef(*row[7:10]), *row[10:14]
        if self.org_id is None or self.permission is None or not entered:
            raise NotFound
        if not granted:
            raise PermissionDenied(required_permission=self.permission.value)
        workspace_role = role if bound_to is not None else None
        return Authority(actor, self.org_id, None, role, self.permission, workspace_role)

    def locked_authority(self, result: Result) -> LockedAuthority:
        """The same under the organization's lock, with all that the key may do here."""
        authority = self.authority(result)
        return LockedAuthority(authority, frozenset(result.rows[0][11]))

    def _valid_key(self, result: Result) -> KeyActor:
        if not result.rows:
            raise InvalidToken
        actor = _actor(self.claims.digest, result.rows[0])
        self.claims.told(actor)
        return actor


@dataclass(frozen=True, slots=True)
class ServiceKeyAuthorization:
    """A service key's request: it is a stranger to every organization, and has no account."""

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
        """Which key it is. InvalidToken where it is not valid."""
        if not result.rows:
            raise InvalidToken
        found = ServiceKey(*result.rows[0])
        self.claims.told(found)
        return found

    def caller_id(self, result: Result) -> UUID:
        """The caller's id, for what is kept for each caller."""
        return self.service_key(result).id

    def person(self, result: Result) -> Never:
        """Refuses, as with an organization's key."""
        self.service_key(result)
        raise OperatorRequired if self.for_operators else PersonRequired

    def authority(self, result: Result) -> Never:
        """Refuses: InvalidToken where the key is not valid, else NotFound."""
        self.service_key(result)
        raise NotFound


def _actor(digest: bytes, row: Row) -> KeyActor:
    key_id, key_name, account_id, account_name, owner_id, owner_name, is_verified = row[:7]
    if account_id is not None:
        return KeyActor(key_id, Kind.SERVICE_ACCOUNT, account_id, account_name, digest)
    owner = KeyOwner(owner_id, owner_name, is_verified)
    return KeyActor(key_id, Kind.API_KEY, key_id, key_name, digest, owner)
