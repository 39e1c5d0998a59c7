"""Settings: what an organization is called, its letters' language, what programs note of it."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.edit_conflict import as_shown
from tenantry.console.forms.metadata import metadata_in, noted
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.http.request import DOCUMENT_BODY
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations.model import PERSONAL, OrganizationChanges

_SAVED = mark("Settings saved")


@organization_page("/settings", Permission.ORGANIZATION_UPDATE, largest_form=DOCUMENT_BODY)
async def ask(page: OrganizationPage) -> Response:
    """Show the settings as they are."""
    organization = await organizations.get(page.reading)
    example = {"name": organization.name, "slug": organization.slug}
    return page.render(
        "organizations/settings.html",
        settings=organization,
        rows=noted(organization.metadata),
        may_delete=organization.kind != PERSONAL and page.may(Permission.ORGANIZATION_DELETE),
        curl=page.curl("PATCH", f"/organizations/{page.org_id}", example),
    )


@ask.post
async def save(page: OrganizationPage) -> Response:
    """Write what was filled in. SlugTaken; EditConflict."""
    form = await page.form()
    changes = OrganizationChanges(
        name=form.name("name"), locale=form.locale("locale"), metadata=metadata_in(form)
    )
    if slug := form.slug("slug"):
        changes["slug"] = slug
    form.ensure_valid()
    changed = await page.write(
        lambda tx, authority: organizations.update(tx, authority, changes, expected=as_shown(form))
    )
    return page.redirect(f"/organizations/{changed.slug}/settings", _SAVED)
