"""The secret keys of the services that have used a database.

Services with different keys cannot read each other's emails, and count rates separately. So a key
is added only if its service also has the key in use, as a previous one:
docs/adr/0027-one-secret-key.md.
"""

from collections.abc import Sequence

from tenantry.postgres.connection import Result
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import BoundStatement, Statement
from tenantry.postgres.transaction import Tx

_KNOWN = Statement("select fingerprint from secret_keys order by adopted_at desc, fingerprint", str)
_LOCK = Statement("lock table secret_keys in share row exclusive mode")
_ADOPT = Statement("""
    insert into secret_keys (fingerprint, adopted_at) values ($1, clock_timestamp())
    on conflict (fingerprint) do update set adopted_at = excluded.adopted_at
""")


def known() -> BoundStatement[str]:
    """The database's keys, the one in use first."""
    return _KNOWN()


def is_known(key_id: str, result: Result[str]) -> bool:
    """Whether a key is one of the database's; true for every key if it has none yet."""
    return not result.rows or key_id in result.rows


async def key_in_use(reader: Reader) -> str | None:
    """The key that emails are encrypted with; None if no service has started yet."""
    return await reader.row(_KNOWN())


async def adopt(tx: Tx, key_ids: Sequence[str], *, even_if_unknown: bool = False) -> bool:
    """Make the first of a service's keys the one in use; returns whether it is.

    Refused if the key in use is not among the service's keys, unless `even_if_unknown`: emails
    encrypted with the key that was in use cannot be sent then.
    """
    # Two services that start at once with different keys would both be the first.
    _, found = await tx.execute([_LOCK(), _KNOWN()])
    in_use = found.rows[0] if found.rows else None
    if in_use == key_ids[0]:
        return True
    if in_use is None or in_use in key_ids or even_if_unknown:
        tx.enqueue(_ADOPT(key_ids[0]))
        return True
    return False
