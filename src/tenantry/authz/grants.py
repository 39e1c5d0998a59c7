"""The bearer's role and permissions in an organization, for organization tokens."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from tenantry.authz.builtin_permissions import effective_permissions
from tenantry.authz.claims import Claims
from tenantry.kit.ids import Kind, parse
from tenantry.kit.refusals import NotFound, Unauthenticated
from tenantry.kit.text import is_slug
from tenantry.postgres.connection import Result
from tenantry.postgres.reader import Executor
from tenantry.postgres.statement import BoundStatement, Statement


class _Access(NamedTuple):
    org_id: UUID | None
    membership_id: UUID | None
    role_key: str | None
    permissions: list[str] | None
    workspace_id: UUID | None
    workspace_permissions: list[str] | None


_OWN = Statement("select * from directory.own_access($1, $2, $3, $4, $5, $6)", _Access)


@dataclass(frozen=True, slots=True)
class Scope:
    """An organization, and optionally one of its workspaces, each by its id or slug."""

    organization: str
    workspace: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """A member's role in an organization, and their effective permissions."""

    org_id: UUID
    membership_id: UUID
    role_key: str
    workspace_id: UUID | None
    permissions: tuple[str, ...]
    """In the workspace if there is one, else in the organization; in alphabetical order."""


async def find_grant(exchange: Executor, claims: Claims, scope: Scope) -> Grant:
    """The bearer's grant, in one message. Unauthenticated, NotFound: see `grant_of`."""
    (result,) = await exchange([grant_statement(claims, scope)])
    return grant_of(result, scope)


def grant_statement(claims: Claims, scope: Scope) -> BoundStatement[_Access]:
    org_id, org_slug = _named(Kind.ORGANIZATION, scope.organization)
    workspace_id, workspace_slug = _named(Kind.WORKSPACE, scope.workspace)
    return _OWN(claims.session_id, claims.user_id, org_id, org_slug, workspace_id, workspace_slug)


def grant_of(result: Result[_Access], scope: Scope) -> Grant:
    """The grant from the result of `grant_statement`.

    Unauthenticated if the session has ended; NotFound if the organization or workspace is unknown
    or not visible.
    """
    if not result.rows:
        raise Unauthenticated
    row = result.rows[0]
    if row.org_id is None or row.membership_id is None or row.role_key is None:
        raise NotFound
    if scope.workspace is not None and row.workspace_id is None:
        raise NotFound
    permissions = effective_permissions(row.permissions or (), row.workspace_permissions)
    return Grant(
        row.org_id, row.membership_id, row.role_key, row.workspace_id, tuple(sorted(permissions))
    )


def _named(kind: Kind, text: str | None) -> tuple[UUID | None, str | None]:
    """The id or the slug; None for both if the text is neither. No slug contains an underscore."""
    if text is None:
        return None, None
    return parse(kind, text), text if is_slug(text) else None
