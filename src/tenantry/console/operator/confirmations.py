"""Actions of operators that ask for confirmation and a reason."""

from starlette.responses import Response

from tenantry.console.forms.confirmation import Breadcrumb, confirm
from tenantry.console.operator_page import OperatorPage
from tenantry.console.routing import operator_page
from tenantry.console.texts.languages import mark
from tenantry.identity.accounts import operator_actions
from tenantry.identity.offboarding import delete_account as deletion
from tenantry.identity.users import actions as users
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.tenancy.organizations import operator_views

_REASON = {"reason": "Asked by phone, ticket 4711"}
_LONGEST_REASON = 500


@operator_page("/operator/users/{user_id}/end-sessions")
async def confirm_end_sessions(page: OperatorPage) -> Response:
    return await _confirm_for_user(
        page,
        "end-sessions",
        mark("Sign {name} out everywhere?"),
        mark("All sessions end immediately. The user can sign in again; API keys keep working."),
        button=mark("End all sessions"),
    )


@confirm_end_sessions.post
async def end_sessions(page: OperatorPage) -> Response:
    reason = await _reason(page)
    user = await page.write(
        lambda tx, operator: operator_actions.end_sessions(
            tx, operator, page.ids["user_id"], reason=reason
        )
    )
    path = f"/operator/users/{show_id(Kind.USER, user.id)}"
    return page.redirect(path, mark("{name} signed out everywhere"), name=user.email)


@operator_page("/operator/users/{user_id}/delete")
async def confirm_delete_user(page: OperatorPage) -> Response:
    return await _confirm_for_user(
        page,
        "delete",
        mark("Delete the account of {name}?"),
        mark("This permanently deletes the account and its personal organization."),
        mark("All memberships end. Audit logs are kept without the name."),
        button=mark("Delete account"),
    )


@confirm_delete_user.post
async def delete_user(page: OperatorPage) -> Response:
    """OwnAccount, LeavesNoAdmin with the organizations."""
    reason, form = await _reason(page), await page.form()
    user = await users.get(page.reading, page.ids["user_id"])
    await page.write(
        lambda tx, operator: deletion.delete_user(
            tx,
            user.id,
            by=operator,
            reason=reason,
            orphan_organizations=bool(form.raw("orphan_organizations")),
        )
    )
    return page.redirect("/operator/users", mark("{name} deleted"), name=user.email)


@operator_page("/operator/organizations/{org_id}/delete")
async def confirm_delete(page: OperatorPage) -> Response:
    return await _confirm_for_organization(
        page,
        "delete",
        mark("Delete {name}?"),
        mark("All members lose access immediately."),
        mark("Its Admins or an operator can restore it for 30 days."),
        button=mark("Delete organization"),
    )


@confirm_delete.post
async def delete(page: OperatorPage) -> Response:
    """PersonalOrganization."""
    reason = await _reason(page)
    deleted = await page.write(
        lambda tx, operator: operator_views.delete(tx, operator, page.ids["org_id"], reason=reason)
    )
    done = mark("{name} deleted. You can restore it for 30 days.")
    return page.redirect(_path(page), done, name=deleted.name)


@operator_page("/operator/organizations/{org_id}/restore")
async def confirm_restore(page: OperatorPage) -> Response:
    return await _confirm_for_organization(
        page,
        "restore",
        mark("Restore {name}?"),
        mark("All members get back the access they had."),
        button=mark("Restore organization"),
        is_final=False,
    )


@confirm_restore.post
async def restore(page: OperatorPage) -> Response:
    """NotFound once it is purged."""
    reason = await _reason(page)
    restored = await page.write(
        lambda tx, operator: operator_views.restore(tx, operator, page.ids["org_id"], reason=reason)
    )
    return page.redirect(_path(page), mark("{name} restored"), name=restored.name)


@operator_page("/operator/organizations/{org_id}/admins")
async def confirm_admin(page: OperatorPage) -> Response:
    return await _confirm_for_organization(
        page,
        "admins",
        mark("Appoint an Admin for {name}"),
        mark("Only possible when no Admin of the organization can sign in."),
        mark("The person is notified by email. You cannot appoint yourself."),
        button=mark("Appoint Admin"),
        is_final=False,
        asks_for_email=True,
    )


@confirm_admin.post
async def appoint_admin(page: OperatorPage) -> Response:
    """OrganizationHasAdmin, NoSuchUser, OwnAccount and more."""
    form = await page.form()
    email, reason = form.email("email"), form.line("reason", most=_LONGEST_REASON)
    form.ensure_valid()
    organization = await page.write(
        lambda tx, operator: operator_actions.name_admin(
            tx, page.ctx.outbox, operator, page.ids["org_id"], email=email, reason=reason
        )
    )
    return page.redirect(_path(page), mark("{name} has an Admin again"), name=organization.name)


async def _reason(page: OperatorPage) -> str:
    """ValidationFailed."""
    form = await page.form()
    reason = form.line("reason", most=_LONGEST_REASON)
    form.ensure_valid()
    return reason


async def _confirm_for_user(
    page: OperatorPage, action: str, title: str, *sentences: str, button: str
) -> Response:
    user = await users.get(page.reading, page.ids["user_id"])
    path = f"/operator/users/{show_id(Kind.USER, user.id)}"
    users_page = "/operator/users", page.ctx.translate(mark("Users"))
    return confirm(
        page,
        title,
        *sentences,
        values={"name": user.email},
        button=button,
        breadcrumbs=breadcrumbs(page, users_page, (path, user.email)),
        curl=page.curl("POST", f"{path}/{action}", _REASON),
        template="operator/confirm.html",
        asks_for_email=False,
    )


async def _confirm_for_organization(
    page: OperatorPage,
    action: str,
    title: str,
    *sentences: str,
    button: str,
    is_final: bool = True,
    asks_for_email: bool = False,
) -> Response:
    name = (await operator_views.get_operated(page.reading, page.ids["org_id"])).name
    path = _path(page)
    organizations_page = "/operator/organizations", page.ctx.translate(mark("Organizations"))
    example = {"email": "vera@example.com", **_REASON} if asks_for_email else _REASON
    return confirm(
        page,
        title,
        *sentences,
        values={"name": name},
        button=button,
        breadcrumbs=breadcrumbs(page, organizations_page, (path, name)),
        curl=page.curl("POST", f"{path}/{action}", example),
        is_final=is_final,
        template="operator/confirm.html",
        asks_for_email=asks_for_email,
    )


def breadcrumbs(page: OperatorPage, *more: Breadcrumb) -> list[Breadcrumb]:
    return [("/operator", page.ctx.translate(mark("Administration"))), *more]


def _path(page: OperatorPage) -> str:
    return f"/operator/organizations/{show_id(Kind.ORGANIZATION, page.ids['org_id'])}"
