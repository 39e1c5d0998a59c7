"""The page on which an organization is made."""

from starlette.responses import Response

from tenantry.console.routing import user_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import UserPage
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations.actions import NewOrganization

_MADE = mark("{name} created. You are its Admin.")


@user_page("/organizations/new")
async def ask(page: UserPage) -> Response:
    """Show the form."""
    example = {"name": "Acme", "slug": "acme"}
    return page.render(
        "organizations/new_organization.html", curl=page.curl("POST", "/organizations", example)
    )


@ask.post
async def found(page: UserPage) -> Response:
    """Make it. SlugTaken, LimitReached."""
    form = await page.form()
    draft = NewOrganization(form.name("name"), form.slug("slug"))
    form.ensure_valid()
    founded = await page.write_as_self(
        lambda tx, actor: organizations.create(tx, actor, page.service.limits, draft)
    )
    made = founded.organization
    return page.redirect(f"/organizations/{made.slug}", _MADE, name=made.name)
