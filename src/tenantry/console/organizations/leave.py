"""The page on which somebody leaves an organization."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.confirmation import Confirmation, confirm
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark, mark_plural
from tenantry.console.user_pages import OrganizationPage
from tenantry.identity.offboarding import remove_member as offboarding
from tenantry.tenancy.invitations import management

_ASKED = mark("Leave {name}?")
_GOES = mark(
    "You will see nothing of it any more: your role there, your roles in its workspaces and what"
    " is open for your address end at once."
)
_BACK = mark("To come back, you need a new invitation.")
_INVITATIONS = mark_plural(
    "{n} open invitation that you sent cannot be accepted then, until somebody sends it again.",
    "{n} open invitations that you sent cannot be accepted then, until somebody sends them again.",
)
_LEAVE = mark("Leave")
_LEFT = mark("You left {name}.")


@organization_page("/people/leave", Permission.ORGANIZATION_READ)
async def ask(page: OrganizationPage) -> Response:
    """Ask once more: only others can let them in again."""
    resting = await management.count_open_of(page.reading, page.actor.id)
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
