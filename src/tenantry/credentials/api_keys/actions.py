"""Use cases of API keys."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from tenantry.authz.authority import Authority, LockedAuthority
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.authz.locks import lock_for_workspace, lock_organization
from tenantry.authz.roles import actions as roles
from tenantry.authz.roles.actions import RoleName
from tenantry.credentials.api_keys import rules, store
from tenantry.credentials.api_keys.model import ApiKey, Holder, Issued, RoleMissing, RoleOfAccount
from tenantry.credentials.service_accounts import actions as service_accounts
from tenantry.credentials.service_accounts.model import ServiceAccountUnknown
from tenantry.kit import bearer_keys
from tenantry.kit.expectations import Expectation, any_version
from tenantry.kit.ids import Kind, new_id
from tenantry.kit.limits import Limits
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.kit.secrets import Secret
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change
from tenantry.postgres.transaction import Tx


@dataclass(frozen=True, slots=True)
class NewApiKey:
    name: str
    role: RoleName | None = None
    workspace_id: UUID | None = None
    service_account_id: UUID | None = None
    expires_at: datetime | None = None


async def create(tx: Tx, authority: Authority, limits: Limits, draft: NewApiKey) -> Issued:
    """Create a key, whose secret is shown only once.

    PersonRequired, RoleUnknown, WorkspaceUnknown, ServiceAccountUnknown, CannotGrantRole,
    ExpiryPassed, LimitReached.
    """
    authority.ensure_person()
    secret = bearer_keys.new_key(bearer_keys.API_KEY)
    if draft.service_account_id is None:
        locked, key = await _own(tx, authority, draft, secret)
    else:
        locked, key = await _of_account(tx, authority, draft, draft.service_account_id, secret)
    present = await store.count(tx, authority.org_id)
    rules.ensure_creatable(locked, key, present=present, limits=limits, now=tx.now)
    store.insert(tx, key, secret.digest, shown_to=authority.person.id)
    _record(tx, authority, "api_key.created", key, key.made())
    return Issued(key, secret)


async def get(reader: AuthorizedReader, key_id: UUID) -> ApiKey:
    found = await store.find(reader, reader.org_id, reader.viewer, key_id)
    if found is None:
        raise NotFound
    return found


async def list_keys(
    reader: AuthorizedReader, page: PageRequest, *, account_id: UUID | None
) -> Page[ApiKey]:
    found = await store.list_of_organization(
        reader, reader.org_id, reader.viewer, page, account_id=account_id
    )
    return Page.of(page, found)


async def update(
    tx: Tx,
    authority: Authority,
    key_id: UUID,
    *,
    name: str | None,
    expected: Expectation[ApiKey] = any_version,
) -> ApiKey:
    """Rename a key; None leaves the name unchanged.

    PersonRequired, NotFound, CannotGrantRole; what `expected` raises.
    """
    authority.ensure_person()
    locked, key = await _lock(tx, authority, key_id)
    rules.ensure_manageable(locked, key)
    expected(key)
    if name is None or name == key.name:
        return key
    renamed = replace(key, name=name, updated_at=tx.now)
    store.update(tx, renamed)
    _record(tx, authority, "api_key.updated", renamed, key.became(renamed))
    return renamed


async def rotate(tx: Tx, authority: Authority, key_id: UUID, *, overlap: timedelta) -> Issued:
    """Give a key a new secret, shown only once. The current one stays valid for the overlap, and
    older ones are revoked: at most two are valid.

    PersonRequired, NotFound, KeyOfAnother, CannotGrantRole, KeyExpired.
    """
    authority.ensure_person()
    locked, key = await _lock(tx, authority, key_id)
    rules.ensure_renewable(locked, key, tx.now)
    secret = bearer_keys.new_key(bearer_keys.API_KEY)
    renewed = replace(key, hint=bearer_keys.hint_of(secret), updated_at=tx.now)
    until, person = tx.now + overlap, authority.person
    store.renew(tx, renewed, secret.digest, shown_to=person.id, until=until)
    _record(tx, authority, "api_key.rotated", renewed, key.became(renewed))
    return Issued(renewed, secret)


async def revoke(tx: Tx, authority: Authority, key_id: UUID) -> None:
    """Revoke a key, effective with the commit. NotFound, CannotGrantRole."""
    locked, key = await _lock(tx, authority, key_id)
    rules.ensure_manageable(locked, key)
    store.delete(tx, key.org_id, [key.id])
    _record(tx, authority, "api_key.revoked", key, key.ended())


async def _own(
    tx: Tx, authority: Authority, draft: NewApiKey, secret: Secret
) -> tuple[LockedAuthority, ApiKey]:
    person, name = authority.person, draft.role
    if name is None:
        raise RoleMissing
    await service_accounts.ensure_visible(tx, authority, draft.workspace_id)
    if draft.workspace_id is None:
        locked = await lock_organization(tx, authority)
    else:
        locked = await lock_for_workspace(tx, authority, draft.workspace_id)
    role = (await roles.get_all(tx, authority.org_id, [name]))[name]
    return locked, ApiKey(
        id=new_id(),
        org_id=authority.org_id,
        name=draft.name,
        hint=bearer_keys.hint_of(secret),
        holder=Holder(Kind.USER, person.id, person.name, authority.membership_id),
        role=role.ref,
        role_permissions=frozenset(role.permissions),
        workspace_id=draft.workspace_id,
        expires_at=draft.expires_at,
        last_used_at=None,
        created_at=tx.now,
        updated_at=tx.now,
    )


async def _of_account(
    tx: Tx, authority: Authority, draft: NewApiKey, account_id: UUID, secret: Secret
) -> tuple[LockedAuthority, ApiKey]:
    if draft.role is not None or draft.workspace_id is not None:
        raise RoleOfAccount("#/workspace_id" if draft.role is None else "#/role")
    locked = await lock_organization(tx, authority)
    account = await service_accounts.find(tx, authority, account_id)
    if account is None:
        raise ServiceAccountUnknown
    return locked, ApiKey(
        id=new_id(),
        org_id=authority.org_id,
        name=draft.name,
        hint=bearer_keys.hint_of(secret),
        holder=Holder(Kind.SERVICE_ACCOUNT, account.id, account.name),
        role=account.role,
        role_permissions=account.role_permissions,
        workspace_id=account.workspace_id,
        expires_at=draft.expires_at,
        last_used_at=None,
        created_at=tx.now,
        updated_at=tx.now,
    )


async def _lock(tx: Tx, authority: Authority, key_id: UUID) -> tuple[LockedAuthority, ApiKey]:
    locked = await lock_organization(tx, authority)
    key = await store.find(tx, authority.org_id, authority.viewer, key_id)
    if key is None:
        raise NotFound
    return locked, key


def _record(tx: Tx, authority: Authority, action: str, key: ApiKey, change: Change) -> None:
    events.record(
        tx,
        authority.org_id,
        authority.actor,
        action,
        targets=[key.target()],
        changes=[change],
        workspace_id=key.workspace_id,
    )
