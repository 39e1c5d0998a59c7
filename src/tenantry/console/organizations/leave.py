"""The page on which somebody leaves an organization."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.confirmation import Confirmation, confirm
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark, mark_plural
from tenantry.console.user_pages import OrganizationPage
from tenantry.identity.offboarding import remove_member as offboarding
from tenantry.tenancy.invitations import queries

_ASKED = mark("Leave {name}?")
_GOES = mark(
    "You lose access immediately, with all your roles in its workspaces and open invitations."
)
_BACK = mark("You need a new invitation to rejoin.")
_INVITATIONS = mark_plural(
    "{n} invitation you sent cannot be accepted until someone resends it.",
    "{n} invitations you sent cannot be accepted until someone resends them.",
)
_LEAVE = mark("Leave")
_LEFT = mark("You left {name}")


@organization_page("/people/leave", Permission.ORGANIZATION_READ)
async def ask(page: OrganizationPage) -> Response:
    """Ask once more: only others can let them in again."""
    resting = await queries.count_open_of(page.reading, page.actor.id)
    translate = page.ctx.translate
    return confirm(
        page,
        Confirmation(
            title=_ASKED,
            words=(_GOES, *([_INVITATIONS] if resting else []), _BACK),
            values={"name": page.organization.name, "n": str(resting)},
            button=_LEAVE,
            breadcrumbs=[(page.base, translate(mark("Overview")))],
            curl=page.curl("DELETE", f"/organizations/{page.org_id}/members/me"),
        ),
    )


@ask.post
async def leave(page: OrganizationPage) -> Response:
    """Leave. LastAdmin, PersonalOrganization."""
    organization = page.organization
    await page.write_as_self(lambda tx, actor: offboarding.leave(tx, actor, organization.id))
    return page.redirect("/organizations", _LEFT, name=organization.name)
