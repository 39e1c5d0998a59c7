"""Keys that end with what they rest on, or get another role: always within a larger act.

The caller holds the organization's lock, and records the changes in its own event.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from tenantry.authz.roles.model import Role
from tenantry.credentials.api_keys import store
from tenantry.credentials.api_keys.store import Which
from tenantry.kit.ids import Kind
from tenantry.platform.audit.model import Change
from tenantry.postgres.transaction import Tx


async def end_of_membership(tx: Tx, org_id: UUID, membership_id: UUID) -> list[Change]:
    """End a member's own keys; before the membership goes, on which they rest."""
    return await _end(tx, org_id, Which(membership_id=membership_id))


async def end_of_user(tx: Tx, org_id: UUID, user_id: UUID) -> list[Change]:
    """The same, by the person."""
    return await _end(tx, org_id, Which(user_id=user_id))


async def end_known_to(tx: Tx, org_id: UUID, user_id: UUID) -> list[Change]:
    """End a person's own keys, and those of service accounts whose secret they were shown.

    If a key was rotated by someone else since, only the secret that the person knows ends.
    """
    ended = await _end(tx, org_id, Which(known_to=user_id))
    store.forget_replaced_told_to(tx, org_id, user_id)
    return ended


async def end_of_account(tx: Tx, org_id: UUID, account_id: UUID) -> list[Change]:
    """End the keys of a service account, before it is deleted."""
    return await _end(tx, org_id, Which(account_id=account_id))


async def end_in_workspace(tx: Tx, org_id: UUID, workspace_id: UUID) -> list[Change]:
    """End the keys that are bound to a workspace, themselves or by their service account."""
    return await _end(tx, org_id, Which(workspace_id=workspace_id))


async def end_all(tx: Tx, org_id: UUID) -> list[Change]:
    """End every key of an organization."""
    return await _end(tx, org_id, Which())


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
    """Write when keys were used last; the caller acts as the organization's tenant."""
    store.note_uses(tx, org_id, uses)


async def _end(tx: Tx, org_id: UUID, which: Which) -> list[Change]:
    ended = await store.ending(tx, org_id, which)
    store.delete(tx, org_id, [key.id for key in ended])
    return [key.ended() for key in ended]
