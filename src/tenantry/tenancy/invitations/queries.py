"""Reading invitations: those of an organization, and those to oneself."""

from uuid import UUID

from tenantry.authz.authorization import AuthorizedReader
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.tenancy.invitations import reads
from tenantry.tenancy.invitations.model import Invitation, MyInvitation


async def get(reader: AuthorizedReader, invitation_id: UUID) -> Invitation:
    """An invitation of the reader's organization. NotFound."""
    found = await reads.find(reader, reader.org_id, reader.viewer, invitation_id)
    if found is None:
        raise NotFound
    return found


async def list_invitations(
    reader: AuthorizedReader, page: PageRequest, *, status: str | None
) -> Page[Invitation]:
    """The invitations of the reader's organization; of one status if wanted."""
    found = await reads.list_of_organization(
        reader, reader.org_id, reader.viewer, page, status=status
    )
    return Page.of(page, found)


async def count_open_of(reader: AuthorizedReader, inviter_id: UUID) -> int:
    """How many open invitations a person sent; they depend on what that person may grant."""
    return await reads.count_open_of(reader, reader.org_id, inviter_id)


async def list_mine(reader: AuthorizedReader, page: PageRequest) -> Page[MyInvitation]:
    """What is open for one's own address, in all organizations. AccountUnverified."""
    found = await reads.list_to(reader, reader.claims, page)
    if reader.actor is not None:
        reader.actor.ensure_verified()
    return Page.of(page, found)
