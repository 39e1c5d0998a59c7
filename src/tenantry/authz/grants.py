"""What the bearer of a token may do in an organization, for tokens that say so."""

from dataclasses import dataclass
from uuid import UUID

from tenantry.authz.authorization import Executor
from tenantry.authz.builtin_permissions import counting_in_workspace
from tenantry.authz.claims import Claims
from tenantry.kit.ids import Kind, parse
from tenantry.kit.refusals import NotFound, Unauthenticated
from tenantry.kit.text import is_slug
from tenantry.postgres.connection import Result
from tenantry.postgres.statement import BoundStatement, Statement

_OWN = Statement("select * from directory.own_access($1, $2, $3, $4, $5, $6)")


@dataclass(frozen=True, slots=True)
class Scope:
    """An organization, and perhaps one of its workspaces, each named by its id or its slug."""

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
    """In the one workspace where one is named, else in the organization; in alphabetical order."""


async def find_own(exchange: Executor, claims: Claims, place: Scope) -> Grant:
    """The bearer's grant, in one message. Unauthenticated, NotFound: see `own`."""
    (result,) = await exchange([asking_own(claims, place)])
    return own(result, place)


def asking_own(claims: Claims, place: Scope) -> BoundStatement:
    """The statement that reads the bearer's grant."""
    org_id, org_slug = _named(Kind.ORGANIZATION, place.organization)
    workspace_id, workspace_slug = _named(Kind.WORKSPACE, place.workspace)
    return _OWN(claims.session_id, claims.user_id, org_id, org_slug, workspace_id, workspace_slug)


def own(result: Result, place: Scope) -> Grant:
    """The grant that the statement has read.

    Unauthenticated where the session is over; NotFound alike for what is unknown and what may not
    be seen.
    """
    if not result.rows:
        raise Unauthenticated
    found, membership_id, role_key, permissions, seen_id, there = result.rows[0]
    if membership_id is None or (place.workspace is not None and seen_id is None):
        raise NotFound
    effective = sorted({*permissions, *counting_in_workspace(there or ())})
    return Grant(found, membership_id, role_key, seen_id, tuple(effective))


def _named(kind: Kind, text: str | None) -> tuple[UUID | None, str | None]:
    """By id or by slug: no slug has an underscore in it. What is neither names nothing."""
    if text is None:
        return None, None
    return parse(kind, text), text if is_slug(text) else None
