"""An organization ends, and is had back: its page asks for its slug first."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.confirmation import Confirmation, confirm
from tenantry.console.forms.form import ValidationFailed
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.tenancy.organizations import lifecycle

_DELETE = mark("Delete {name}?")
_GOES = mark(
    "Everyone immediately loses access to its members, workspaces, roles and "
    "invitations. The slug stays reserved."
)
_30_DAYS = mark("You can restore it for 30 days from the list of your organizations.")
_DELETE_IT = mark("Delete organization")
_DELETED = mark("{name} deleted. You can restore it here for 30 days.")
_ANOTHER = mark("This does not match the slug. Type it exactly as shown.")
_RESTORE = mark("Restore {name}?")
_COMES_BACK = mark("All members get back the access they had.")
_RESTORE_IT = mark("Restore organization")
_RESTORED = mark("{name} restored")
DELETED = "/organizations?status=deleted"


@organization_page("/settings/delete", Permission.ORGANIZATION_DELETE)
async def ask(page: OrganizationPage) -> Response:
    """Ask once more, and for the slug: nobody types that by accident."""
    await page.reading.authorize()
    asked = Confirmation(
        title=_DELETE,
        words=(_GOES, _30_DAYS),
        values={"name": page.organization.name},
        button=_DELETE_IT,
        breadcrumbs=[(f"{page.base}/settings", page.ctx.translate(mark("Settings")))],
        curl=page.curl("DELETE", f"/organizations/{page.org_id}"),
    )
    return confirm(page, asked, template="organizations/delete_organization.html")


@ask.post
async def delete(page: OrganizationPage) -> Response:
    """Delete it. PersonalOrganization; ValidationFailed where another slug was typed."""
    form = await page.form()
    if form.text("slug", most=100) != page.organization.slug:
        raise ValidationFailed({"slug": _ANOTHER})
    await page.write(lambda tx, authority: lifecycle.delete(tx, authority))
    return page.redirect(DELETED, _DELETED, name=page.organization.name)


@organization_page("/restore", Permission.ORGANIZATION_DELETE, restores=True)
async def ask_to_restore(page: OrganizationPage) -> Response:
    """Ask whether a deleted organization shall come back."""
    await page.reading.authorize()
    asked = Confirmation(
        title=_RESTORE,
        words=(_COMES_BACK,),
        values={"name": page.organization.name},
        button=_RESTORE_IT,
        breadcrumbs=[(DELETED, page.ctx.translate(mark("Deleted organizations")))],
        curl=page.curl("POST", f"/organizations/{page.org_id}/restore"),
        is_final=False,
    )
    return confirm(page, asked)


@ask_to_restore.post
async def restore(page: OrganizationPage) -> Response:
    """Take the deletion back. NotFound where it has gone for good."""
    restored = await page.write(lambda tx, authority: lifecycle.restore(tx, authority))
    return page.redirect(f"/organizations/{restored.slug}", _RESTORED, name=restored.name)
