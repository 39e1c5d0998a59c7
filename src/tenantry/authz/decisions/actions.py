"""Asking for access: is it allowed, and why; what does somebody hold; and who can."""

from collections.abc import Sequence
from uuid import UUID

from tenantry.authz.authorization import Reading
from tenantry.authz.builtin_permissions import OURS
from tenantry.authz.check_caller import Asking
from tenantry.authz.decisions import rules, store
from tenantry.authz.decisions.model import Able, Holdings, Questions, Verdict
from tenantry.kit.page import FIRST, Page, PageRequest
from tenantry.kit.refusals import NotFound


async def check_all(asking: Asking, questions: Questions, pointers: Sequence[str]) -> list[Verdict]:
    """The verdict on each question, all of one moment; what the routes decide is what is told.

    PermissionDenied, RevisionUnknown; UserRequired, with the question's own of `pointers`.
    """
    if asking.is_product:
        await asking.enter()
        rules.must_name_users(questions, pointers)
    verdicts = await store.check_all(asking, questions)
    rules.must_be_told(questions, verdicts)
    return verdicts


async def holdings_of_mine(reading: Reading, org_id: UUID, *, after: UUID | None) -> Holdings:
    """What the reader may do in an organization, and in each workspace of a page. NotFound for a
    stranger."""
    rows = await store.my_holdings(reading, org_id, after or FIRST)
    if not rows:
        raise NotFound
    return rules.summed(org_id, rows)


async def holdings_of(reading: Reading, membership_id: UUID, *, after: UUID | None) -> Holdings:
    """The same of a member of the organization that `reading` entered. NotFound.

    Workspaces that who reads does not see are not there; who is suspended may do nothing.
    """
    org_id, seer = reading.org_id, reading.seer
    rows = await store.holdings(reading, org_id, seer, membership_id, after or FIRST)
    if not rows:
        raise NotFound
    return rules.summed(org_id, rows)


async def list_able(
    reading: Reading, page: PageRequest, *, permission: str, workspace_id: UUID | None
) -> Page[Able]:
    """The members who can do something: in the organization, or in one of its workspaces.

    NotFound where there is no such permission.
    """
    found = await store.list_able(
        reading,
        reading.org_id,
        reading.seer,
        page,
        permission=permission,
        workspace_id=workspace_id,
    )
    if not found and permission not in OURS and not await store.is_declared(reading, permission):
        raise NotFound
    return Page.of(page, found)
