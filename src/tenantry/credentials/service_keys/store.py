"""The SQL of service keys and of their secrets."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from tenantry.credentials.service_keys.model import StoredKey
from tenantry.kit.page import PageRequest
from tenantry.postgres.keyset import Keyset
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx

_COLUMNS = "id, name, hint, expires_at, last_used_at, created_at, updated_at"
_GET = Statement(f"select {_COLUMNS} from service_keys where id = $1", StoredKey)
_LOCK = Statement(f"select {_COLUMNS} from service_keys where id = $1 for update", StoredKey)
_LIST = Keyset(f"select {_COLUMNS} from service_keys where true", "id", StoredKey)
_INSERT = Statement("""
    insert into service_keys (id, name, hint, created_by, expires_at, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $6)
""")
_INSERT_SECRET = Statement("""
    insert into service_key_secrets (digest, key_id, created_at) values ($1, $2, $3)
""")
# At most two secrets are valid: the newest, and the one before it until the overlap ends. The
# caller holds the lock of the key, so rotations never interleave.
_FORGET_REPLACED_SECRETS = Statement("""
    delete from service_key_secrets where key_id = $1 and expires_at is not null
""")
_REPLACE_SECRET = Statement("""
    update service_key_secrets set expires_at = $2 where key_id = $1 and expires_at is null
""")
_UPDATE = Statement("update service_keys set hint = $2, updated_at = $3 where id = $1")
_DELETE = Statement("delete from service_keys where id = $1")
_NOTE_USES = Statement("""
    update service_keys k set last_used_at = greatest(k.last_used_at, used.at)
      from unnest($1::uuid[], $2::timestamptz[]) as used (id, at) where k.id = used.id
""")


async def find(reader: Reader, key_id: UUID) -> StoredKey | None:
    return await reader.row(_GET(key_id))


async def lock(tx: Tx, key_id: UUID) -> StoredKey | None:
    """The key, locked until the transaction ends."""
    return await tx.row(_LOCK(key_id))


async def list_all(reader: Reader, page: PageRequest) -> list[StoredKey]:
    return await reader.rows(_LIST(page))


def insert(tx: Tx, key: StoredKey, digest: bytes, made_by: UUID) -> None:
    tx.enqueue(_INSERT(key.id, key.name, key.hint, made_by, key.expires_at, key.created_at))
    tx.enqueue(_INSERT_SECRET(digest, key.id, key.created_at))


def renew(tx: Tx, key: StoredKey, digest: bytes, until: datetime) -> None:
    """Give a key a new secret: the current one ends at `until`, and older ones at once."""
    tx.enqueue(_FORGET_REPLACED_SECRETS(key.id))
    tx.enqueue(_REPLACE_SECRET(key.id, until))
    tx.enqueue(_INSERT_SECRET(digest, key.id, tx.now))
    tx.enqueue(_UPDATE(key.id, key.hint, key.updated_at))


def delete(tx: Tx, key_id: UUID) -> None:
    tx.enqueue(_DELETE(key_id))


def note_uses(tx: Tx, uses: Mapping[UUID, datetime]) -> None:
    tx.enqueue(_NOTE_USES(list(uses), list(uses.values())))
