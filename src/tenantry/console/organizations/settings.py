"""The settings of an organization."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.edit_conflict import as_shown
from tenantry.console.forms.metadata import metadata_in, metadata_rows
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.http.request import DOCUMENT_BODY
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations.model import PERSONAL, OrganizationChanges


@organization_page("/settings", Permission.ORGANIZATION_UPDATE, largest_form=DOCUMENT_BODY)
async def edit(page: OrganizationPage) -> Response:
    organization = await organizations.get(page.reading)
    example = {"name": organization.name, "slug": organization.slug}
    return page.render(
        "organizations/settings.html",
        settings=organization,
        rows=metadata_rows(organization.metadata),
        may_delete=organization.kind != PERSONAL and page.may(Permission.ORGANIZATION_DELETE),
        curl=page.curl("PATCH", f"/organizations/{page.org_id}", example),
    )


@edit.post
async def update(page: OrganizationPage) -> Response:
    """SlugTaken, EditConflict."""
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
    return page.redirect(f"/organizations/{changed.slug}/settings", mark("Settings saved"))
