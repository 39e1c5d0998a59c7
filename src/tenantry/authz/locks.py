"""The organization's lock, for every change of memberships, roles, seats and invitations."""

from collections.abc import Iterable
from uuid import UUID

from tenantry.authz.authority import Actor, Authority, KeyActor, LockedAuthority
from tenantry.authz.builtin_permissions import counting_in_workspace
from tenantry.authz.claims import KeyClaims
from tenantry.authz.key_authorization import KeyAuthorization
from tenantry.kit.refusals import NotFound, PermissionDenied, Unauthenticated
from tenantry.postgres.connection import Result, Row
from tenantry.postgres.statement import BoundStatement, Statement
from tenantry.postgres.transaction import Tx
from tenantry.schema.tenant import set_tenant

# The update locks the row as FOR NO KEY UPDATE does: a plain FOR UPDATE would block the key check
# of every child row's insert.
_LOCK = Statement("""
    update organizations set revision = revision + 1
     where org_id = $1 and deleted_at is null and disabled_at is null returning revision
""")
_LOCK_KEPT = Statement("""
    update organizations set revision = revision + 1 where org_id = $1
    returning revision, deleted_at is null
""")
_LOCK_TO_RESTORE = Statement("""
    update organizations set revision = revision + 1
     where org_id = $1 and disabled_at is null returning revision, deleted_at is null
""")
_RECHECK = Statement("""
    select directory.permissions_of(m.role_key, m.held) as permissions, m.role_key
      from directory.active_memberships() m
     where m.org_id = $1 and m.membership_id = $2
""")
_RECHECK_IN_WORKSPACE = Statement("""
    select directory.permissions_of(m.role_key, m.held) as permissions,
           directory.permissions_of(m.workspace_role_key, m.workspace_permissions)
             as workspace_permissions
      from directory.active_memberships_in($3) m
     where m.org_id = $1 and m.membership_id = $2 and m.workspace_id is not null
""")
_OWN = Statement("""
    select m.membership_id from directory.active_memberships() m
     where m.org_id = $1 and m.user_id = $2
""")
_SESSION_LIVES = Statement("""
    select 1 from sessions
     where id = $1 and user_id = $2 and ended_at is null and expires_at > now()
""")
# Keeps a person from being deleted while something that names them is written. No foreign key does:
# users shard by their own id one day.
_HOLD_USER = Statement("select 1 from users where id = $1 for key share")
# Conflicts with every such hold: who wants the person gone waits for those who write about them.
_LOCK_USER = Statement("select 1 from users where id = $1 for update")


async def lock_organization(tx: Tx, authority: Authority) -> LockedAuthority:
    """Hold the actor, lock the organization until the transaction ends, and raise its revision.

    What was true on entering may have changed while waiting for the lock, so it is checked again:
    Unauthenticated where the session has ended meanwhile, as by a new password, or the key has;
    NotFound where the membership has gone, PermissionDenied where the permission has.
    """
    locked, _ = await lock_and_read(tx, authority)
    return locked


async def lock_and_read(
    tx: Tx, authority: Authority, *reads: BoundStatement
) -> tuple[LockedAuthority, list[Result]]:
    """The same, and the results of statements that read under the lock, in one message."""
    actor, lock = authority.actor, _LOCK(authority.org_id)
    if isinstance(actor, KeyActor):
        return await _key_locked_and_rechecked(tx, authority, actor, lock, None, *reads)
    recheck = _RECHECK(authority.org_id, authority.membership_id)
    (revision,), (permissions, _), results = await _locked_and_rechecked(
        tx, actor, lock, recheck, *reads
    )
    tx.revisions[authority.org_id] = revision
    return _checked(authority, permissions), results


async def lock_for_workspace(tx: Tx, authority: Authority, workspace_id: UUID) -> LockedAuthority:
    """The same for an act in one workspace, where the role in it counts as well.

    NotFound also where the workspace has gone, or may no longer be seen.
    """
    actor = authority.actor
    if isinstance(actor, KeyActor):
        lock = _LOCK(authority.org_id)
        locked, _ = await _key_locked_and_rechecked(tx, authority, actor, lock, workspace_id)
        return locked
    recheck = _RECHECK_IN_WORKSPACE(authority.org_id, authority.membership_id, workspace_id)
    permissions, in_workspace = await _lock(tx, actor, authority.org_id, recheck)
    return _checked(authority, [*permissions, *counting_in_workspace(in_workspace or ())])


async def lock_to_restore(tx: Tx, authority: Authority) -> bool:
    """The same for an organization that may be deleted, which only its Admins can see.

    Whether it is live.
    """
    actor, lock = authority.actor, _LOCK_TO_RESTORE(authority.org_id)
    if isinstance(actor, KeyActor):
        # A key ends with its organization, so what it sees is live.
        await _key_locked_and_rechecked(tx, authority, actor, lock)
        return True
    recheck = _RECHECK(authority.org_id, authority.membership_id)
    locked, seen, _ = await _locked_and_rechecked(tx, actor, lock, recheck)
    (revision, is_live), (permissions, key) = locked, seen
    tx.revisions[authority.org_id] = revision
    if not is_live and key != "admin":
        raise NotFound
    _checked(authority, permissions)
    return is_live


async def lock_as_member(tx: Tx, actor: Actor, org_id: UUID) -> UUID:
    """The same for what every member may do; returns the actor's membership. NotFound."""
    set_tenant(tx, org_id)
    # Seen before as well as under the lock: a stranger shall hold nobody up.
    if await tx.row(_OWN(org_id, actor.id)) is None:
        raise NotFound
    (membership_id,) = await _lock(tx, actor, org_id, _OWN(org_id, actor.id))
    return membership_id


async def lock_actor(tx: Tx, actor: Actor) -> None:
    """Block all writes that name the actor. Call it before organizations are locked.

    Unauthenticated where the session has ended meanwhile.
    """
    _, alive = await tx.execute(_LOCK_USER(actor.id), _SESSION_LIVES(actor.session_id, actor.id))
    if not alive.rows:
        raise Unauthenticated


async def lock_user(tx: Tx, user_id: UUID) -> None:
    """Block all writes that name a person. NotFound if the person is gone."""
    if await tx.row(_LOCK_USER(user_id)) is None:
        raise NotFound


async def lock_organization_row(tx: Tx, org_id: UUID) -> int:
    """Only the lock, for acts that rest on a token rather than on a membership.

    The new revision; NotFound where the organization has gone.
    """
    row = await tx.row(_LOCK(org_id))
    if row is None:
        raise NotFound
    tx.revisions[org_id] = row[0]
    return row[0]


async def lock_kept_organization(tx: Tx, org_id: UUID) -> bool:
    """Lock an organization that may be deleted; whether it is not.

    The caller acts as its tenant.
    """
    row = await tx.row(_LOCK_KEPT(org_id))
    if row is None:
        return False
    tx.revisions[org_id] = row[0]
    return row[1]


async def _lock(tx: Tx, actor: Actor, org_id: UUID, recheck: BoundStatement) -> Row:
    (revision,), seen, _ = await _locked_and_rechecked(tx, actor, _LOCK(org_id), recheck)
    tx.revisions[org_id] = revision
    return seen


async def _locked_and_rechecked(
    tx: Tx, actor: Actor, lock: BoundStatement, recheck: BoundStatement, *reads: BoundStatement
) -> tuple[Row, Row, list[Result]]:
    held, locked, alive, seen, *results = await tx.execute(
        _HOLD_USER(actor.id),
        lock,
        _SESSION_LIVES(actor.session_id, actor.id),
        recheck,
        *reads,
    )
    if not alive.rows:
        raise Unauthenticated
    if not (held.rows and locked.rows and seen.rows):
        raise NotFound
    return locked.rows[0], seen.rows[0], results


async def _key_locked_and_rechecked(
    tx: Tx,
    authority: Authority,
    actor: KeyActor,
    lock: BoundStatement,
    workspace_id: UUID | None = None,
    *reads: BoundStatement,
) -> tuple[LockedAuthority, list[Result]]:
    """The same for a key, which is authorized again by the statement that keys always use."""
    claims = KeyClaims(actor.digest)
    authorization = KeyAuthorization(claims, authority.permission, authority.org_id, workspace_id)
    holds = [_HOLD_USER(actor.owner.id)] if actor.owner else []
    answers = await tx.execute(*holds, lock, authorization.statement(), *reads)
    locked, seen, *results = answers[len(holds) :]
    locked_authority = authorization.locked_authority(seen)
    if not locked.rows:
        raise NotFound
    tx.revisions[authority.org_id] = locked.rows[0][0]
    return locked_authority, results


def _checked(authority: Authority, permissions: Iterable[str]) -> LockedAuthority:
    locked = LockedAuthority(authority, frozenset(permissions))
    if authority.permission not in locked.permissions:
        raise PermissionDenied(required_permission=authority.permission.value)
    return locked
