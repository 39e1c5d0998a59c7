"""Organizations, roles, members and workspaces by chance: in the tables, and in the model."""

import random
from typing import Any
from uuid import UUID

import psycopg

from tenantry.authz.builtin_permissions import BUILT_IN
from tenantry.authz.roles.model import DEFAULT_ROLES
from tenantry.kit.ids import Kind, new_id, parse, show
from tests.contracts.checks.model import PRODUCTS, Member, Model, Organization, Role, Workspace

ENDS = {"expired": "now() - interval '1 hour'", "active": "null", "suspended": "null"}


def plant(admin: psycopg.Connection[Any], users: list[str], chance: random.Random) -> Model:
    """Three organizations in which the users are, and are not."""
    for name in PRODUCTS:
        admin.execute(
            "insert into permissions values (%s, '', now(), now()) on conflict do nothing", [name]
        )
    disabled = set(users[:1]) if chance.random() < 0.3 else set[str]()
    admin.execute(
        "update users set disabled_at = now() where id = any(%s)", [list(map(uuid, disabled))]
    )
    planted = [_organization(admin, users, chance, number) for number in range(3)]
    return Model({org.id: org for org in planted}, disabled)


def uuid(text: str) -> UUID:
    """The id behind what is shown of it."""
    prefix, _, _ = text.rpartition("_")
    found = parse(Kind(prefix), text)
    assert found is not None
    return found


def _organization(
    admin: psycopg.Connection[Any], users: list[str], chance: random.Random, number: int
) -> Organization:
    org, default = new_id(), new_id()
    gone = chance.choice(["", "", "", "", "deleted_at", "disabled_at"]) if number == 2 else ""
    revision = chance.randrange(1, 10_000)
    with admin.transaction():
        admin.execute(
            "insert into organizations (org_id, name, slug, kind, default_workspace_id, revision,"
            " deleted_at, disabled_at, created_at, updated_at)"
            " values (%s, 'Some', %s, 'team', %s, %s, %s, %s, now(), now())",
            [org, f"some-{org.hex[-12:]}", default, revision,
             *("now()" if gone == each else None for each in ("deleted_at", "disabled_at"))],
        )  # fmt: skip
        spaces = [_workspace(admin, org, default, chance, is_default=True)]
        spaces += [_workspace(admin, org, new_id(), chance) for _ in range(3)]
        roles = _roles(admin, org, chance)
        members = [
            _member(admin, org, user, roles, chance) for user in users if chance.random() < 0.8
        ]
        for space in spaces:
            for member in members:
                if chance.random() < 0.4:
                    space.grants[member.id] = _grant(admin, org, space, member, roles, chance)
    return Organization(
        show(Kind.ORGANIZATION, org),
        not gone,
        revision,
        {member.user: member for member in members},
        {space.id: space for space in spaces},
        roles,
    )


def _workspace(
    admin: psycopg.Connection[Any],
    org: UUID,
    id: UUID,
    chance: random.Random,
    *,
    is_default: bool = False,
) -> Workspace:
    private = not is_default and chance.random() < 0.5
    archived = not is_default and chance.random() < 0.2
    admin.execute(
        "insert into workspaces (org_id, id, name, slug, is_default, visibility, archived_at,"
        " created_at, updated_at) values (%s, %s, 'W', %s, %s, %s, %s, now(), now())",
        [org, id, f"w-{id.hex[-12:]}", is_default, "private" if private else "organization",
         "now()" if archived else None],
    )  # fmt: skip
    return Workspace(show(Kind.WORKSPACE, id), private, archived)


def _roles(admin: psycopg.Connection[Any], org: UUID, chance: random.Random) -> list[Role]:
    drawn = [(each.key, each.permissions, True) for each in DEFAULT_ROLES]
    for number in range(3):
        held = [each for each in [*BUILT_IN, *PRODUCTS] if chance.random() < chance.random()]
        drawn.append((f"own-{number}", held, False))
    roles = list[Role]()
    for key, held, is_default in drawn:
        id, name = new_id(), f'{key} "\\ é'
        admin.execute(
            "insert into roles (org_id, id, key, name, permissions, is_default, created_at,"
            " updated_at) values (%s, %s, %s, %s, %s, %s, now(), now())",
            [org, id, key, name, held, is_default],
        )
        roles.append(Role(show(Kind.ROLE, id), key, name, list(held)))
    return roles


def _member(
    admin: psycopg.Connection[Any],
    org: UUID,
    user: str,
    roles: list[Role],
    chance: random.Random,
) -> Member:
    id, role = new_id(), chance.choice(roles)
    standing = chance.choice(["active"] * 6 + ["suspended", "expired"])
    status = "suspended" if standing == "suspended" else "active"
    admin.execute(
        "insert into memberships (org_id, id, user_id, role_id, status, expires_at, created_at,"
        f" updated_at) values (%s, %s, %s, %s, %s, {ENDS[standing]}, now(), now())".encode(),
        [org, id, uuid(user), uuid(role.id), status],
    )
    return Member(show(Kind.MEMBERSHIP, id), user, role, standing)


def _grant(
    admin: psycopg.Connection[Any],
    org: UUID,
    space: Workspace,
    member: Member,
    roles: list[Role],
    chance: random.Random,
) -> Role:
    role = chance.choice(roles)
    admin.execute(
        "insert into workspace_memberships (org_id, workspace_id, membership_id, role_id,"
        " created_at) values (%s, %s, %s, %s, now())",
        [org, uuid(space.id), uuid(member.id), uuid(role.id)],
    )
    return role
