"""The SQL of both outboxes: emails of organizations, and emails about accounts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tenantry.kit.page import PageRequest
from tenantry.kit.retention import Candidate
from tenantry.platform.mail.model import (
    NOTIFICATIONS_PER_DAY,
    Branding,
    Claimed,
    Envelope,
    Notification,
    SealedContent,
    UnsentEmail,
    Waiting,
)
from tenantry.postgres.keyset import Keyset
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import BoundStatement, Statement
from tenantry.postgres.transaction import Tx
from tenantry.schema.tenant import set_tenant


def _on_one(sql: str, row_type: type[Any] = tuple) -> tuple[Statement[Any], Statement[Any]]:
    """A statement for emails of organizations, and one for emails about accounts. `{table}` is the
    table, `{key}` the condition for $1, the email's id, and $2, the organization's."""
    return (
        Statement(sql.format(table="emails", key="org_id = $2 and id = $1"), row_type),
        Statement(sql.format(table="account_emails", key="id = $1 and $2::uuid is null"), row_type),
    )


_INSERT = Statement("""
    insert into emails (org_id, id, recipient, sealed, key_id, created_at, next_attempt_at)
    values ($1, $2, $3, $4, $5, $6, $6)
""")
# Staggered: an email that a person waits for must not queue behind 1,000 notifications.
_INSERT_ALL = Statement("""
    insert into emails (org_id, id, recipient, sealed, key_id, created_at, next_attempt_at)
    select $1, n.id, n.recipient, $4, $5, $6,
           $6::timestamptz + (n.place - 1) * interval '100 milliseconds'
      from unnest($2::uuid[], $3::text[]) with ordinality as n (id, recipient, place)
     where (select count(*) from (select from emails l
                                   where l.org_id = $1 and l.recipient = n.recipient
                                     and l.created_at > $6::timestamptz - interval '1 day'
                                   limit $7) recent) < $7
""")
_INSERT_OF_ACCOUNT = Statement("""
    insert into account_emails (id, recipient, sealed, key_id, created_at, next_attempt_at)
    values ($1, $2, $3, $4, $5, $5)
""")
_BRANDING = Statement(
    "select org_id, name as organization, locale from organizations where org_id = $1", Branding
)
_FORGET = Statement("delete from account_emails where recipient = $1")
_DUE = Statement("select org_id, id from directory.due_emails($1, $2, $3, $4)", Envelope)
# Queued emails are no longer sent. A server's answer is erased too: it may contain the address.
_ERASE_RECIPIENT = Statement("""
    update emails
       set recipient = $4, sealed = null, settled_at = coalesce(settled_at, $5), last_error = null,
           state = case when state = 'queued' then 'failed' else state end
     where org_id = $1 and recipient = $2 and created_at <= $3
""")
_DUE_OF_ACCOUNTS = Statement(
    """
    select null::uuid as org_id, id from account_emails
     where state = 'queued' and next_attempt_at <= now() and (key_id is null or key_id = any ($1))
     order by next_attempt_at limit $2
""",
    Envelope,
)
# Locked rows are skipped: waiting for one would delay every email that is claimed after it.
_CLAIM = _on_one(
    """
    update {table} set attempts = attempts + 1, next_attempt_at = $3
     where {key} and id in (select id from {table}
                             where {key} and state = 'queued' and next_attempt_at <= now()
                               for update skip locked)
    returning $2::uuid as envelope_org_id, id as envelope_id, recipient, sealed, attempts
""",
    Claimed,
)
# A sent email loses its content, because of the token in it. A failed one keeps its content, to be
# queued again.
_SENT = _on_one("""
    update {table} set state = 'sent', sealed = null, last_error = null, settled_at = $3
     where {key} and state = 'queued'
""")
_FAILED = _on_one("""
    update {table} set state = 'failed', last_error = $4, settled_at = $3
     where {key} and state = 'queued'
""")
_POSTPONE = _on_one("""
    update {table} set next_attempt_at = $3, last_error = $4 where {key} and state = 'queued'
""")
_REQUEUE = _on_one("""
    update {table} set state = 'queued', attempts = 0, next_attempt_at = $3, settled_at = null
     where {key} and state = 'failed' and sealed is not null
""")
_UNSENT = Keyset.of_functions(
    "select * from directory.unsent_emails($3, $4, $5, $1, $2, {})",
    "false",
    "true",
    UnsentEmail,
)

_COUNT = Statement(
    """
    select l.queued + (select count(*) from account_emails where state = 'queued') as queued,
           l.failed + (select count(*) from account_emails where state = 'failed') as failed,
           coalesce(extract(epoch from now() - least(
             directory.oldest_queued_email(),
             (select min(created_at) from account_emails where state = 'queued')
           ))::float8, 0) as oldest_seconds
      from directory.count_emails() l
""",
    Waiting,
)

_HAVING_SETTLED = Statement(
    """
    select org_id as id, is_due from directory.organizations_with_emails_before($1, $2, $3)
""",
    Candidate,
)
_DELETE_SETTLED = Statement("""
    delete from emails where org_id = $1 and id in (
      select l.id from emails l
       where l.org_id = $1 and l.settled_at < $2
         and not exists (select from invitations i where i.org_id = l.org_id and i.email_id = l.id)
       limit $3 for update skip locked)
""")
_DELETE_SETTLED_OF_ACCOUNTS = Statement("""
    delete from account_emails where id in (
      select id from account_emails where settled_at < $1 order by settled_at limit $2
         for update skip locked)
""")


def select_branding(org_id: UUID) -> BoundStatement[Branding]:
    """The branding of an organization's emails. The caller has set the tenant."""
    return _BRANDING(org_id)


def insert(envelope: Envelope, recipient: str, box: SealedContent, now: datetime) -> BoundStatement:
    if envelope.org_id is None:
        return _INSERT_OF_ACCOUNT(envelope.id, recipient, box.sealed, box.key_id, now)
    return _INSERT(envelope.org_id, envelope.id, recipient, box.sealed, box.key_id, now)


def insert_all(
    notification: Notification, ids: list[UUID], box: SealedContent, now: datetime
) -> BoundStatement:
    org_id, recipients = notification.head.org_id, list(notification.recipients)
    return _INSERT_ALL(org_id, ids, recipients, box.sealed, box.key_id, now, NOTIFICATIONS_PER_DAY)


def delete_for_account(tx: Tx, address: str) -> None:
    tx.enqueue(_FORGET(address))


def erase_recipient(tx: Tx, org_id: UUID, address: str, until: datetime, instead: str) -> None:
    """Erase an address from an organization's emails, up to a time."""
    tx.enqueue(_ERASE_RECIPIENT(org_id, address, until, instead, tx.now))


def due_of_accounts(key_ids: list[str], limit: int) -> BoundStatement[Envelope]:
    """Due emails about accounts that one of these keys can decrypt."""
    return _DUE_OF_ACCOUNTS(key_ids, limit)


def due(after: UUID, until: UUID, key_ids: list[str], limit: int) -> BoundStatement[Envelope]:
    """The oldest due email of each organization between the two ids, by organization id."""
    return _DUE(after, until, key_ids, limit)


async def claim(tx: Tx, envelope: Envelope, until: datetime) -> Claimed | None:
    """Claim an email for one attempt; None if another worker has it."""
    return await tx.row(_bound(tx, _CLAIM, envelope, until))


def settle_sent(tx: Tx, envelope: Envelope) -> None:
    """Record that the email was sent, and erase its encrypted content."""
    tx.enqueue(_bound(tx, _SENT, envelope, tx.now))


def settle_failed(tx: Tx, envelope: Envelope, error: str) -> None:
    tx.enqueue(_bound(tx, _FAILED, envelope, tx.now, error))


def postpone(tx: Tx, envelope: Envelope, until: datetime, error: str) -> None:
    tx.enqueue(_bound(tx, _POSTPONE, envelope, until, error))


async def requeue(tx: Tx, envelope: Envelope) -> bool:
    """Make a failed email due now; False if it or its content does not exist."""
    return await tx.count(_bound(tx, _REQUEUE, envelope, tx.now)) == 1


def _bound(
    tx: Tx, statements: tuple[Statement, Statement], envelope: Envelope, *values: object
) -> BoundStatement:
    """The one of the two statements for the email, with the tenant set if it has one."""
    of_organization, of_account = statements
    if envelope.org_id is None:
        return of_account(envelope.id, None, *values)
    set_tenant(tx, envelope.org_id)
    return of_organization(envelope.id, envelope.org_id, *values)


async def unsent(
    reader: Reader, page: PageRequest, *, state: str | None, unknown_to: list[str] | None = None
) -> list[UnsentEmail]:
    """Queued and failed emails of all organizations and accounts, optionally only those in one
    state, or queued ones that none of these keys can decrypt."""
    return await reader.rows(_UNSENT(page, state, unknown_to))


def count() -> BoundStatement[Waiting]:
    return _COUNT()


async def list_with_settled(
    reader: Reader, after: UUID, limit: int, before: datetime
) -> list[Candidate]:
    """The next organizations, and whether they have emails that may be deleted."""
    return await reader.rows(_HAVING_SETTLED(after, limit, before))


async def delete_settled(tx: Tx, org_id: UUID, before: datetime, most: int) -> int:
    """Delete at most `most` unreferenced emails settled before a time; returns how many."""
    return await tx.count(_DELETE_SETTLED(org_id, before, most))


async def delete_settled_of_accounts(tx: Tx, before: datetime, limit: int) -> int:
    """Delete emails about accounts that were settled before a time; returns how many."""
    return await tx.count(_DELETE_SETTLED_OF_ACCOUNTS(before, limit))
