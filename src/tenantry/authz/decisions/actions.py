"""Checks of access, effective permissions, and members with a permission."""

from collections.abc import Sequence
from uuid import UUID

from tenantry.authz.authorized_reader import AuthorizedReader, CheckCaller
from tenantry.authz.builtin_permissions import BUILT_IN
from tenantry.authz.claims import ServiceKeyClaims
from tenantry.authz.decisions import rules, store
from tenantry.authz.decisions.model import (
    CheckRequest,
    Decision,
    EffectivePermissions,
    MemberWithPermission,
)
from tenantry.kit.page import FIRST, Page, PageRequest
from tenantry.kit.refusals import NotFound


async def check_all(
    caller: CheckCaller, request: CheckRequest, pointers: Sequence[str]
) -> list[Decision]:
    """The decision on each check, all from one snapshot, with the result that routes would have.

    PermissionDenied, RevisionUnknown; UserRequired, with the pointer of the check.
    """
    if isinstance(caller.credentials, ServiceKeyClaims):
        await caller.ensure_active()
        rules.ensure_users_named(request, pointers)
    decisions = await store.check_all(caller, request)
    rules.ensure_visible(request, decisions)
    return decisions


async def get_own_effective_permissions(
    reader: AuthorizedReader, org_id: UUID, *, after: UUID | None
) -> EffectivePermissions:
    """The reader's permissions in an organization, and in each workspace of one page.

    NotFound for a non-member.
    """
    rows = await store.own_effective_permissions(reader, org_id, after or FIRST)
    if not rows:
        raise NotFound
    return rules.effective_permissions(org_id, rows)


async def get_effective_permissions(
    reader: AuthorizedReader, membership_id: UUID, *, after: UUID | None
) -> EffectivePermissions:
    """The permissions of a member, without workspaces that the reader cannot see. NotFound.

    A suspended member has no permissions.
    """
    org_id, viewer = reader.org_id, reader.viewer
    rows = await store.effective_permissions(reader, org_id, viewer, membership_id, after or FIRST)
    if not rows:
        raise NotFound
    return rules.effective_permissions(org_id, rows)


async def list_members_with(
    reader: AuthorizedReader, page: PageRequest, *, permission: str, workspace_id: UUID | None
) -> Page[MemberWithPermission]:
    """The members who have a permission in the organization, or in one of its workspaces.

    NotFound if the permission is unknown.
    """
    found = await store.list_members_with(
        reader,
        reader.org_id,
        reader.viewer,
        page,
        permission=permission,
        workspace_id=workspace_id,
    )
    if not found and permission not in BUILT_IN and not await store.is_declared(reader, permission):
        raise NotFound
    return Page.of(page, found)
