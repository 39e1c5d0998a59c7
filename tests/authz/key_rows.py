"""Keys put straight into the tables, for tests of who is let in by them."""

from typing import Any
from uuid import UUID

import psycopg

from tenantry.authz.claims import KeyClaims
from tenantry.kit import bearer_keys
from tenantry.kit.ids import new_id
from tenantry.kit.secrets import Secret
from tests.support.cast import Cast, Player

_ROLE = "(select id from roles where org_id = %(org)s and key = %(role)s)"
_ACCOUNT = f"""
    insert into service_accounts (org_id, id, name, role_id, workspace_id, created_at, updated_at)
    values (%(org)s, %(account)s, 'Robot', {_ROLE}, %(workspace)s, now(), now())
"""
_KEY_OF_ACCOUNT = """
    insert into api_keys (org_id, id, name, service_account_id, hint, created_at, updated_at)
    values (%(org)s, %(key)s, 'Robot''s', %(account)s, 'tnt_sk_…', now(), now())
"""
_OWN_KEY = f"""
    insert into api_keys (org_id, id, name, membership_id, role_id, workspace_id, hint,
                          created_at, updated_at)
    values (%(org)s, %(key)s, 'Deploy', %(member)s, {_ROLE}, %(workspace)s, 'tnt_sk_…',
            now(), now())
"""
_SECRET = """
    insert into api_key_secrets (digest, org_id, key_id, created_at)
    values (%(digest)s, %(org)s, %(key)s, now())
"""


def plant(
    admin: psycopg.Connection[Any],
    cast: Cast,
    role: str,
    *,
    of: Player | None = None,
    workspace: UUID | None = None,
) -> Secret:
    """A key of Acme: somebody's own, or of a service account where it is no one's."""
    secret = bearer_keys.new_key(bearer_keys.API_KEY)
    names = {
        "org": cast.acme.organization.id,
        "role": role,
        "workspace": workspace,
        "key": new_id(),
        "account": new_id(),
        "member": of.membership.id if of and of.membership else None,
        "digest": secret.digest,
    }
    made = [_OWN_KEY] if of else [_ACCOUNT, _KEY_OF_ACCOUNT]
    for statement in [*made, _SECRET]:
        admin.execute(statement.encode(), names)
    return secret


def shown(secret: Secret) -> KeyClaims:
    """The key, as it comes in."""
    return KeyClaims(secret.digest)
