"""Housekeeping takes away what has had its time, all of it, and nothing else."""

import asyncio
from typing import Any

import psycopg
import pytest

from tenantry.app import SWEEPS
from tenantry.kit.ids import new_id
from tenantry.postgres.database import Database
from tenantry.worker.housekeeping import BATCH, Housekeeping
from tests.support.cast import Cast

Admin = psycopg.Connection[Any]

OLD, RECENT = "now() - interval '31 days'", "now() - interval '1 hour'"

SOWN = {
    "idempotency_keys": (
        "insert into idempotency_keys (user_id, key, fingerprint, created_at)"
        " select %(owner)s, 'key ' || n, '', {when} from generate_series(1, %(count)s) n",
        "select count(*) from idempotency_keys where user_id = %(owner)s",
    ),
    "sessions that ran out": (
        "insert into sessions (id, user_id, created_at, refreshed_at, expires_at)"
        " select gen_random_uuid(), %(owner)s, {when}, {when}, {when}"
        " from generate_series(1, %(count)s)",
        "select count(*) from sessions where user_id = %(owner)s",
    ),
    "sessions that were ended": (
        "insert into sessions (id, user_id, created_at, refreshed_at, expires_at, ended_at)"
        " select gen_random_uuid(), %(owner)s, {when}, {when}, now() + interval '1 day', {when}"
        " from generate_series(1, %(count)s)",
        "select count(*) from sessions where user_id = %(owner)s",
    ),
    "refresh tokens": (
        "with s as (insert into sessions (id, user_id, created_at, refreshed_at, expires_at) values"
        " (%(owner)s, gen_random_uuid(), now(), now(), now() + interval '1 day') returning id)"
        " insert into refresh_tokens (digest, session_id, created_at, used_at)"
        " select sha256((s.id::text || n)::bytea), s.id, {when}, {when}"
        " from s, generate_series(1, %(count)s) n",
        "select count(*) from refresh_tokens where session_id = %(owner)s",
    ),
    "account tokens": (
        "insert into account_tokens (digest, user_id, purpose, email, created_at, expires_at)"
        " select sha256((%(owner)s::text || n)::bytea), %(owner)s, 'verify_email', '', {when},"
        " {when} from generate_series(1, %(count)s) n",
        "select count(*) from account_tokens where user_id = %(owner)s",
    ),
    "emails of accounts": (
        "insert into account_emails (id, recipient, state, next_attempt_at, created_at,"
        " settled_at) select gen_random_uuid(), %(owner)s::text, 'sent', {when}, {when}, {when}"
        " from generate_series(1, %(count)s)",
        "select count(*) from account_emails where recipient = %(owner)s::text",
    ),
    "emails of organizations": (
        "insert into emails (org_id, id, recipient, state, next_attempt_at, created_at,"
        " settled_at) select %(org)s, gen_random_uuid(), %(owner)s::text, 'failed', {when},"
        " {when}, {when} from generate_series(1, %(count)s)",
        "select count(*) from emails where recipient = %(owner)s::text",
    ),
}


@pytest.fixture
def housekeeping(database: Database) -> Housekeeping:
    return Housekeeping(database, SWEEPS)


@pytest.mark.parametrize("kind", SOWN)
async def test_what_is_old_goes_and_what_is_recent_stays(
    admin: Admin, cast: Cast, housekeeping: Housekeeping, kind: str
) -> None:
    sowing, counting = SOWN[kind]
    org_id = cast.acme.organization.id
    old = {"owner": new_id(), "org": org_id, "count": BATCH + 5}
    recent = {"owner": new_id(), "org": org_id, "count": 3}
    admin.execute(sowing.format(when=OLD).encode(), old)
    admin.execute(sowing.format(when=RECENT).encode(), recent)

    # Several at once, as several replicas would: none fails, none waits for another.
    await asyncio.gather(*(housekeeping.sweep_all() for _ in range(3)))

    assert admin.execute(counting.encode(), old).fetchone() == (0,)
    assert admin.execute(counting.encode(), recent).fetchone() == (3,)


async def test_the_email_that_an_invitation_tells_of_stays(
    admin: Admin, cast: Cast, housekeeping: Housekeeping
) -> None:
    org_id, email_id = cast.acme.organization.id, new_id()
    admin.execute(
        "insert into emails (org_id, id, recipient, state, next_attempt_at, created_at,"
        f" settled_at) values (%s, %s, 'kept', 'sent', {OLD}, {OLD}, {OLD})",
        [org_id, email_id],
    )
    admin.execute(
        "insert into invitations (org_id, id, email, role_id, status, invited_by, email_id,"
        " expires_at, created_at, updated_at) select %s, %s, 'kept@example.com', id, 'revoked',"
        f" %s, %s, {OLD}, {OLD}, {OLD} from roles where org_id = %s and key = 'viewer'",
        [org_id, new_id(), cast.alice.actor.id, email_id, org_id],
    )
    await housekeeping.sweep_all()
    found = admin.execute("select count(*) from emails where id = %s", [email_id]).fetchone()
    assert found == (1,)
    admin.execute("delete from invitations where email_id = %s", [email_id])


async def test_a_sweep_that_fails_keeps_no_other_from_its_work(database: Database) -> None:
    async def broken(tx: object, limit: int) -> int:
        raise LookupError

    async def sound(tx: object, limit: int) -> int:
        return 7

    swept = await Housekeeping(database, {"broken": broken, "sound": sound}).sweep_all()
    assert swept == 7
