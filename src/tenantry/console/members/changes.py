"""A member goes on on other terms, or is removed."""

from datetime import datetime

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.choices import role_choices, with_present
from tenantry.console.forms.confirmation import Confirmation, confirm
from tenantry.console.forms.edit_conflict import as_shown
from tenantry.console.forms.form import Form
from tenantry.console.members.members import breadcrumb, breadcrumbs, path_of
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark, mark_plural
from tenantry.console.user_pages import OrganizationPage
from tenantry.identity.offboarding import remove_member as offboarding
from tenantry.tenancy.invitations import queries
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.memberships.model import ACTIVE, SUSPENDED, Membership, Terms

_ACTIVE = mark("Active")
_SUSPENDED = mark("Suspended: no access, roles are kept")
_CHANGED = mark("{name} updated")
_ASKED = mark("Remove {name}?")
_GOES = mark(
    "{name} ({email}) loses access to {organization} immediately, with the role "
    "{role}, all workspace roles and open invitations. They are notified by email."
)
_BACK = mark("You can invite them again later.")
_REMOVE = mark("Remove")
_REMOVED = mark("{name} removed")
_INVITATIONS = mark_plural(
    "{n} invitation from {name} cannot be accepted until someone resends it.",
    "{n} invitations from {name} cannot be accepted until someone resends them.",
)


@organization_page("/people/{member_id}/edit", Permission.MEMBER_UPDATE)
async def ask(page: OrganizationPage) -> Response:
    """Show the form of a member's role, status and end."""
    present = await memberships.get(page.reading, page.ids["member_id"])
    given = (await role_choices(page)).given
    translate = page.ctx.translate
    return page.render(
        "members/edit_member.html",
        present=present,
        resting=await queries.count_open_of(page.reading, present.user.id),
        breadcrumbs=breadcrumbs(page, breadcrumb(page, present)),
        roles=with_present(given, (present.role.key, present.role.name)),
        statuses=[(ACTIVE, translate(_ACTIVE)), (SUSPENDED, translate(_SUSPENDED))],
        until=_written(present.expires_at),
        curl=page.curl("PATCH", path_of(page, present), {"role": "developer"}),
    )


@ask.post
async def change(page: OrganizationPage) -> Response:
    """Change them. EditConflict, CannotGrantRole, ExpiryPassed, LastAdmin, PersonalOrganization."""
    form, member_id = await page.form(), page.ids["member_id"]
    present = await memberships.get(page.reading, member_id)
    terms = _terms(form, present)
    form.ensure_valid()
    changed = await page.write(
        lambda tx, authority: memberships.update(
            page.ctx.use_case(tx, authority), member_id, terms, expected=as_shown(form)
        )
    )
    path, name = breadcrumb(page, changed)
    return page.redirect(path, _CHANGED, name=name)


@organization_page("/people/{member_id}/remove", Permission.MEMBER_REMOVE)
async def ask_to_remove(page: OrganizationPage) -> Response:
    """Ask once more, naming who goes."""
    present = await memberships.get(page.reading, page.ids["member_id"])
    resting = await queries.count_open_of(page.reading, present.user.id)
    return confirm(
        page,
        Confirmation(
            title=_ASKED,
            words=(_GOES, *([_INVITATIONS] if resting else []), _BACK),
            values={
                "n": str(resting),
                "name": present.user.name,
                "email": present.user.email,
                "role": present.role.name,
                "organization": page.organization.name,
            },
            button=_REMOVE,
            breadcrumbs=breadcrumbs(page, breadcrumb(page, present)),
            curl=page.curl("DELETE", path_of(page, present)),
        ),
    )


@ask_to_remove.post
async def remove(page: OrganizationPage) -> Response:
    """Remove them. CannotGrantRole, LastAdmin, PersonalOrganization."""
    present = await memberships.get(page.reading, page.ids["member_id"])
    await page.write(
        lambda tx, authority: offboarding.remove_member(
            page.ctx.use_case(tx, authority), present.id
        )
    )
    return page.redirect(f"{page.base}/people", _REMOVED, name=present.user.name)


def _terms(form: Form, present: Membership) -> Terms:
    """What the form says; an end that stands as it stood is not set anew, for it may be over."""
    terms = Terms(
        role=form.text("role", most=60),
        status=form.choice("status", frozenset((ACTIVE, SUSPENDED))),
    )
    if form.text("expires_at", most=40) != _written(present.expires_at):
        terms["expires_at"] = form.moment("expires_at")
    return terms


def _written(moment: datetime | None) -> str:
    """A moment as a field for one holds it (HTML, "local date and time state")."""
    return f"{moment:%Y-%m-%dT%H:%M}" if moment else ""
