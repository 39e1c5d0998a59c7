"""No one is let in whom the database does not let in, and nothing is handed out before."""

from typing import Any, LiteralString

import psycopg
import pytest

from tenantry.authz.authorization import Authorization
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.claims import Claims
from tenantry.http.service import Service
from tenantry.kit.ids import new_id
from tenantry.kit.refusals import NotFound, PermissionDenied, Refusal, Unauthenticated
from tenantry.postgres.statement import Statement
from tests.support.cast import Cast, Player

WORKSPACES = Statement("select id from workspaces")
READ = Permission.WORKSPACE_READ


def claims(player: Player) -> Claims:
    return Claims(player.actor.id, player.actor.session_id)


def reading(service: Service, authorization: Authorization) -> AuthorizedReader:
    return AuthorizedReader(authorization, service.database.execute)


def daves(cast: Cast, permission: Permission, **more: Any) -> Authorization:
    """What Dave presents to Acme."""
    return Authorization(claims(cast.dave), permission, cast.acme.organization.id, **more)


async def test_a_member_is_let_in_and_sees_that_organization_alone(
    service: Service, cast: Cast
) -> None:
    entered = reading(service, daves(cast, READ))
    assert await entered.rows(WORKSPACES()) == [(cast.acme.workspace.id,)]
    assert await entered.row(WORKSPACES()) == (cast.acme.workspace.id,)
    authority = entered.authority
    assert (authority.actor, authority.role.key) == (cast.dave.actor, "developer")
    assert (authority.org_id, authority.permission) == (cast.acme.organization.id, READ)
    assert authority.workspace_role is None


# What happened to Dave or to Acme before he comes, and what he is told.
BEFORE: dict[str, tuple[LiteralString, type[Refusal]]] = {
    "signed out": (
        "update sessions set ended_at = now() where user_id = %(dave)s",
        Unauthenticated,
    ),
    "the session over": (
        "update sessions set expires_at = now() where user_id = %(dave)s",
        Unauthenticated,
    ),
    "the account disabled": (
        "update users set disabled_at = now() where id = %(dave)s",
        Unauthenticated,
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
    "the organization deleted": (
        "update organizations set deleted_at = now() where org_id = %(acme)s",
        NotFound,
    ),
    "the organization disabled": (
        "update organizations set disabled_at = now() where org_id = %(acme)s",
        NotFound,
    ),
    "less permitted": (
        """update roles set permissions = array_remove(permissions, 'workspace:read')
            where org_id = %(acme)s and key = 'developer'""",
        PermissionDenied,
    ),
}


@pytest.mark.parametrize("what", BEFORE)
@pytest.mark.parametrize("in_one_workspace", [False, True])
async def test_what_has_happened_counts_at_once_even_within_one_reading(
    service: Service,
    cast: Cast,
    admin: psycopg.Connection[Any],
    what: str,
    in_one_workspace: bool,
) -> None:
    change, refusal = BEFORE[what]
    there = {"workspace_id": cast.acme.workspace.id} if in_one_workspace else {}
    entered = reading(service, daves(cast, READ, **there))
    assert await entered.rows(WORKSPACES())

    admin.execute(change, {"acme": cast.acme.organization.id, "dave": cast.dave.actor.id})

    with pytest.raises(refusal):
        await entered.rows(WORKSPACES())
    with pytest.raises(refusal):
        await entered.authorize()


async def test_a_session_is_good_for_the_person_whose_it_is_alone(
    service: Service, cast: Cast
) -> None:
    mixed = Claims(cast.alice.actor.id, cast.dave.actor.session_id)
    for authorization in (
        Authorization(mixed),
        Authorization(mixed, READ, cast.acme.organization.id),
    ):
        with pytest.raises(Unauthenticated):
            await reading(service, authorization).rows(WORKSPACES())


@pytest.mark.parametrize("name", ["bob", "charlie"])
async def test_strangers_see_nothing_without_authorization(
    service: Service, cast: Cast, name: str
) -> None:
    player: Player = getattr(cast, name)
    authorization = Authorization(claims(player), READ, cast.acme.organization.id)
    answer, behind = await service.database.execute([authorization.statement(), WORKSPACES()])
    assert behind.rows == []
    with pytest.raises(NotFound):
        authorization.authority(answer)


async def test_a_member_without_the_permission_sees_nothing_and_is_told_which(
    service: Service, cast: Cast
) -> None:
    authorization = daves(cast, Permission.MEMBER_INVITE)
    answer, behind = await service.database.execute([authorization.statement(), WORKSPACES()])
    assert behind.rows == []
    with pytest.raises(PermissionDenied) as refused:
        authorization.authority(answer)
    assert refused.value.extra == {"required_permission": "member:invite"}


async def test_who_enters_nothing_but_themselves_has_no_tenant(
    service: Service, cast: Cast
) -> None:
    oneself = reading(service, Authorization(claims(cast.dave)))
    assert await oneself.rows(WORKSPACES()) == []
    assert oneself.actor == cast.dave.actor
    assert oneself.user_id == cast.dave.actor.id
    with pytest.raises(NotFound):
        _ = oneself.org_id


@pytest.mark.parametrize("whose", ["acme", "bobs", "nobody"])
async def test_a_workspace_is_entered_by_way_of_its_own_organization_alone(
    service: Service, cast: Cast, whose: str
) -> None:
    workspace_id = {
        "acme": cast.acme.workspace.id,
        "bobs": cast.bobs.workspace.id,
        "nobody": new_id(),
    }[whose]
    entered = reading(service, daves(cast, READ, workspace_id=workspace_id))
    if whose == "acme":
        assert await entered.rows(WORKSPACES()) == [(workspace_id,)]
    else:
        with pytest.raises(NotFound):
            await entered.rows(WORKSPACES())


@pytest.mark.parametrize(
    ("permission", "granted"),
    [
        (Permission.WORKSPACE_DELETE, True),
        (Permission.WORKSPACE_MANAGE_MEMBERS, True),
        (Permission.WORKSPACE_CREATE, False),
        (Permission.MEMBER_INVITE, False),
        (Permission.ORGANIZATION_DELETE, False),
    ],
)
async def test_a_role_in_one_workspace_gives_there_what_counts_there(
    service: Service,
    cast: Cast,
    admin: psycopg.Connection[Any],
    permission: Permission,
    granted: bool,
) -> None:
    """The same in SQL as `Permission.definition.counts_in_workspace` says."""
    assert permission.definition.counts_in_workspace is granted
    admin.execute(
        _ADMIN_THERE, [cast.acme.workspace.id, cast.acme.organization.id, cast.vera.actor.id]
    )
    authorization = Authorization(
        claims(cast.vera), permission, cast.acme.organization.id, cast.acme.workspace.id
    )
    entered = reading(service, authorization)
    if granted:
        await entered.authorize()
        role = entered.authority.workspace_role
        assert role is not None
        assert (entered.authority.role.key, role.key) == ("viewer", "admin")
    else:
        with pytest.raises(PermissionDenied):
            await entered.authorize()


_ADMIN_THERE = """
    insert into workspace_memberships (org_id, workspace_id, membership_id, role_id, created_at)
    select m.org_id, %s, m.id, r.id, now()
      from memberships m join roles r on r.org_id = m.org_id and r.key = 'admin'
     where m.org_id = %s and m.user_id = %s
"""
