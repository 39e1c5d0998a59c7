"""However much somebody leaves behind, deleting their account is a small act; erasing it, many."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg

from tenantry.app import SWEEPS
from tenantry.kit.ids import Kind, show
from tenantry.postgres.database import Database
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx
from tenantry.worker.housekeeping import BATCH, Housekeeping, Walk
from tests.support.cast import PASSWORD, Player
from tests.support.scene import Scene
from tests.worker.test_batches import sow_events

Admin = psycopg.Connection[Any]

MANY = 5 * BATCH
_SOW_TOKENS = """
    insert into refresh_tokens (digest, session_id, created_at, used_at)
    select sha256((s.id::text || n)::bytea), s.id, now(), now()
      from (select id from sessions where user_id = %s limit 1) s, generate_series(1, %s) n
"""
_SESSIONS = Statement("select count(*) from sessions where user_id = $1")
_TOKENS = Statement("""
    select count(*) from refresh_tokens t join sessions s on s.id = t.session_id
     where s.user_id = $1
""")
_EVENTS = "select count(*) from events where org_id = %s"


async def counted(tx: Tx, statement: Statement, user_id: UUID) -> int:
    """How many there are, as the transaction sees it."""
    return (await tx.rows(statement(user_id)))[0][0]


def busy(admin: Admin, someone: Player) -> None:
    """Somebody has refreshed their session, and changed their own organization, very often."""
    admin.execute(_SOW_TOKENS, [someone.actor.id, MANY])
    sow_events(admin, someone.personal_id, MANY)


async def test_what_the_person_sees_is_immediate_and_leaves_the_many_rows_alone(
    scene: Scene, database: Database
) -> None:
    """Fails with no events left once the personal organization goes with the call."""
    dave, api, admin = scene.cast.dave, scene.api, scene.admin
    busy(admin, dave)
    before = admin.execute(_EVENTS, [dave.personal_id]).fetchall()[0][0]

    assert (await api.delete("/api/v1/me", headers=dave.headers)).status_code == 204

    # Two more tell of the end of the membership there, and of the organization.
    assert admin.execute(_EVENTS, [dave.personal_id]).fetchall()[0][0] == before + 2
    personal = f"/api/v1/organizations/{show(Kind.ORGANIZATION, dave.personal_id)}"
    assert (await api.get(personal, headers=dave.headers)).status_code == 401
    assert not await scene.can_sign_in(dave.actor.email, PASSWORD)
    assert scene.open_sessions(dave.actor.email) == 0
    again = {"email": dave.actor.email, "password": PASSWORD}
    assert (await api.post("/api/v1/auth/sign-up", json=again)).status_code == 201
    await Housekeeping(database, SWEEPS).sweep_all()
    assert admin.execute(_EVENTS, [dave.personal_id]).fetchall() == [(0,)]


async def test_a_person_is_erased_in_pieces_of_bounded_size(
    scene: Scene, database: Database
) -> None:
    """Fails with one piece of all once sessions go with their tokens: tried."""
    dave, walk, pieces = scene.cast.dave, SWEEPS["erasures"], list[int]()
    assert isinstance(walk, Walk)
    busy(scene.admin, dave)
    assert (await scene.api.delete("/api/v1/me", headers=dave.headers)).status_code == 204

    async def proceed(tx: Tx, subject: UUID, most: int) -> bool:
        before = await counted(tx, _TOKENS, subject)
        left = await walk.proceed(tx, subject, most)
        if subject == dave.actor.id:
            pieces.append(before - await counted(tx, _TOKENS, subject))
        return left

    await Housekeeping(database, {"erasures": replace(walk, proceed=proceed)}).sweep_all()

    assert sum(pieces) > MANY
    assert max(pieces) <= BATCH
    async with database.transaction() as (tx, _):
        assert await counted(tx, _SESSIONS, dave.actor.id) == 0
