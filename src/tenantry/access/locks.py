"""The organization's lock: whoever touches memberships, roles, seats or invitations holds it."""

from uuid import UUID

from tenantry.access.authority import Authority, Granter
from tenantry.database.statement import Statement
from tenantry.database.transaction import Tx
from tenantry.kit.refusals import NotFound, PermissionDenied, Unauthenticated

# The update locks the row as FOR NO KEY UPDATE does: a plain FOR UPDATE would block the key check
# of every child row's insert.
_LOCK = Statement("""
    update organizations set revision = revision + 1
     where org_id = $1 and deleted_at is null returning revision
""")
_SEE_AGAIN = Statement("""
    select r.permissions
      from memberships m join roles r on r.org_id = m.org_id and r.id = m.role_id
     where m.org_id = $1 and m.id = $2 and m.status = 'active'
       and (m.expires_at is null or m.expires_at > now())
""")
_SESSION_LIVES = Statement("""
    select 1 from sessions
     where id = $1 and user_id = $2 and ended_at is null and expires_at > now()
""")
# Keeps a person from being deleted while something that names them is written. No foreign key does:
# users shard by their own id one day.
_HOLD_USER = Statement("select 1 from users where id = $1 for key share")


async def lock_organization(tx: Tx, authority: Authority) -> Granter:
    """Hold the actor, lock the organization until the transaction ends, and raise its revision.

    What was true on entering may have changed while waiting for the lock, so it is checked again:
    Unauthenticated where the session has ended meanwhile, as by a new password; NotFound where the
    membership has gone, PermissionDenied where the permission has.
    """
    actor = authority.actor
    held, locked, alive, seen = await tx.ask(
        _HOLD_USER(actor.id),
        _LOCK(authority.org_id),
        _SESSION_LIVES(actor.session_id, actor.id),
        _SEE_AGAIN(authority.org_id, authority.membership_id),
    )
    if not alive.rows:
        raise Unauthenticated
    if not (held.rows and locked.rows and seen.rows):
        raise NotFound
    permissions = frozenset[str](seen.rows[0][0])
    if authority.permission not in permissions:
        raise PermissionDenied(required_permission=authority.permission.value)
    return Granter(authority, permissions)


async def lock_organization_row(tx: Tx, org_id: UUID) -> int:
    """The bare lock, for acts that rest on something else than a membership, such as a token.

    The new revision; NotFound where the organization has gone.
    """
    row = await tx.row(_LOCK(org_id))
    if row is None:
        raise NotFound
    return row[0]
