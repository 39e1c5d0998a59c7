"""Asking for access: is it allowed, and why; what does somebody hold; and who can."""

from collections.abc import Sequence
from uuid import UUID

from tenantry.authz.authorization import AuthorizedReader
from tenantry.authz.builtin_permissions import BUILT_IN
from tenantry.authz.check_caller import CheckCaller
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
    asking: CheckCaller, questions: CheckRequest, pointers: Sequence[str]
) -> list[Decision]:
    """The verdict on each question, all of one moment; what the routes decide is what is told.

    PermissionDenied, RevisionUnknown; UserRequired, with the question's own of `pointers`.
    """
    if asking.is_product:
        await asking.ensure_active()
        rules.ensure_users_named(questions, pointers)
    decisions = await store.check_all(asking, questions)
    rules.ensure_visible(questions, decisions)
    return decisions


async def holdings_of_mine(
    reader: AuthorizedReader, org_id: UUID, *, after: UUID | None
) -> EffectivePermissions:
    """What the reader may do in an organization, and in each workspace of a page. NotFound for a
    stranger."""
    rows = await store.my_holdings(reader, org_id, after or FIRST)
    if not rows:
        raise NotFound
    return rules.summed(org_id, rows)


async def holdings_of(
    reader: AuthorizedReader, membership_id: UUID, *, after: UUID | None
) -> EffectivePermissions:
    """The same of a member of the organization that `reading` entered. NotFound.

    Workspaces that who reads does not see are not there; who is suspended may do nothing.
    """
    org_id, viewer = reader.org_id, reader.viewer
    rows = await store.holdings(reader, org_id, viewer, membership_id, after or FIRST)
    if not rows:
        raise NotFound
    return rules.summed(org_id, rows)


async def list_able(
    reader: AuthorizedReader, page: PageRequest, *, permission: str, workspace_id: UUID | None
) -> Page[MemberWithPermission]:
    """The members who can do something: in the organization, or in one of its workspaces.

    NotFound where there is no such permission.
    """
    found = await store.list_able(
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
