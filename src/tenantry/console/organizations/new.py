"""The page on which an organization is made."""

from starlette.responses import Response

from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import Guest
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations.actions import Draft

_MADE = mark("{name} is made, and you are its Admin.")


async def ask(guest: Guest) -> Response:
    """Show the form."""
    example = {"name": "Acme", "slug": "acme"}
    return guest.page("new_organization.html", curl=guest.curl("POST", "/organizations", example))


async def found(guest: Guest) -> Response:
    """Make it. SlugTaken, LimitReached."""
    filling = await guest.filling()
    draft = Draft(filling.name("name"), filling.slug("slug"))
    filling.must_fit()
    async with guest.writing() as (tx, actor):
        founded = await organizations.create(tx, actor, guest.service.limits, draft)
    made = founded.organization
    return guest.go_to(f"/organizations/{made.slug}", _MADE, name=made.name)
