"""The SQL of users and of the registry of their addresses."""

from datetime import datetime
from functools import partial
from uuid import UUID

from tenantry.identity.users.model import Credentials, User
from tenantry.kit.limits import LimitReached
from tenantry.kit.page import PageRequest
from tenantry.kit.retention import Candidate
from tenantry.postgres.keyset import Keyset
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx

_COLUMNS = """id, email, email_verified_at is not null as email_verified, name, created_at,
              updated_at, disabled_at, status_reason"""
_CLAIM_ADDRESS = Statement("""
    insert into email_addresses (address, user_id) values ($1, $2) on conflict (address) do nothing
""")
_INSERT = Statement("""
    insert into users (id, email, email_verified_at, name, password_hash, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $6)
""")
_GET = Statement(f"select {_COLUMNS} from users where id = $1", User)
_LOCK = Statement(f"select {_COLUMNS} from users where id = $1 for no key update", User)
_FIND_BY_EMAIL = Statement(
    f"""
    select {_COLUMNS} from users
     where id = (select user_id from email_addresses where address = $1)
""",
    User,
)
_CREDENTIALS = Statement(
    """
    select u.id as user_id, u.password_hash from email_addresses e join users u on u.id = e.user_id
     where e.address = $1 and u.disabled_at is null
""",
    Credentials,
)
_CREDENTIALS_OF = Statement(
    "select id as user_id, password_hash from users where id = $1", Credentials
)
_LOCK_CREDENTIALS = Statement(
    """
    select id as user_id, password_hash from users
     where id = $1 and disabled_at is null for no key update
""",
    Credentials,
)
_RENAME = Statement("update users set name = $2, updated_at = $3 where id = $1")
_FREE_ADDRESS = Statement("delete from email_addresses where address = $1 and user_id = $2")
_DELETE = Statement("delete from users where id = $1")
_HOLD_BY_EMAIL = Statement(f"{_FIND_BY_EMAIL.sql} for key share", User)
# The limit is a constraint, so that many who are counted at once cannot exceed it together.
_COUNT_ORGANIZATION = Statement("""
    update users set organizations_created = organizations_created + 1, organizations_allowed = $2
     where id = $1
""")
_RELEASE_ORGANIZATION = Statement("""
    update users set organizations_created = organizations_created - 1
     where id = $1 and organizations_created > 0
""")
_SET_SUSPENSION = Statement("""
    update users set disabled_at = $2, status_reason = $3 where id = $1
""")
_LIST = Keyset(f"select {_COLUMNS} from users where true", "id", User)
# An address is found by the registry: the table itself would have to be read completely.
LIST_OF_ADDRESS = Keyset(
    _FIND_BY_EMAIL.sql,
    "id",
    User,
)
_ABANDONED = Statement(
    "select user_id as id, is_due from directory.abandoned_accounts($1, $2, $3)", Candidate
)
_IS_ABANDONED = Statement("select directory.is_abandoned($1, $2)", bool)
_VERIFY = Statement("""
    update users set email_verified_at = $2, updated_at = $2
     where id = $1 and email_verified_at is null
""")
_SET_PASSWORD = Statement("""
    update users set password_hash = $2, updated_at = $3
     where id = $1 and ($4::text is null or password_hash = $4)
""")


async def claim_address(tx: Tx, address: str, user_id: UUID) -> bool:
    """Reserve an address for a person; False if it has an account. Waits for a concurrent call."""
    return await tx.count(_CLAIM_ADDRESS(address, user_id)) == 1


def insert(tx: Tx, user: User, password_hash: str | None) -> None:
    verified_at = user.created_at if user.email_verified else None
    tx.enqueue(_INSERT(user.id, user.email, verified_at, user.name, password_hash, user.created_at))


async def find(reader: Reader, user_id: UUID) -> User | None:
    return await reader.row(_GET(user_id))


async def lock(tx: Tx, user_id: UUID) -> User | None:
    return await tx.row(_LOCK(user_id))


async def find_by_email(reader: Reader, address: str) -> User | None:
    return await reader.row(_FIND_BY_EMAIL(address))


async def find_credentials(reader: Reader, address: str) -> Credentials | None:
    """The credentials of an enabled account."""
    return await reader.row(_CREDENTIALS(address))


async def find_credentials_of(reader: Reader, user_id: UUID) -> Credentials | None:
    return await reader.row(_CREDENTIALS_OF(user_id))


async def lock_credentials(tx: Tx, user_id: UUID) -> Credentials | None:
    """The credentials of an enabled account, locked."""
    return await tx.row(_LOCK_CREDENTIALS(user_id))


def rename(tx: Tx, user_id: UUID, name: str, now: datetime) -> None:
    tx.enqueue(_RENAME(user_id, name, now))


def delete(tx: Tx, user: User) -> None:
    tx.enqueue(_FREE_ADDRESS(user.email, user.id))
    tx.enqueue(_DELETE(user.id))


async def hold_by_email(tx: Tx, address: str) -> User | None:
    """The person with this address, who cannot be deleted meanwhile."""
    return await tx.row(_HOLD_BY_EMAIL(address))


def set_suspension(tx: Tx, user: User) -> None:
    tx.enqueue(_SET_SUSPENSION(user.id, user.disabled_at, user.status_reason))


async def list_users(reader: Reader, page: PageRequest, email: str | None) -> list[User]:
    return await reader.rows(_LIST(page) if email is None else LIST_OF_ADDRESS(page, email))


async def verify(tx: Tx, user_id: UUID, now: datetime) -> bool:
    return await tx.count(_VERIFY(user_id, now)) == 1


async def set_password(
    tx: Tx, user_id: UUID, password_hash: str, now: datetime, *, replacing: str | None
) -> bool:
    return await tx.count(_SET_PASSWORD(user_id, password_hash, now, replacing)) == 1


def count_organization(tx: Tx, user_id: UUID, maximum: int) -> None:
    """Count one more organization that a person created. LimitReached, at the latest on commit."""
    reached = partial(LimitReached, "organizations_per_user", maximum)
    tx.enqueue(_COUNT_ORGANIZATION(user_id, maximum), {"users_organizations": reached})


async def release_organization(tx: Tx, user_id: UUID) -> None:
    """Count one less; nothing if the person was deleted."""
    await tx.count(_RELEASE_ORGANIZATION(user_id))


async def abandoned(reader: Reader, after: UUID, limit: int, before: datetime) -> list[Candidate]:
    return await reader.rows(_ABANDONED(after, limit, before))


async def is_abandoned(reader: Reader, user_id: UUID, before: datetime) -> bool:
    """Whether a person, locked, has not used their account and no one else relies on it."""
    return bool(await reader.row(_IS_ABANDONED(user_id, before)))
