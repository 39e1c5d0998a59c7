"""Use cases of roles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from tenantry.authz.authority import Authority, LockedAuthority
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.authz.builtin_permissions import BUILT_IN, in_order, product_permissions
from tenantry.authz.locks import lock_organization
from tenantry.authz.permissions import actions as permissions
from tenantry.authz.roles import rules, store
from tenantry.authz.roles.model import DEFAULT_ROLES, Role, RoleName, RoleUnknown
from tenantry.kit.expectations import Expectation
from tenantry.kit.ids import new_id
from tenantry.kit.limits import Limits
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.kit.text import key_from, with_suffix
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change
from tenantry.postgres.reader import Reader
from tenantry.postgres.transaction import Tx


@dataclass(frozen=True, slots=True)
class NewRole:
    """The values of a new role; without a key, it is derived from the name."""

    name: str
    key: str | None
    description: str
    permissions: list[str]


def build_default_roles(tx: Tx, org_id: UUID) -> dict[str, Role]:
    """The three default roles of a new organization, by key; nothing is written yet."""
    return {
        blueprint.key: Role(
            id=new_id(),
            org_id=org_id,
            key=blueprint.key,
            name=blueprint.name,
            description=blueprint.description,
            permissions=blueprint.permissions,
            is_default=True,
            created_at=tx.now,
            updated_at=tx.now,
        )
        for blueprint in DEFAULT_ROLES
    }


def insert_defaults(tx: Tx, org_id: UUID, drawn: Mapping[str, Role]) -> None:
    store.insert_defaults(tx, org_id, drawn)


select_named = store.select_named


async def get_all(
    reader: Reader, org_id: UUID, names: Sequence[RoleName]
) -> Mapping[RoleName, Role]:
    """The named roles, each by the name that was used. RoleUnknown."""
    known = await find_all(reader, org_id, names)
    if not known.keys() >= set(names):
        raise RoleUnknown
    return known


async def find_all(
    reader: Reader, org_id: UUID, names: Sequence[RoleName]
) -> Mapping[RoleName, Role]:
    """The named roles that exist, for rules that check permissions before existence."""
    return by_name(await reader.rows(store.select_named(org_id, names)))


def by_name(found: Sequence[Role]) -> Mapping[RoleName, Role]:
    """The roles by both names, id and key."""
    return {name: role for role in found for name in (role.id, role.key)}


async def list_roles(reader: AuthorizedReader, page: PageRequest) -> Page[Role]:
    return Page.of(page, await store.list_of_organization(reader, reader.org_id, page))


async def get(reader: AuthorizedReader, role_id: UUID) -> Role:
    found = await store.get(reader, reader.org_id, role_id)
    if found is None:
        raise NotFound
    return found


async def create(tx: Tx, authority: Authority, limits: Limits, draft: NewRole) -> Role:
    """Create a custom role.

    CannotGrantRole, PermissionUnknown, RoleKeyTaken, LimitReached.
    """
    locked = await lock_organization(tx, authority)
    known = await _hold(tx, draft.permissions)
    rules.ensure_may_hold(locked, draft.permissions, known)
    role = Role(
        id=new_id(),
        org_id=authority.org_id,
        key=draft.key or await _free_key(tx, authority.org_id, draft.name),
        name=draft.name,
        description=draft.description,
        permissions=in_order(draft.permissions),
        is_default=False,
        created_at=tx.now,
        updated_at=tx.now,
    )
    present = await store.count_custom(tx, authority.org_id)
    rules.ensure_creatable(present=present, limits=limits)
    store.insert(tx, role)
    _record(tx, authority, "role.created", role, [role.made()])
    return role


async def lock(tx: Tx, authority: Authority, role_id: UUID) -> tuple[LockedAuthority, Role]:
    """The current role, under the organization's lock. NotFound."""
    locked = await lock_organization(tx, authority)
    role = await store.get(tx, authority.org_id, role_id)
    if role is None:
        raise NotFound
    return locked, role


async def preview(
    tx: Tx, authority: Authority, role_id: UUID, changes: Mapping[str, Any]
) -> tuple[Role, Role]:
    """The role before and after a change. NotFound, CannotGrantRole, PermissionUnknown,
    DefaultRole."""
    role, proposed = await _propose(tx, authority, role_id, changes)
    rules.ensure_changeable(role)
    return role, proposed


async def _propose(
    tx: Tx, authority: Authority, role_id: UUID, changes: Mapping[str, Any]
) -> tuple[Role, Role]:
    locked, role = await lock(tx, authority, role_id)
    rules.ensure_custom(locked, role)
    given = changes.get("permissions", role.permissions)
    rules.ensure_may_hold(locked, given, await _hold(tx, given))
    given = {"permissions": in_order(given)} if "permissions" in changes else {}
    return role, replace(role, **{**changes, **given})


async def update(
    tx: Tx,
    authority: Authority,
    role_id: UUID,
    changes: Mapping[str, Any],
    *,
    expected: Expectation[Role],
) -> Role:
    """Change a role, effective with the next request of everyone who has it.

    NotFound, CannotGrantRole, PermissionUnknown; what `expected` raises; DefaultRole.
    """
    role, proposed = await _propose(tx, authority, role_id, changes)
    expected(role)
    rules.ensure_changeable(role)
    if proposed == role:
        return role
    changed = replace(proposed, updated_at=tx.now)
    store.update(tx, changed)
    _record(tx, authority, "role.updated", changed, [role.became(changed)])
    return changed


async def lock_to_retire(
    tx: Tx, authority: Authority, role_id: UUID, *, replace_with: UUID | None
) -> tuple[Role, Role | None]:
    """A role to delete, and its replacement if there is one, under the organization's lock.
    NotFound, CannotGrantRole, RoleUnknown."""
    locked, role = await lock(tx, authority, role_id)
    if replace_with is None:
        rules.ensure_replaceable(locked, role, None)
        return role, None
    replacement = await store.get(tx, authority.org_id, replace_with)
    rules.ensure_replaceable(locked, role, replacement)
    if replacement is None or replacement.id == role.id:
        raise RoleUnknown
    return role, replacement


def retire(tx: Tx, role: Role, uses: Mapping[str, int], replacement: Role | None) -> Change:
    """Retire a locked role; returns the change. DefaultRole, RoleInUse."""
    rules.ensure_deletable(role, uses, replacement)
    store.retire(tx, role)
    return role.ended()


async def _hold(tx: Tx, names: Sequence[str]) -> set[str]:
    """The existing permissions among these; none of them can be withdrawn until the commit."""
    return {*BUILT_IN, *await permissions.hold(tx, product_permissions(names))}


async def _free_key(tx: Tx, org_id: UUID, name: str) -> str:
    key = key_from(name, otherwise="role")
    return with_suffix(key) if await store.key_exists(tx, org_id, key) else key


def _record(tx: Tx, authority: Authority, action: str, role: Role, changes: list[Change]) -> None:
    events.record(
        tx,
        authority.org_id,
        authority.actor,
        action,
        targets=[role.target()],
        changes=changes,
    )
