"""Deleting and restoring an organization."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.confirmation import confirm
from tenantry.console.forms.form import ValidationFailed
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.tenancy.organizations import lifecycle

_DELETED_ORGANIZATIONS = "/organizations?status=deleted"


@organization_page("/settings/delete", Permission.ORGANIZATION_DELETE)
async def confirm_delete(page: OrganizationPage) -> Response:
    """Asks to type the slug, which prevents accidents."""
    await page.reading.authorize()
    return confirm(
        page,
        mark("Delete {name}?"),
        mark(
            "Everyone immediately loses access to its members, workspaces, roles and "
            "invitations. The slug stays reserved."
        ),
        mark("You can restore it for 30 days from the list of your organizations."),
        values={"name": page.organization.name},
        button=mark("Delete organization"),
        breadcrumbs=[(f"{page.base}/settings", page.ctx.translate(mark("Settings")))],
        curl=page.curl("DELETE", f"/organizations/{page.org_id}"),
        template="organizations/delete_organization.html",
    )


@confirm_delete.post
async def delete(page: OrganizationPage) -> Response:
    """PersonalOrganization; ValidationFailed if the slug does not match."""
    form = await page.form()
    if form.text("slug", most=100) != page.organization.slug:
        mismatch = mark("This does not match the slug. Type it exactly as shown.")
        raise ValidationFailed({"slug": mismatch})
    await page.write(lambda tx, authority: lifecycle.delete(tx, authority))
    deleted = mark("{name} deleted. You can restore it here for 30 days.")
    return page.redirect(_DELETED_ORGANIZATIONS, deleted, name=page.organization.name)


@organization_page("/restore", Permission.ORGANIZATION_DELETE, restores=True)
async def confirm_restore(page: OrganizationPage) -> Response:
    await page.reading.authorize()
    deleted = _DELETED_ORGANIZATIONS, page.ctx.translate(mark("Deleted organizations"))
    return confirm(
        page,
        mark("Restore {name}?"),
        mark("All members get back the access they had."),
        values={"name": page.organization.name},
        button=mark("Restore organization"),
        breadcrumbs=[deleted],
        curl=page.curl("POST", f"/organizations/{page.org_id}/restore"),
        is_final=False,
    )


@confirm_restore.post
async def restore(page: OrganizationPage) -> Response:
    """NotFound after it has been purged."""
    restored = await page.write(lambda tx, authority: lifecycle.restore(tx, authority))
    path = f"/organizations/{restored.slug}"
    return page.redirect(path, mark("{name} restored"), name=restored.name)
