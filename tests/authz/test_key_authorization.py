"""A key is let in as far as it reaches at this moment, and no one is let in by what ended."""

from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest

from tenantry.authz.authority import OperatorRequired, PersonRequired
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.claims import InvalidToken, KeyClaims
from tenantry.authz.key_authorization import NOWHERE, KeyAuthorization
from tenantry.http.service import Service
from tenantry.kit.ids import Kind, new_id
from tenantry.kit.refusals import NotFound, PermissionDenied, Refusal
from tenantry.postgres.statement import Statement
from tests.authz.key_rows import plant, shown
from tests.support.cast import Cast, Player

WORKSPACES = Statement("select id from workspaces")
READ, UPDATE = Permission.WORKSPACE_READ, Permission.WORKSPACE_UPDATE
INVITE = Permission.MEMBER_INVITE


async def seen(
    service: Service,
    cast: Cast,
    key: KeyClaims,
    permission: Permission = READ,
    workspace_id: UUID | None = None,
) -> Any:
    """What the key is told of Acme's workspaces, or with which refusal."""
    authorization = KeyAuthorization(key, permission, cast.acme.organization.id, workspace_id)
    reader = AuthorizedReader(authorization, service.database.execute)
    try:
        return {row[0] for row in await reader.rows(WORKSPACES())}
    except Refusal as refusal:
        assert not hasattr(reader, "authority")
        return type(refusal)


def hidden(admin: psycopg.Connection[Any], cast: Cast, member: Player | None = None) -> UUID:
    """A private workspace of Acme's, to which perhaps somebody belongs as Admin."""
    workspace_id = new_id()
    names = {
        "org": cast.acme.organization.id,
        "id": workspace_id,
        "member": member.membership.id if member and member.membership else None,
    }
    admin.execute(
        """insert into workspaces (org_id, id, name, slug, visibility, created_at, updated_at)
           values (%(org)s, %(id)s, 'Lab', 'lab', 'private', now(), now())""",
        names,
    )
    admin.execute(
        """insert into workspace_memberships (org_id, workspace_id, membership_id, role_id,
                                              created_at)
           select %(org)s, %(id)s, %(member)s, r.id, now() from roles r
            where r.org_id = %(org)s and r.key = 'admin' and %(member)s::uuid is not null""",
        names,
    )
    return workspace_id


async def test_a_key_sees_its_organization_alone(
    service: Service, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    own = shown(plant(admin, cast, "viewer", of=cast.dave))
    assert await seen(service, cast, own) == {cast.acme.workspace.id}
    authorization = KeyAuthorization(own, READ, cast.bobs.organization.id)
    with pytest.raises(NotFound):
        await AuthorizedReader(authorization, service.database.execute).rows(WORKSPACES())


async def test_events_tell_a_member_s_own_key_from_a_service_account(
    service: Service, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    for of, kind, name in (
        (cast.dave, Kind.API_KEY, "Deploy"),
        (None, Kind.SERVICE_ACCOUNT, "Robot"),
    ):
        key = shown(plant(admin, cast, "viewer", of=of))
        reader = AuthorizedReader(
            KeyAuthorization(key, READ, cast.acme.organization.id), service.database.execute
        )
        await reader.authorize()
        actor = reader.authority.actor
        assert (actor.name, getattr(actor, "kind", None)) == (name, kind)
        assert (reader.authority.role.key, reader.authority.membership_id) == ("viewer", None)


# What happened before the key of Dave's comes, and whether that ends it.
ENDED: dict[str, LiteralString] = {
    "revoked": "delete from api_keys where org_id = %(acme)s",
    "its secret gone": "delete from api_key_secrets where org_id = %(acme)s",
    "its secret replaced": "update api_key_secrets set expires_at = now() where org_id = %(acme)s",
    "expired": "update api_keys set expires_at = now() where org_id = %(acme)s",
    "its member suspended": """update memberships set status = 'suspended'
                                where org_id = %(acme)s and user_id = %(dave)s""",
    "its member's time over": """update memberships set expires_at = now()
                                  where org_id = %(acme)s and user_id = %(dave)s""",
    "its member disabled": "update users set disabled_at = now() where id = %(dave)s",
    "its member no more": "delete from users where id = %(dave)s",
    "the organization deleted": """update organizations set deleted_at = now()
                                    where org_id = %(acme)s""",
    "the organization disabled": """update organizations set disabled_at = now()
                                     where org_id = %(acme)s""",
}


@pytest.mark.parametrize("before", ENDED)
@pytest.mark.parametrize("asked", [None, READ])
async def test_what_ended_lets_no_one_in_and_says_nothing_else(
    service: Service,
    cast: Cast,
    admin: psycopg.Connection[Any],
    before: str,
    asked: Permission | None,
) -> None:
    key = shown(plant(admin, cast, "developer", of=cast.dave))
    names = {"acme": cast.acme.organization.id, "dave": cast.dave.actor.id}
    admin.execute(ENDED[before], names)
    authorization = KeyAuthorization(key, asked, cast.acme.organization.id)
    with pytest.raises(InvalidToken):
        await AuthorizedReader(authorization, service.database.execute).authorize()


async def test_a_service_account_does_not_end_with_any_member(
    service: Service, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    key = shown(plant(admin, cast, "developer"))
    suspending = "update memberships set status = 'suspended' where org_id = %s"
    admin.execute(suspending, [cast.acme.organization.id])
    assert await seen(service, cast, key) == {cast.acme.workspace.id}
    assert await seen(service, cast, key, UPDATE) == {cast.acme.workspace.id}
    assert await seen(service, cast, key, INVITE) is PermissionDenied


async def test_a_member_s_own_key_is_never_above_the_member(
    service: Service, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    key = shown(plant(admin, cast, "admin", of=cast.dave))
    assert await seen(service, cast, key, UPDATE) == {cast.acme.workspace.id}
    assert await seen(service, cast, key, INVITE) is PermissionDenied
    admin.execute(
        """update memberships set role_id = (select id from roles where org_id = %(acme)s
                                                 and key = 'viewer')
            where org_id = %(acme)s and user_id = %(dave)s""",
        {"acme": cast.acme.organization.id, "dave": cast.dave.actor.id},
    )
    assert await seen(service, cast, key) == {cast.acme.workspace.id}
    assert await seen(service, cast, key, UPDATE) is PermissionDenied


async def test_a_key_that_is_bound_to_a_workspace_reaches_nothing_else(
    service: Service, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    there, elsewhere = cast.acme.workspace.id, hidden(admin, cast, cast.dave)
    for of in (cast.dave, None):
        key = shown(plant(admin, cast, "developer", of=of, workspace=there))
        assert await seen(service, cast, key, UPDATE, there)
        assert await seen(service, cast, key, Permission.MEMBER_READ, there) is PermissionDenied
        assert (
            await seen(service, cast, key, Permission.WORKSPACE_CREATE, there) is PermissionDenied
        )
        assert await seen(service, cast, key) is NotFound
        assert await seen(service, cast, key, workspace_id=elsewhere) is NotFound
        assert await seen(service, cast, key, workspace_id=new_id()) is NotFound


async def test_a_private_workspace_is_hidden_from_keys_that_are_not_admins(
    service: Service, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    private = hidden(admin, cast, cast.dave)
    expected = [
        (plant(admin, cast, "developer", of=cast.dave), False),
        (plant(admin, cast, "admin", of=cast.dave), False),
        (plant(admin, cast, "developer", of=cast.dave, workspace=private), True),
        (plant(admin, cast, "developer", of=cast.vera, workspace=private), False),
        (plant(admin, cast, "admin", of=cast.alice), True),
        (plant(admin, cast, "viewer", of=cast.alice), False),
        (plant(admin, cast, "developer", of=cast.alice, workspace=private), True),
        (plant(admin, cast, "admin"), True),
        (plant(admin, cast, "developer"), False),
        (plant(admin, cast, "viewer", workspace=private), True),
    ]
    told = [
        await seen(service, cast, shown(secret), workspace_id=private) is not NotFound
        for secret, _ in expected
    ]
    assert told == [is_seen for _, is_seen in expected]


async def test_what_a_member_may_do_in_one_workspace_counts_for_a_key_bound_to_it(
    service: Service, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    private = hidden(admin, cast, cast.vera)
    bound = shown(plant(admin, cast, "developer", of=cast.vera, workspace=private))
    assert await seen(service, cast, bound, UPDATE, private)
    admin.execute("delete from workspace_memberships where workspace_id = %s", [private])
    assert await seen(service, cast, bound, UPDATE, private) is NotFound


async def test_no_key_is_a_person(
    service: Service, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    key = shown(plant(admin, cast, "admin", of=cast.alice))
    for authorization, refusal in (
        (KeyAuthorization(key), PersonRequired),
        (KeyAuthorization(key, for_operators=True), OperatorRequired),
        (KeyAuthorization(KeyClaims(b"unknown")), InvalidToken),
        (KeyAuthorization(KeyClaims(b"unknown"), for_operators=True), InvalidToken),
    ):
        with pytest.raises(refusal):
            await AuthorizedReader(authorization, service.database.execute).authorize()


async def test_nowhere_is_no_place_to_be_let_into(
    service: Service, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    key = shown(plant(admin, cast, "admin", of=cast.alice))
    for org_id in (None, NOWHERE, new_id()):
        with pytest.raises(NotFound):
            await AuthorizedReader(
                KeyAuthorization(key, READ, org_id), service.database.execute
            ).authorize()
