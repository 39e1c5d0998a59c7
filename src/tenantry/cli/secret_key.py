"""The secret key, and whether it is the one in use for the database."""

import logging
from collections.abc import Sequence
from contextlib import ExitStack

from tenantry.cli import transactions
from tenantry.cli.errors import CannotStart
from tenantry.cli.provision import existing_connections_of
from tenantry.cli.serving.preflight import ensure_migrated
from tenantry.kit.secrets import key_id
from tenantry.platform import secret_keys
from tenantry.settings import Settings

log = logging.getLogger("tenantry.process")

_ANOTHER = (
    "TENANTRY_SECRET_KEY is not the key in use for this database: services with different"
    " keys cannot send each other's emails. Set the same key everywhere. To change it, set"
    " TENANTRY_SECRET_KEY_PREVIOUS to the previous key; if that is lost, run `tenantry"
    " secret-key adopt`."
)


def join(database_url: str, key_ids: Sequence[str], *, even_if_unknown: bool = False) -> None:
    """Make the first of the keys the one in use, if there is none yet or it is among the others.

    Otherwise nothing changes, and the log, /readyz and `doctor` say so.
    """
    joined = transactions.run(
        database_url,
        lambda tx: secret_keys.adopt(tx, key_ids, even_if_unknown=even_if_unknown),
    )
    if not joined:
        log.error(_ANOTHER)


def ensure_in_use(settings: Settings, database_url: str) -> None:
    """Refuse a secret key that differs from the other services'. CannotStart."""
    in_use = transactions.run(database_url, secret_keys.key_in_use)
    own = ids(settings)
    if in_use is None or in_use == own[0]:
        return
    if in_use in own:
        raise CannotStart(
            "TENANTRY_SECRET_KEY is newer than the key in use, which is among"
            " TENANTRY_SECRET_KEY_PREVIOUS: start the service, and the new key takes over."
        )
    raise CannotStart(_ANOTHER)


def adopt(settings: Settings) -> None:
    """Make this service's key the one in use although the previous one is lost."""
    with ExitStack() as stack:
        url = existing_connections_of(settings, stack).service
        ensure_migrated(url)
        join(url, ids(settings), even_if_unknown=True)
    print("This TENANTRY_SECRET_KEY is now the key in use. Set it for all services.")


def ids(settings: Settings) -> list[str]:
    """The ids of the configured keys, the current one first. CannotStart if there is none."""
    if settings.secret_key is None:
        raise CannotStart(
            "TENANTRY_SECRET_KEY is missing: set it to a random text of 32 characters or more."
        )
    own = settings.secret_key.get_secret_value()
    return [key_id(own), *map(key_id, settings.previous_secret_keys)]
