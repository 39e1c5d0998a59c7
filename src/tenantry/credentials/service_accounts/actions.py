"""Use cases of service accounts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from tenantry.authz.authority import Authority, LockedAuthority
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.authz.locks import lock_organization
from tenantry.authz.roles import actions as roles
from tenantry.authz.roles.actions import RoleName
from tenantry.authz.roles.model import Role
from tenantry.credentials.service_accounts import rules, store
from tenantry.credentials.service_accounts.model import BoundWorkspaceUnknown, ServiceAccount
from tenantry.kit.expectations import Expectation
from tenantry.kit.ids import Kind, new_id
from tenantry.kit.limits import Limits
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.workspaces import actions as workspaces


@dataclass(frozen=True, slots=True)
class NewServiceAccount:
    name: str
    role: RoleName
    workspace_id: UUID | None = None


async def create(
    tx: Tx, authority: Authority, limits: Limits, draft: NewServiceAccount
) -> ServiceAccount:
    """Create a service account. PersonRequired, WorkspaceUnknown, RoleUnknown, CannotGrantRole,
    LimitReached."""
    authority.ensure_person()
    locked = await lock_organization(tx, authority)
    await ensure_visible(tx, authority, draft.workspace_id)
    role = (await roles.get_all(tx, authority.org_id, [draft.role]))[draft.role]
    account = ServiceAccount(
        id=new_id(),
        org_id=authority.org_id,
        name=draft.name,
        role=role.ref,
        role_permissions=frozenset(role.permissions),
        workspace_id=draft.workspace_id,
        created_at=tx.now,
        updated_at=tx.now,
    )
    present = await store.count(tx, authority.org_id)
    rules.ensure_creatable(locked, account, present=present, limits=limits)
    store.insert(tx, account)
    _record(tx, authority, "service_account.created", account, account.made())
    return account


async def ensure_visible(tx: Tx, authority: Authority, workspace_id: UUID | None) -> None:
    """BoundWorkspaceUnknown if the caller does not see the workspace."""
    if workspace_id is None:
        return
    if workspace_id not in await workspaces.find_all_seen(tx, authority, [workspace_id]):
        raise BoundWorkspaceUnknown


async def get(reader: AuthorizedReader, account_id: UUID) -> ServiceAccount:
    found = await store.find(reader, reader.org_id, reader.viewer, account_id)
    if found is None:
        raise NotFound
    return found


async def list_accounts(reader: AuthorizedReader, page: PageRequest) -> Page[ServiceAccount]:
    found = await store.list_of_organization(reader, reader.org_id, reader.viewer, page)
    return Page.of(page, found)


async def find(tx: Tx, authority: Authority, account_id: UUID) -> ServiceAccount | None:
    """A service account that the caller can see. They hold the organization's lock."""
    return await store.find(tx, authority.org_id, authority.viewer, account_id)


async def lock(
    tx: Tx, authority: Authority, account_id: UUID
) -> tuple[LockedAuthority, ServiceAccount]:
    """The current account, under the organization's lock. NotFound."""
    locked = await lock_organization(tx, authority)
    account = await find(tx, authority, account_id)
    if account is None:
        raise NotFound
    return locked, account


async def update(
    tx: Tx,
    authority: Authority,
    account_id: UUID,
    *,
    name: str | None,
    role: RoleName | None,
    expected: Expectation[ServiceAccount],
) -> ServiceAccount:
    """Change an account, effective with the next request of its keys; None changes nothing.

    PersonRequired, NotFound, RoleUnknown, CannotGrantRole; what `expected` raises.
    """
    authority.ensure_person()
    locked, account = await lock(tx, authority, account_id)
    proposed = replace(account, name=name or account.name)
    if role is not None:
        found = (await roles.get_all(tx, authority.org_id, [role]))[role]
        permissions = frozenset(found.permissions)
        proposed = replace(proposed, role=found.ref, role_permissions=permissions)
    rules.ensure_changeable(locked, account, proposed)
    expected(account)
    if proposed == account:
        return account
    changed = replace(proposed, updated_at=tx.now)
    store.update(tx, changed)
    _record(tx, authority, "service_account.updated", changed, account.became(changed))
    return changed


def end(tx: Tx, locked: LockedAuthority, account: ServiceAccount) -> Change:
    """Delete a locked account after its keys; returns the change. CannotGrantRole."""
    rules.ensure_deletable(locked, account)
    store.delete(tx, account.org_id, [account.id])
    return account.ended()


async def bound_to(tx: Tx, org_id: UUID, workspace_id: UUID | None) -> Sequence[ServiceAccount]:
    return await store.bound_to(tx, org_id, workspace_id)


def end_all(tx: Tx, org_id: UUID, accounts: Sequence[ServiceAccount]) -> list[Change]:
    """Delete accounts after their keys; returns the changes."""
    store.delete(tx, org_id, [account.id for account in accounts])
    return [account.ended() for account in accounts]


async def count_with_role(tx: Tx, role: Role) -> int:
    return await store.count_with_role(tx, role.org_id, role.id)


async def replace_role(tx: Tx, role: Role, replacement: Role) -> list[Change]:
    """Replace the role of accounts; returns the changes."""
    was, now = {"role": role.key}, {"role": replacement.key}
    return [
        Change.updated(Kind.SERVICE_ACCOUNT, account_id, was, now)
        for account_id in await store.replace_role(tx, role.org_id, role.id, replacement.id)
    ]


def _record(
    tx: Tx, authority: Authority, action: str, account: ServiceAccount, change: Change
) -> None:
    events.record(
        tx,
        authority.org_id,
        authority.actor,
        action,
        targets=[account.target()],
        changes=[change],
        workspace_id=account.workspace_id,
    )
