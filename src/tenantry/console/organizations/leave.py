"""The page on which a member leaves an organization."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.confirmation import confirm
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark, mark_plural
from tenantry.console.user_pages import OrganizationPage
from tenantry.identity.offboarding import remove_member as offboarding
from tenantry.tenancy.invitations import queries


@organization_page("/people/leave", Permission.ORGANIZATION_READ)
async def confirm_leave(page: OrganizationPage) -> Response:
    open_invitations = await queries.count_open_of(page.reading, page.actor.id)
    blocked = mark_plural(
        "{n} invitation you sent cannot be accepted until someone resends it.",
        "{n} invitations you sent cannot be accepted until someone resends them.",
    )
    return confirm(
        page,
        mark("Leave {name}?"),
        mark(
            "You lose access immediately, with all your roles in its workspaces and open "
            "invitations."
        ),
        *([blocked] if open_invitations else []),
        mark("You need a new invitation to rejoin."),
        values={"name": page.organization.name, "n": str(open_invitations)},
        button=mark("Leave"),
        breadcrumbs=[(page.base, page.ctx.translate(mark("Overview")))],
        curl=page.curl("DELETE", f"/organizations/{page.org_id}/members/me"),
    )


@confirm_leave.post
async def leave(page: OrganizationPage) -> Response:
    """LastAdmin, PersonalOrganization."""
    organization = page.organization
    await page.write_as_self(lambda tx, actor: offboarding.leave(tx, actor, organization.id))
    return page.redirect("/organizations", mark("You left {name}"), name=organization.name)
