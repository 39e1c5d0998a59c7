"""The key of a service of the product, as an operator would have made it."""

from typing import Any

import psycopg

from tenantry.kit import bearer_keys
from tenantry.kit.ids import new_id


def planted(admin: psycopg.Connection[Any], name: str = "Invoices") -> str:
    """A fresh key that lives."""
    key, key_id = bearer_keys.new_key(bearer_keys.SERVICE_KEY), new_id()
    admin.execute(
        "insert into service_keys (id, name, hint, created_by, created_at, updated_at)"
        " values (%s, %s, %s, %s, now(), now())",
        [key_id, name, bearer_keys.hint_of(key), new_id()],
    )
    admin.execute(
        "insert into service_key_secrets (digest, key_id, created_at) values (%s, %s, now())",
        [key.digest, key_id],
    )
    return key.text


def revoke(admin: psycopg.Connection[Any], key: str) -> None:
    """The key lives no more."""
    found = bearer_keys.recognised(key, bearer_keys.SERVICE_KEY)
    assert found is not None
    admin.execute("delete from service_key_secrets where digest = %s", [found.digest])
