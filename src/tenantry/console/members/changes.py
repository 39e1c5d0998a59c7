"""Editing and removing a member."""

from datetime import datetime

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.choices import role_choices, with_current
from tenantry.console.forms.confirmation import confirm
from tenantry.console.forms.edit_conflict import as_shown
from tenantry.console.forms.form import Form
from tenantry.console.members.members import api_path, breadcrumb, breadcrumbs
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark, mark_plural
from tenantry.console.user_pages import OrganizationPage
from tenantry.identity.offboarding import remove_member as offboarding
from tenantry.tenancy.invitations import queries
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.memberships.model import ACTIVE, SUSPENDED, Membership, Terms


@organization_page("/people/{member_id}/edit", Permission.MEMBER_UPDATE)
async def edit(page: OrganizationPage) -> Response:
    member = await _get(page)
    grantable = (await role_choices(page)).grantable
    translate = page.ctx.translate
    return page.render(
        "members/edit_member.html",
        member=member,
        open_invitations=await queries.count_open_of(page.reading, member.user.id),
        breadcrumbs=breadcrumbs(page, breadcrumb(page, member)),
        roles=with_current(grantable, (member.role.key, member.role.name)),
        statuses=[
            (ACTIVE, translate(mark("Active"))),
            (SUSPENDED, translate(mark("Suspended: no access, roles are kept"))),
        ],
        expires_at=_local_date_and_time(member.expires_at),
        curl=page.curl("PATCH", api_path(page, member), {"role": "developer"}),
    )


@edit.post
async def update(page: OrganizationPage) -> Response:
    """EditConflict, CannotGrantRole, ExpiryPassed, LastAdmin, PersonalOrganization."""
    form = await page.form()
    terms = _terms(form, await _get(page))
    form.ensure_valid()
    member = await page.write(
        lambda tx, authority: memberships.update(
            page.ctx.use_case(tx, authority),
            page.ids["member_id"],
            terms,
            expected=as_shown(form),
        )
    )
    path, name = breadcrumb(page, member)
    return page.redirect(path, mark("{name} updated"), name=name)


@organization_page("/people/{member_id}/remove", Permission.MEMBER_REMOVE)
async def confirm_remove(page: OrganizationPage) -> Response:
    member = await _get(page)
    open_invitations = await queries.count_open_of(page.reading, member.user.id)
    blocked = mark_plural(
        "{n} invitation from {name} cannot be accepted until someone resends it.",
        "{n} invitations from {name} cannot be accepted until someone resends them.",
    )
    return confirm(
        page,
        mark("Remove {name}?"),
        mark(
            "{name} ({email}) loses access to {organization} immediately, with the role "
            "{role}, all workspace roles and open invitations. They are notified by email."
        ),
        *([blocked] if open_invitations else []),
        mark("You can invite them again later."),
        values={
            "n": str(open_invitations),
            "name": member.user.name,
            "email": member.user.email,
            "role": member.role.name,
            "organization": page.organization.name,
        },
        button=mark("Remove"),
        breadcrumbs=breadcrumbs(page, breadcrumb(page, member)),
        curl=page.curl("DELETE", api_path(page, member)),
    )


@confirm_remove.post
async def remove(page: OrganizationPage) -> Response:
    """CannotGrantRole, LastAdmin, PersonalOrganization."""
    member = await _get(page)
    await page.write(
        lambda tx, authority: offboarding.remove_member(page.ctx.use_case(tx, authority), member.id)
    )
    return page.redirect(f"{page.base}/people", mark("{name} removed"), name=member.user.name)


async def _get(page: OrganizationPage) -> Membership:
    return await memberships.get(page.reading, page.ids["member_id"])


def _terms(form: Form, member: Membership) -> Terms:
    """An unchanged expiry is left out: if it has passed, setting it again would be refused."""
    terms = Terms(
        role=form.text("role", most=60),
        status=form.choice("status", frozenset((ACTIVE, SUSPENDED))),
    )
    if form.text("expires_at", most=40) != _local_date_and_time(member.expires_at):
        terms["expires_at"] = form.moment("expires_at")
    return terms


def _local_date_and_time(moment: datetime | None) -> str:
    """As an input field has it (HTML, "local date and time state")."""
    return f"{moment:%Y-%m-%dT%H:%M}" if moment else ""
