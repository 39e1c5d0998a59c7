"""Under the organization's lock everything is seen again: what changed while waiting counts."""

import asyncio
from collections.abc import Awaitable
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import errors

from tenantry.authz.authorization import Authorization
from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.claims import Claims
from tenantry.authz.locks import lock_and_read, lock_organization, lock_organization_row
from tenantry.http.service import Service
from tenantry.kit.ids import new_id
from tenantry.kit.refusals import NotFound, PermissionDenied, Refusal, Unauthenticated
from tenantry.platform.mail.actions import select_branding
from tenantry.schema.tenant import set_tenant
from tests.support.api.authorized import acting
from tests.support.cast import Cast
from tests.support.database.lock_waits import count, until_waiting

_HOLD = "select 1 from organizations where org_id = %s for update"
_REVISION = "select revision from organizations where org_id = %s"

# What may happen to Dave while he waits, and what he is told then.
MEANWHILE: dict[str, tuple[LiteralString, type[Refusal]]] = {
    "demoted": (
        """update memberships m set role_id = r.id from roles r
            where r.org_id = m.org_id and r.key = 'viewer'
              and m.org_id = %(acme)s and m.user_id = %(dave)s""",
        PermissionDenied,
    ),
    "removed": (
        "delete from memberships where org_id = %(acme)s and user_id = %(dave)s",
        NotFound,
    ),
    "suspended": (
        """update memberships set status = 'suspended'
            where org_id = %(acme)s and user_id = %(dave)s""",
        NotFound,
    ),
    "expired": (
        "update memberships set expires_at = now() where org_id = %(acme)s and user_id = %(dave)s",
        NotFound,
    ),
    "signed out": (
        "update sessions set ended_at = now() where user_id = %(dave)s",
        Unauthenticated,
    ),
    "the organization deleted": (
        "update organizations set deleted_at = now() where org_id = %(acme)s",
        NotFound,
    ),
}


async def locked(service: Service, cast: Cast) -> None:
    """Dave is about to make a workspace in Acme."""
    org_id = cast.acme.organization.id
    async with acting(service, cast.dave, org_id, Permission.WORKSPACE_CREATE) as (tx, authority):
        grantor = await lock_organization(tx, authority)
        assert "workspace:create" in grantor.permissions


async def outcome(act: Awaitable[None]) -> type[Refusal] | None:
    try:
        await act
    except Refusal as refusal:
        return type(refusal)
    return None


@pytest.mark.parametrize("what", MEANWHILE)
async def test_what_happened_while_waiting_for_the_lock_counts(
    service: Service, cast: Cast, admin: psycopg.Connection[Any], what: str
) -> None:
    """Fails, save for an organization that has gone, once `lock_organization` looks before it has
    the lock: tried."""
    change, refusal = MEANWHILE[what]
    names = {"acme": cast.acme.organization.id, "dave": cast.dave.actor.id}
    before = count(admin, _REVISION, names["acme"])
    with admin.transaction():
        admin.execute(_HOLD, [names["acme"]])
        waiting = asyncio.create_task(outcome(locked(service, cast)))
        await until_waiting(admin, waiting)
        admin.execute(change, names)

    assert await waiting is refusal
    assert count(admin, _REVISION, names["acme"]) == before


async def test_what_is_read_with_the_lock_is_as_it_is_under_it(
    service: Service, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    """Fails where the read goes before the lock in the message: tried."""
    org_id = cast.acme.organization.id

    async def name_under_lock() -> str:
        async with acting(service, cast.dave, org_id, Permission.WORKSPACE_CREATE) as (tx, seen):
            _, (branding,) = await lock_and_read(tx, seen, select_branding(org_id))
            return branding.rows[0].organization

    with admin.transaction():
        admin.execute("update organizations set name = 'Meanwhile' where org_id = %s", [org_id])
        waiting = asyncio.create_task(name_under_lock())
        await until_waiting(admin, waiting)
    assert await waiting == "Meanwhile"


async def test_each_who_had_the_lock_raised_the_revision(
    service: Service, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    """Fails with fewer than eleven once the lock adds to a revision that it read before: tried."""
    org_id = cast.acme.organization.id
    before = count(admin, _REVISION, org_id)
    await asyncio.gather(*(locked(service, cast) for _ in range(10)))
    async with service.database.transaction() as (tx, _):
        set_tenant(tx, org_id)
        assert await lock_organization_row(tx, org_id) == before + 11
    assert count(admin, _REVISION, org_id) == before + 11


async def test_there_is_no_lock_of_an_organization_that_is_not_there(service: Service) -> None:
    with pytest.raises(NotFound):
        async with service.database.transaction() as (tx, _):
            await lock_organization_row(tx, new_id())


@pytest.mark.parametrize("by", ["the lock", "the authorization of a write"])
async def test_who_is_named_by_an_act_cannot_be_deleted_before_it_ends(
    service: Service, cast: Cast, admin: psycopg.Connection[Any], by: str
) -> None:
    """Fails, once by each, when the statement that holds the person takes no lock: tried."""
    dave = cast.dave.actor
    if by == "the lock":
        authorization = Authorization(
            Claims(dave.id, dave.session_id),
            Permission.WORKSPACE_CREATE,
            cast.acme.organization.id,
        )
    else:
        authorization = Authorization(Claims(dave.id, dave.session_id), holds=True)
    async with service.database.transaction(authorization.statement()) as (tx, (answer,)):
        if by == "the lock":
            await lock_organization(tx, authorization.authority(answer))
        with admin.transaction(force_rollback=True):
            admin.execute("set local lock_timeout = '100ms'")
            with pytest.raises(errors.LockNotAvailable), admin.transaction():
                admin.execute("delete from users where id = %s", [dave.id])
    with admin.transaction(force_rollback=True):
        admin.execute("set local lock_timeout = '10s'")
        assert admin.execute("delete from users where id = %s", [dave.id]).rowcount == 1
