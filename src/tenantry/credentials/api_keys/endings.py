"""Revoking keys and changing their roles as part of a larger use case.

The caller holds the organization's lock, and records the returned changes in its own event.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from tenantry.authz.roles.model import Role
from tenantry.credentials.api_keys import store
from tenantry.credentials.api_keys.store import Basis
from tenantry.kit.ids import Kind
from tenantry.platform.audit.model import Change
from tenantry.postgres.transaction import Tx


async def end(tx: Tx, org_id: UUID, basis: Basis, basis_id: UUID) -> list[Change]:
    """Revoke the keys that depend on something, before it is deleted.

    If someone else has rotated a key that a person knows, only the secret that the person has seen
    is revoked.
    """
    ended = await store.list_resting_on(tx, org_id, basis, basis_id)
    store.delete(tx, org_id, [key.id for key in ended])
    if basis == "known_to":
        store.forget_replaced_shown_to(tx, org_id, basis_id)
    return [key.ended() for key in ended]


async def count_with_role(tx: Tx, role: Role) -> int:
    """How many members' own keys have the role."""
    return await store.count_with_role(tx, role.org_id, role.id)


async def replace_role(tx: Tx, role: Role, replacement: Role) -> list[Change]:
    """Give members' own keys that have a role another one."""
    was, now = {"role": role.key}, {"role": replacement.key}
    return [
        Change.updated(Kind.API_KEY, key_id, was, now)
        for key_id in await store.replace_role(tx, role.org_id, role.id, replacement.id)
    ]


def note_uses(tx: Tx, org_id: UUID, uses: Mapping[UUID, datetime]) -> None:
    """Write when keys were last used. The caller has set the tenant."""
    store.note_uses(tx, org_id, uses)
