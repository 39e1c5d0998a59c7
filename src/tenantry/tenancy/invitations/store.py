"""The SQL of invitations and of the registry of their tokens."""

from datetime import datetime
from uuid import UUID

from tenantry.kit.limits import Limits
from tenantry.kit.retention import Candidate
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import BoundStatement, Statement
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.invitations.model import AddressStatus, Closed, Invitation, Offered

_ADDRESS_STATUS = Statement(
    """
    select exists (select from email_addresses e join memberships m on m.user_id = e.user_id
                    where e.address = $2 and m.org_id = $1) as is_member,
           p.id as pending_id, p.expires_at as pending_until,
           (select count(*) from (select from memberships where org_id = $1 limit $3) m) as members,
           (select count(*) from (select from invitations where org_id = $1 and status = 'pending'
                                     and expires_at > now() limit $4) i) as pending
      from (select 1) one
      left join invitations p on p.org_id = $1 and p.email = $2 and p.status = 'pending'
""",
    AddressStatus,
)
_EXPIRE = Statement("""
    update invitations set status = 'expired', updated_at = $3
     where org_id = $1 and id = $2 and status = 'pending'
""")
_INSERT = Statement("""
    insert into invitations (id, org_id, email, role_id, message, invited_by, email_id, expires_at,
                             created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
""")
_INSERT_TOKEN = Statement("""
    insert into invitation_tokens (digest, org_id, invitation_id) values ($1, $2, $3)
""")
_INSERT_WORKSPACE = Statement("""
    insert into invitation_workspaces (org_id, invitation_id, workspace_id, role_id)
    values ($1, $2, $3, $4)
""")
_REPLACE_TOKENS = Statement("""
    update invitation_tokens set replaced_at = $3
     where org_id = $1 and invitation_id = $2 and replaced_at is null
""")
_SEATS_TAKEN = Statement(
    """
    select count(*) from (select from memberships where org_id = $1 limit $2) m
""",
    int,
)
# The guard: of many who come with the same token, one finds it pending.
_CONSUME = Statement("""
    update invitations set status = 'accepted', membership_id = $3, updated_at = $4
     where org_id = $1 and id = $2 and status = 'pending' and expires_at > $4
""")
_CLOSE = Statement("""
    update invitations set status = $3, updated_at = $4
     where org_id = $1 and id = $2 and status = 'pending' and expires_at > $4
""")
_RENEW = Statement("""
    update invitations
       set status = 'pending', invited_by = $3, email_id = $4, expires_at = $5, updated_at = $6
     where org_id = $1 and id = $2 and status in ('pending', 'expired')
""")
_REVOKE = Statement(
    """
    update invitations set status = 'revoked', updated_at = $4
     where org_id = $1 and ($2::text is null or email = $2)
       and ($3::uuid is null or invited_by = $3) and status = 'pending' returning id
""",
    UUID,
)
_HAVING_SETTLED = Statement(
    """
    select org_id as id, is_due from directory.organizations_with_invitations_before($1, $2, $3)
""",
    Candidate,
)
# Events keep the address until they expire, so a mention is written for the account that has it.
_DELETE_SETTLED = Statement(
    """
    with settled as (
      select id, email, status from invitations
       where org_id = $1 and created_at < $2
         and case status when 'pending' then expires_at else updated_at end < $2
       order by id limit $3
         for update
    ), mentioned as (
      insert into mentions (user_id, org_id, subject_id)
      select distinct e.user_id, $1::uuid, e.user_id
        from settled s join email_addresses e on e.address = s.email
      on conflict do nothing
    ), tokens as (
      delete from invitation_tokens
       where org_id = $1 and invitation_id in (select id from settled)
    )
    delete from invitations where org_id = $1 and id in (select id from settled)
    returning id, status
""",
    Closed,
)
# The rows as they were tell which of them an answer had still been waited for.
_CLOSE_TO = Statement(
    """
    with open as (select id, status from invitations
                   where org_id = $1 and email = $2 and created_at <= $3
                     and status in ('pending', 'expired')
                   for no key update)
    update invitations i set status = 'declined', updated_at = $4
      from open where i.org_id = $1 and i.id = open.id
    returning i.id, open.status
""",
    Closed,
)
_ERASE_ADDRESS = Statement("""
    update invitations set email = $4, message = ''
     where org_id = $1 and email = $2 and created_at <= $3
""")
_ERASE_MESSAGES = Statement("""
    update invitations set message = ''
     where org_id = $1 and invited_by = $2 and message <> ''
""")


def select_address_status(
    org_id: UUID, email: str, limits: Limits
) -> BoundStatement[AddressStatus]:
    """An address's relation to the organization: one row, counted up to the limits."""
    return _ADDRESS_STATUS(org_id, email, limits.members, limits.pending_invitations)


def expire(tx: Tx, org_id: UUID, invitation_id: UUID) -> None:
    tx.enqueue(_EXPIRE(org_id, invitation_id, tx.now))


def insert(tx: Tx, invitation: Invitation, *, message: str, email_id: UUID, digest: bytes) -> None:
    tx.enqueue(
        _INSERT(
            invitation.id,
            invitation.org_id,
            invitation.email,
            invitation.role.id,
            message,
            invitation.invited_by.id,
            email_id,
            invitation.expires_at,
            invitation.created_at,
        )
    )
    for grant in invitation.workspaces:
        tx.enqueue(
            _INSERT_WORKSPACE(invitation.org_id, invitation.id, grant.workspace_id, grant.role.id)
        )
    tx.enqueue(_INSERT_TOKEN(digest, invitation.org_id, invitation.id))


def renew(
    tx: Tx, offered: Offered, inviter_id: UUID, email_id: UUID, digest: bytes, until: datetime
) -> None:
    org_id = offered.org_id
    tx.enqueue(_RENEW(org_id, offered.id, inviter_id, email_id, until, tx.now))
    tx.enqueue(_REPLACE_TOKENS(org_id, offered.id, tx.now))
    tx.enqueue(_INSERT_TOKEN(digest, org_id, offered.id))


async def seats_taken(tx: Tx, org_id: UUID, *, at_most: int) -> int:
    return await tx.row(_SEATS_TAKEN(org_id, at_most)) or 0


async def consume(tx: Tx, offered: Offered, membership_id: UUID) -> bool:
    """Accept it, once; False if it was no longer pending."""
    call = _CONSUME(offered.org_id, offered.id, membership_id, tx.now)
    return await tx.count(call) == 1


async def close(tx: Tx, offered: Offered, status: str) -> bool:
    """Close it, once; False if it was no longer open."""
    return await tx.count(_CLOSE(offered.org_id, offered.id, status, tx.now)) == 1


async def revoke(tx: Tx, org_id: UUID, *, email: str | None, inviter_id: UUID | None) -> list[UUID]:
    """Revoke open invitations: to an address, of an inviter, or all; their ids."""
    return await tx.rows(_REVOKE(org_id, email, inviter_id, tx.now))


async def close_to(tx: Tx, org_id: UUID, email: str, until: datetime) -> list[Closed]:
    """Decline open and expired invitations sent to an address until a time."""
    return await tx.rows(_CLOSE_TO(org_id, email, until, tx.now))


def erase_address(tx: Tx, org_id: UUID, email: str, until: datetime, instead: str) -> None:
    """Erase an address and messages from the invitations sent to it until a time."""
    tx.enqueue(_ERASE_ADDRESS(org_id, email, until, instead))


def erase_messages(tx: Tx, org_id: UUID, inviter_id: UUID) -> None:
    tx.enqueue(_ERASE_MESSAGES(org_id, inviter_id))


async def having_settled(
    reader: Reader, after: UUID, limit: int, before: datetime
) -> list[Candidate]:
    return await reader.rows(_HAVING_SETTLED(after, limit, before))


async def delete_settled(tx: Tx, org_id: UUID, before: datetime, most: int) -> list[Closed]:
    return await tx.rows(_DELETE_SETTLED(org_id, before, most))
