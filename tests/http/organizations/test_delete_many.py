"""Deleting a large organization: what is done does not grow with what is in it."""

from typing import Any

import psycopg

from tenantry.authz.builtin_permissions import Permission
from tenantry.http.service import Service
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.organizations import lifecycle
from tests.support.api.authorized import acting
from tests.support.cast import Cast

MEMBERS, INVITATIONS = 1_000, 5_000

_POPULATE = """
    insert into memberships (org_id, id, user_id, role_id, created_at, updated_at)
    select %(org)s, gen_random_uuid(), gen_random_uuid(),
           (select id from roles where org_id = %(org)s and key = 'viewer'), now(), now()
      from generate_series(1, %(members)s);
    with email as (
        insert into emails (org_id, id, recipient, state, created_at, next_attempt_at)
        select %(org)s, gen_random_uuid(), n || '@example.com', 'sent', now(), now()
          from generate_series(1, %(invitations)s) n returning id, recipient)
    insert into invitations (org_id, id, email, role_id, invited_by, email_id, expires_at,
                             created_at, updated_at)
    select %(org)s, gen_random_uuid(), recipient,
           (select id from roles where org_id = %(org)s and key = 'viewer'), %(alice)s, id,
           now() + interval '7 days', now(), now()
      from email
"""
# Rows written, and rows read without an index, by this connection so far.
_SO_FAR = Statement("""
    select sum(n_tup_ins + n_tup_upd + n_tup_del)::int, sum(seq_tup_read)::int
      from pg_stat_xact_user_tables
""")


async def so_far(tx: Tx) -> tuple[int, int]:
    row = await tx.row(_SO_FAR())
    assert row is not None
    return row[0], row[1]


async def test_a_large_organization_is_deleted_by_touching_few_rows(
    service: Service, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    org_id = cast.acme.organization.id
    numbers = {"members": MEMBERS, "invitations": INVITATIONS}
    with psycopg.ClientCursor(admin) as cursor:
        cursor.execute(_POPULATE, {"org": org_id, "alice": cast.alice.actor.id, **numbers})

    permission = Permission.ORGANIZATION_DELETE
    async with acting(service, cast.alice, org_id, permission) as (tx, authority):
        written, scanned = await so_far(tx)
        await lifecycle.delete(tx, authority)
        written_then, scanned_then = await so_far(tx)

    # The organization twice, for its lock and its end, and the event.
    assert written_then - written == 3
    assert scanned_then - scanned < MEMBERS
    gone = admin.execute("select deleted_at from organizations where org_id = %s", [org_id])
    assert gone.fetchone() != (None,)
