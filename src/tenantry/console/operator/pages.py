"""For who runs the service: how it is, its organizations and its users, seen from outside."""

from dataclasses import dataclass

from starlette.responses import Response

from tenantry import __version__
from tenantry.console.forms.form import Form
from tenantry.console.operator_page import OperatorPage
from tenantry.console.paging import page_request
from tenantry.console.routing import operator_page
from tenantry.console.texts.languages import mark
from tenantry.identity.accounts import suspension
from tenantry.identity.users import actions as users
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.kit.text import email_address
from tenantry.platform.mail import actions as mail
from tenantry.postgres.migrator import APPLIED
from tenantry.schema import SCHEMA
from tenantry.tenancy.organizations import operator_views

_DISABLED = mark("{name} suspended")
_ENABLED = mark("{name} reinstated")
_STATUSES = {
    "": mark("Any status"),
    "live": mark("Active"),
    "deleted": mark("Deleted"),
    "disabled": mark("Suspended"),
}
_ENABLE = "enable"
_WAYS = frozenset(["disable", _ENABLE])


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that tells how the service is."""

    name: str
    value: object
    is_well: bool = True


@operator_page("/operator")
async def show(page: OperatorPage) -> Response:
    """Show how the service is; that this page comes at all tells that the database is there."""
    database = page.service.database
    (applied,) = await database.execute([APPLIED()])
    lacking = SCHEMA.missing(applied.rows)
    waiting, usage = await mail.count_waiting(database), database.usage
    signs = [
        Sign(mark("Migrations that are lacking"), len(lacking), not lacking),
        Sign(mark("Queued emails"), waiting.queued),
        Sign(mark("Failed emails"), waiting.failed, not waiting.failed),
        Sign(mark("Database connections"), usage.size),
        Sign(mark("Database connections in use"), usage.in_use),
        Sign(mark("Requests waiting for a connection"), usage.waiting, not usage.waiting),
        Sign(mark("Version"), __version__),
    ]
    return page.render(
        "operator/operator.html", signs=signs, curl=page.curl("GET", "/operator/users")
    )


@operator_page("/operator/organizations")
async def show_organizations(page: OperatorPage) -> Response:
    """Show every organization; of one slug or standing, if the address says so."""
    slug, status = page.ctx.query("slug").strip(), page.ctx.query("status")
    status = status if status in _STATUSES else ""
    listed = await operator_views.list_operated(
        page.reading,
        page_request(page.ctx, Kind.ORGANIZATION, newest_first=True),
        slug=slug or None,
        status=status or None,
    )
    return page.render(
        "operator/organizations.html",
        organizations=listed,
        kind=Kind.ORGANIZATION,
        slug=slug,
        of_standing=status,
        statuses=[(each, page.ctx.translate(words)) for each, words in _STATUSES.items()],
        curl=page.curl("GET", "/operator/organizations?order=desc"),
    )


@operator_page("/operator/organizations/{org_id}")
async def show_organization(page: OperatorPage) -> Response:
    """Show one from outside, and the form that disables or enables it."""
    organization = await operator_views.get_operated(page.reading, page.ids["org_id"])
    org_id = show_id(Kind.ORGANIZATION, organization.id)
    return page.render(
        "operator/organization.html",
        one=organization,
        id=org_id,
        curl=page.curl("GET", f"/operator/organizations/{org_id}"),
    )


@show_organization.post
async def judge_organization(page: OperatorPage) -> Response:
    """Disable or enable it, with the reason that its Admins will read."""
    form = await page.form()
    reason, way = _judged(form)
    act = operator_views.enable if way == _ENABLE else operator_views.disable
    changed = await page.write(
        lambda tx, operator: act(tx, operator, page.ids["org_id"], reason=reason)
    )
    said = _ENABLED if way == _ENABLE else _DISABLED
    return page.redirect(page.ctx.path, said, name=changed.name)


@operator_page("/operator/users")
async def show_users(page: OperatorPage) -> Response:
    """Show everybody; the one with an address, if the address says so."""
    wanted = page.ctx.query("email").strip()
    listed = await users.list_users(
        page.reading,
        page_request(page.ctx, Kind.USER, newest_first=True),
        email=(email_address(wanted) or wanted) if wanted else None,
    )
    return page.render(
        "operator/users.html",
        users=listed,
        kind=Kind.USER,
        email=wanted,
        curl=page.curl("GET", "/operator/users?order=desc"),
    )


@operator_page("/operator/users/{user_id}")
async def show_user(page: OperatorPage) -> Response:
    """Show one from outside, and the form that disables or enables the account."""
    user = await users.get(page.reading, page.ids["user_id"])
    user_id = show_id(Kind.USER, user.id)
    return page.render(
        "operator/user.html",
        one=user,
        id=user_id,
        is_own=user.id == page.actor.id,
        curl=page.curl("GET", f"/operator/users/{user_id}"),
    )


@show_user.post
async def judge_user(page: OperatorPage) -> Response:
    """Disable or enable an account. OwnAccount, LeavesNoAdmin with the organizations."""
    form = await page.form()
    reason, way = _judged(form)
    user_id, orphan = page.ids["user_id"], bool(form.raw("orphan_organizations"))
    if way == _ENABLE:
        changed = await page.write(
            lambda tx, operator: suspension.enable_user(tx, operator, user_id, reason=reason)
        )
    else:
        changed = await page.write(
            lambda tx, operator: suspension.disable_user(
                tx, operator, user_id, reason=reason, orphan_organizations=orphan
            )
        )
    said = _ENABLED if way == _ENABLE else _DISABLED
    return page.redirect(page.ctx.path, said, name=changed.email)


def _judged(form: Form) -> tuple[str, str]:
    """Why, and what is to be done. ValidationFailed."""
    reason, way = form.line("reason", most=500), form.choice("way", _WAYS)
    form.ensure_valid()
    return reason, way
