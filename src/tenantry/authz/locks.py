"""The organization's lock, for every change of memberships, roles, seats and invitations."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from tenantry.authz.authority import Actor, Authority, KeyActor, LockedAuthority
from tenantry.authz.builtin_permissions import effective_permissions
from tenantry.authz.claims import KeyClaims
from tenantry.authz.key_authorization import KeyAuthorization
from tenantry.kit.refusals import NotFound, PermissionDenied, Unauthenticated
from tenantry.postgres.connection import Result
from tenantry.postgres.statement import BoundStatement, R, Statement
from tenantry.postgres.transaction import Tx
from tenantry.schema.tenant import set_tenant


class _Locked(NamedTuple):
    revision: int
    is_live: bool = True


class _Rechecked(NamedTuple):
    role_key: str
    permissions: list[str]
    workspace_permissions: list[str] | None = None


# The update locks the row as FOR NO KEY UPDATE does: a plain FOR UPDATE would block the key check
# of every child row's insert.
_LOCK = Statement(
    """
    update organizations set revision = revision + 1
     where org_id = $1 and deleted_at is null and disabled_at is null returning revision
""",
    _Locked,
)
_LOCK_KEPT = Statement(
    """
    update organizations set revision = revision + 1 where org_id = $1
    returning revision, deleted_at is null as is_live
""",
    _Locked,
)
_LOCK_TO_RESTORE = Statement(
    """
    update organizations set revision = revision + 1 where org_id = $1 and disabled_at is null
    returning revision, deleted_at is null as is_live
""",
    _Locked,
)
_RECHECK = Statement(
    """
    select m.role_key, directory.permissions_of(m.role_key, m.held) as permissions
      from directory.active_memberships() m
     where m.org_id = $1 and m.membership_id = $2
""",
    _Rechecked,
)
_RECHECK_IN_WORKSPACE = Statement(
    """
    select m.role_key, directory.permissions_of(m.role_key, m.held) as permissions,
           directory.permissions_of(m.workspace_role_key, m.workspace_permissions)
             as workspace_permissions
      from directory.active_memberships_in($3) m
     where m.org_id = $1 and m.membership_id = $2 and m.workspace_id is not null
""",
    _Rechecked,
)
_OWN = Statement(
    """
    select m.membership_id from directory.active_memberships() m
     where m.org_id = $1 and m.user_id = $2
""",
    UUID,
)
_ACTIVE_SESSION = Statement("select user_id from directory.active_session($1, $2)", UUID)
# Prevents a person's deletion while rows that refer to them are written. No foreign key does this,
# because users may be stored elsewhere one day.
_HOLD_USER = Statement("select id from users where id = $1 for key share", UUID)
# Conflicts with every such lock: a deletion waits for transactions that refer to the person.
_LOCK_USER = Statement("select id from users where id = $1 for update", UUID)


async def lock_organization(tx: Tx, authority: Authority) -> LockedAuthority:
    """Lock the actor's row, lock the organization until the transaction ends, raise its revision.

    The authority may have changed while this waited for the lock, so it is checked again:
    Unauthenticated if the session or key has ended, NotFound if the membership has ended,
    PermissionDenied if the permission was removed.
    """
    _, locked, _ = await _lock(tx, authority, _LOCK)
    return locked


async def lock_and_read(
    tx: Tx, authority: Authority, *reads: BoundStatement
) -> tuple[LockedAuthority, list[Result]]:
    """`lock_organization`, with the results of reads under the lock, in the same message."""
    _, locked, results = await _lock(tx, authority, _LOCK, reads=reads)
    return locked, results


async def lock_for_workspace(tx: Tx, authority: Authority, workspace_id: UUID) -> LockedAuthority:
    """`lock_organization` for a permission in one workspace, where the role in it counts too.

    NotFound also if the workspace was deleted or is no longer visible.
    """
    _, locked, _ = await _lock(tx, authority, _LOCK, workspace_id)
    return locked


async def lock_to_restore(tx: Tx, authority: Authority) -> bool:
    """`lock_organization` for one that may be deleted, which only its Admins can see.

    Returns whether it is live.
    """
    organization, _, _ = await _lock(tx, authority, _LOCK_TO_RESTORE)
    return organization.is_live


async def lock_as_member(tx: Tx, actor: Actor, org_id: UUID) -> UUID:
    """`lock_organization` for what every member may do; returns the membership id. NotFound."""
    set_tenant(tx, org_id)
    # Checked before and under the lock, so that non-members cannot block anyone.
    if await tx.row(_OWN(org_id, actor.id)) is None:
        raise NotFound
    _, membership_id, _ = await _lock_as_person(tx, actor, org_id, _LOCK, _OWN(org_id, actor.id))
    return membership_id


async def lock_actor(tx: Tx, actor: Actor) -> None:
    """Block all writes that refer to the actor. Call it before organizations are locked.

    Unauthenticated if the session has ended.
    """
    _, active = await tx.execute(
        [_LOCK_USER(actor.id), _ACTIVE_SESSION(actor.session_id, actor.id)]
    )
    if not active.rows:
        raise Unauthenticated


async def lock_user(tx: Tx, user_id: UUID) -> None:
    """Block all writes that refer to a person. NotFound if the account was deleted."""
    if await tx.row(_LOCK_USER(user_id)) is None:
        raise NotFound


async def lock_organization_row(tx: Tx, org_id: UUID) -> int:
    """Only lock, for use cases that rely on a token instead of a membership.

    Returns the new revision. NotFound if the organization was deleted.
    """
    return _locked(tx, org_id, await tx.rows(_LOCK(org_id))).revision


async def lock_kept_organization(tx: Tx, org_id: UUID) -> bool:
    """Lock an organization that may be deleted; returns whether it is live.

    The transaction's tenant must be this organization.
    """
    rows = await tx.rows(_LOCK_KEPT(org_id))
    return bool(rows) and _locked(tx, org_id, rows).is_live


async def _lock(
    tx: Tx,
    authority: Authority,
    lock: Statement[_Locked],
    workspace_id: UUID | None = None,
    *,
    reads: Sequence[BoundStatement] = (),
) -> tuple[_Locked, LockedAuthority, list[Result]]:
    actor, org_id, membership_id = authority.actor, authority.org_id, authority.membership_id
    if isinstance(actor, KeyActor):
        return await _lock_as_key(tx, authority, actor, lock, workspace_id, reads)
    recheck = (
        _RECHECK(org_id, membership_id)
        if workspace_id is None
        else _RECHECK_IN_WORKSPACE(org_id, membership_id, workspace_id)
    )
    organization, found, results = await _lock_as_person(tx, actor, org_id, lock, recheck, reads)
    if not organization.is_live and found.role_key != "admin":
        raise NotFound
    permissions = effective_permissions(found.permissions, found.workspace_permissions)
    if authority.permission not in permissions:
        raise PermissionDenied(required_permission=authority.permission.value)
    return organization, LockedAuthority(authority, permissions), results


async def _lock_as_person(
    tx: Tx,
    actor: Actor,
    org_id: UUID,
    lock: Statement[_Locked],
    recheck: BoundStatement[R],
    reads: Sequence[BoundStatement] = (),
) -> tuple[_Locked, R, list[Result]]:
    user, organization, session, found, *results = await tx.execute(
        [
            _HOLD_USER(actor.id),
            lock(org_id),
            _ACTIVE_SESSION(actor.session_id, actor.id),
            recheck,
            *reads,
        ]
    )
    if not session.rows:
        raise Unauthenticated
    if not (user.rows and found.rows):
        raise NotFound
    return _locked(tx, org_id, organization.rows), found.rows[0], results


async def _lock_as_key(
    tx: Tx,
    authority: Authority,
    actor: KeyActor,
    lock: Statement[_Locked],
    workspace_id: UUID | None,
    reads: Sequence[BoundStatement],
) -> tuple[_Locked, LockedAuthority, list[Result]]:
    """The same for a key, which is authorized again by its usual statement."""
    org_id = authority.org_id
    claims = KeyClaims(actor.digest)
    authorization = KeyAuthorization(claims, authority.permission, org_id, workspace_id)
    holds = [_HOLD_USER(actor.owner.id)] if actor.owner else []
    answers = await tx.execute([*holds, lock(org_id), authorization.statement(), *reads])
    organization, found, *results = answers[len(holds) :]
    locked = authorization.locked_authority(found)
    return _locked(tx, org_id, organization.rows), locked, results


def _locked(tx: Tx, org_id: UUID, rows: Sequence[_Locked]) -> _Locked:
    """The locked organization; its new revision is recorded in `tx`. NotFound."""
    if not rows:
        raise NotFound
    tx.revisions[org_id] = rows[0].revision
    return rows[0]
