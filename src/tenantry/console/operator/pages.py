"""The status of the service, and its organizations and users, for operators."""

from dataclasses import dataclass

from starlette.responses import Response

from tenantry import __version__
from tenantry.console.forms.form import Form
from tenantry.console.operator_page import OperatorPage
from tenantry.console.paging import page_request
from tenantry.console.routing import operator_page
from tenantry.console.texts.languages import mark
from tenantry.identity.accounts import operator_actions
from tenantry.identity.users import actions as users
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.kit.text import email_address
from tenantry.platform.mail import actions as mail
from tenantry.postgres.migrator import APPLIED
from tenantry.schema import SCHEMA
from tenantry.tenancy.organizations import operator_views

_SUSPENDED = mark("{name} suspended")
_REINSTATED = mark("{name} reinstated")
_STATUSES = {
    "": mark("Any status"),
    "live": mark("Active"),
    "deleted": mark("Deleted"),
    "disabled": mark("Suspended"),
}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One value of the service's status."""

    name: str
    value: object
    is_healthy: bool = True


@operator_page("/operator")
async def show(page: OperatorPage) -> Response:
    database = page.service.database
    (applied,) = await database.execute([APPLIED()])
    missing = SCHEMA.missing(applied.rows)
    waiting, usage = await mail.count_waiting(database), database.usage
    indicators = [
        Indicator(mark("Missing migrations"), len(missing), not missing),
        Indicator(mark("Queued emails"), waiting.queued),
        Indicator(mark("Failed emails"), waiting.failed, not waiting.failed),
        Indicator(mark("Database connections"), usage.size),
        Indicator(mark("Database connections in use"), usage.in_use),
        Indicator(mark("Requests waiting for a connection"), usage.waiting, not usage.waiting),
        Indicator(mark("Version"), __version__),
    ]
    return page.render(
        "operator/operator.html", indicators=indicators, curl=page.curl("GET", "/operator/users")
    )


@operator_page("/operator/organizations")
async def list_organizations(page: OperatorPage) -> Response:
    """`slug` and `status` in the query filter."""
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
        slug=slug,
        chosen_status=status,
        statuses=[(each, page.ctx.translate(label)) for each, label in _STATUSES.items()],
        curl=page.curl("GET", "/operator/organizations?order=desc"),
    )


@operator_page("/operator/organizations/{org_id}")
async def show_organization(page: OperatorPage) -> Response:
    organization = await operator_views.get_operated(page.reading, page.ids["org_id"])
    org_id = show_id(Kind.ORGANIZATION, organization.id)
    return page.render(
        "operator/organization.html",
        one=organization,
        id=org_id,
        curl=page.curl("GET", f"/operator/organizations/{org_id}"),
    )


@show_organization.post
async def suspend_or_reinstate_organization(page: OperatorPage) -> Response:
    reason, reinstates = _decision(await page.form())
    act = operator_views.enable if reinstates else operator_views.disable
    changed = await page.write(
        lambda tx, operator: act(tx, operator, page.ids["org_id"], reason=reason)
    )
    message = _REINSTATED if reinstates else _SUSPENDED
    return page.redirect(page.ctx.path, message, name=changed.name)


@operator_page("/operator/users")
async def list_users(page: OperatorPage) -> Response:
    """`email` in the query filters."""
    email = page.ctx.query("email").strip()
    listed = await users.list_users(
        page.reading,
        page_request(page.ctx, Kind.USER, newest_first=True),
        email=(email_address(email) or email) if email else None,
    )
    return page.render(
        "operator/users.html",
        users=listed,
        email=email,
        curl=page.curl("GET", "/operator/users?order=desc"),
    )


@operator_page("/operator/users/{user_id}")
async def show_user(page: OperatorPage) -> Response:
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
async def suspend_or_reinstate_user(page: OperatorPage) -> Response:
    """OwnAccount, LeavesNoAdmin with the organizations."""
    form = await page.form()
    reason, reinstates = _decision(form)
    user_id, orphan = page.ids["user_id"], bool(form.raw("orphan_organizations"))
    if reinstates:
        changed = await page.write(
            lambda tx, operator: operator_actions.enable_user(tx, operator, user_id, reason=reason)
        )
        return page.redirect(page.ctx.path, _REINSTATED, name=changed.email)
    changed = await page.write(
        lambda tx, operator: operator_actions.disable_user(
            tx, operator, user_id, reason=reason, orphan_organizations=orphan
        )
    )
    return page.redirect(page.ctx.path, _SUSPENDED, name=changed.email)


def _decision(form: Form) -> tuple[str, bool]:
    """The reason, and whether to reinstate rather than to suspend. ValidationFailed."""
    reason = form.line("reason", most=500)
    way = form.choice("way", frozenset(("disable", "enable")))
    form.ensure_valid()
    return reason, way == "enable"
