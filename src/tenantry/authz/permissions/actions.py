"""Use cases of product permissions."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from tenantry.authz.authority import Operator
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.authz.permissions import rules, store
from tenantry.authz.permissions.model import (
    PermissionTaken,
    ProductPermission,
    UsedPermission,
    Uses,
)
from tenantry.kit.expectations import Expectation, any_version
from tenantry.kit.refusals import NotFound
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Snapshot
from tenantry.postgres.transaction import Tx

NO_USES = Uses(0, 0)


async def list_all(reader: AuthorizedReader) -> list[ProductPermission]:
    """All product permissions, by name."""
    return await store.list_all(reader)


async def list_used(reader: AuthorizedReader) -> list[UsedPermission]:
    """The same for operators, each with the number of roles that have it."""
    return await store.list_used(reader)


async def get(reader: AuthorizedReader, name: str) -> UsedPermission:
    found = await store.find_used(reader, name)
    if found is None:
        raise NotFound
    return found


async def declare(tx: Tx, operator: Operator, name: str, description: str) -> ProductPermission:
    """Declare a permission: roles can have it, and Admins have it immediately.

    LimitReached, PermissionTaken.
    """
    rules.ensure_declarable(present=await store.count(tx))
    if not await store.insert(tx, name, description):
        raise PermissionTaken
    declared = ProductPermission(name, description, tx.now, tx.now)
    _record(tx, operator, "permission.declared", declared, None, declared.snapshot())
    return declared


async def declare_all(tx: Tx, described: Mapping[str, str]) -> None:
    """Declare the permissions of a file and update their descriptions. LimitReached.

    Others stay unchanged. Several servers may do this at once.
    """
    for name, description in sorted(described.items()):
        if not await store.insert(tx, name, description):
            present = await store.lock(tx, name)
            if present is not None and present.description != description:
                store.describe(tx, name, description, tx.now)
    rules.ensure_declarable(present=await store.count(tx) - 1)


async def _lock(tx: Tx, name: str) -> UsedPermission:
    """The current permission; its uses cannot increase until the transaction ends. NotFound."""
    declared = await store.lock(tx, name)
    if declared is None:
        raise NotFound
    # Read under the lock: transactions that add it to a role have committed by now.
    return UsedPermission(declared, await store.uses(tx, name))


async def update(
    tx: Tx,
    operator: Operator,
    name: str,
    *,
    description: str,
    expected: Expectation[UsedPermission] = any_version,
) -> UsedPermission:
    """Change the description of a permission. NotFound; what `expected` raises."""
    found = await _lock(tx, name)
    expected(found)
    declared, uses = found
    if description == declared.description:
        return found
    changed = replace(declared, description=description, updated_at=tx.now)
    store.describe(tx, changed.name, description, tx.now)
    before, after = declared.snapshot(), changed.snapshot()
    _record(tx, operator, "permission.updated", changed, before, after)
    return UsedPermission(changed, uses)


async def withdraw(tx: Tx, operator: Operator, name: str) -> None:
    """Delete a permission that no role has. NotFound, PermissionInUse."""
    declared, uses = await _lock(tx, name)
    rules.ensure_unused(uses)
    store.delete(tx, name)
    _record(tx, operator, "permission.withdrawn", declared, declared.snapshot(), None)


async def hold(tx: Tx, names: Collection[str]) -> set[str]:
    """The declared ones among these names; none can be withdrawn until the transaction ends."""
    return await store.hold(tx, names)


def _record(
    tx: Tx,
    operator: Operator,
    action: str,
    declared: ProductPermission,
    before: Snapshot | None,
    after: Snapshot | None,
) -> None:
    # It belongs to no tenant, so the event is recorded in the operator's own account.
    change = declared.became(before, after)
    events.record_of_account(tx, operator.actor.id, action, [change], by=operator)
