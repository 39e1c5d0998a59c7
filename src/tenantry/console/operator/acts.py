"""For operators: acts that end something or make an Admin ask for confirmation and a reason."""

from collections.abc import Sequence

from starlette.responses import Response

from tenantry.console.forms.confirmation import Breadcrumb, Confirmation, confirm
from tenantry.console.operator_page import OperatorPage
from tenantry.console.routing import operator_page
from tenantry.console.texts.languages import mark
from tenantry.identity.accounts import name_admin as admins
from tenantry.identity.accounts import suspension
from tenantry.identity.offboarding import delete_account as deletion
from tenantry.identity.users import actions as users
from tenantry.identity.users.model import User
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.tenancy.organizations import operator_views
from tenantry.tenancy.organizations.model import OperatedOrganization

_WHY = {"reason": "Asked by phone, ticket 4711"}
_LONGEST_REASON = 500
_SIGNED_OUT = mark("{name} signed out everywhere")
_USER_DELETED = mark("{name} deleted")
_DELETED = mark("{name} deleted. You can restore it for 30 days.")
_RESTORED = mark("{name} restored")
_NAMED = mark("{name} has an Admin again")


@operator_page("/operator/users/{user_id}/end-sessions")
async def ask_to_end_sessions(page: OperatorPage) -> Response:
    """Ask before a person is signed out everywhere."""
    user = await users.get(page.reading, page.ids["user_id"])
    return _asked_of_user(
        page,
        user,
        "end-sessions",
        title=mark("Sign {name} out everywhere?"),
        words=[
            mark("All sessions end immediately. The user can sign in again; API keys keep working.")
        ],
        button=mark("End all sessions"),
    )


@ask_to_end_sessions.post
async def end_sessions(page: OperatorPage) -> Response:
    """End all sessions of a person."""
    reason = await _reason(page)
    user = await page.write(
        lambda tx, operator: suspension.end_sessions(
            tx, operator, page.ids["user_id"], reason=reason
        )
    )
    return page.redirect(_user_path(user), _SIGNED_OUT, name=user.email)


@operator_page("/operator/users/{user_id}/delete")
async def ask_to_delete_user(page: OperatorPage) -> Response:
    """Ask before an account is deleted; once refused, name the organizations it would orphan."""
    user = await users.get(page.reading, page.ids["user_id"])
    return _asked_of_user(
        page,
        user,
        "delete",
        title=mark("Delete the account of {name}?"),
        words=[
            mark("This permanently deletes the account and its personal organization."),
            mark("All memberships end. Audit logs are kept without the name."),
        ],
        button=mark("Delete account"),
    )


@ask_to_delete_user.post
async def delete_user(page: OperatorPage) -> Response:
    """Delete it. OwnAccount, LeavesNoAdmin."""
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
    return page.redirect("/operator/users", _USER_DELETED, name=user.email)


@operator_page("/operator/organizations/{org_id}/delete")
async def ask_to_delete(page: OperatorPage) -> Response:
    """Ask before an organization is deleted."""
    return await _asked_of_organization(
        page,
        "delete",
        title=mark("Delete {name}?"),
        words=[
            mark("All members lose access immediately."),
            mark("Its Admins or an operator can restore it for 30 days."),
        ],
        button=mark("Delete organization"),
    )


@ask_to_delete.post
async def delete(page: OperatorPage) -> Response:
    """Delete it. PersonalOrganization."""
    reason = await _reason(page)
    done = await page.write(
        lambda tx, operator: operator_views.delete(tx, operator, page.ids["org_id"], reason=reason)
    )
    return page.redirect(_path(done), _DELETED, name=done.name)


@operator_page("/operator/organizations/{org_id}/restore")
async def ask_to_restore(page: OperatorPage) -> Response:
    """Ask before a deleted organization is restored."""
    return await _asked_of_organization(
        page,
        "restore",
        title=mark("Restore {name}?"),
        words=[mark("All members get back the access they had.")],
        button=mark("Restore organization"),
        is_final=False,
    )


@ask_to_restore.post
async def restore(page: OperatorPage) -> Response:
    """Restore it. NotFound once it is purged."""
    reason = await _reason(page)
    done = await page.write(
        lambda tx, operator: operator_views.restore(tx, operator, page.ids["org_id"], reason=reason)
    )
    return page.redirect(_path(done), _RESTORED, name=done.name)


@operator_page("/operator/organizations/{org_id}/admins")
async def ask_for_admin(page: OperatorPage) -> Response:
    """Ask who becomes the Admin of an organization that has none."""
    return await _asked_of_organization(
        page,
        "admins",
        title=mark("Appoint an Admin for {name}"),
        words=[
            mark("Only possible when no Admin of the organization can sign in."),
            mark("The person is notified by email. You cannot appoint yourself."),
        ],
        button=mark("Appoint Admin"),
        is_final=False,
        body={"email": "vera@example.com"},
    )


@ask_for_admin.post
async def name_admin(page: OperatorPage) -> Response:
    """Name them. OrganizationHasAdmin, NoSuchUser, OwnAccount and more."""
    form = await page.form()
    email, reason = form.email("email"), form.line("reason", most=_LONGEST_REASON)
    form.ensure_valid()
    done = await page.write(
        lambda tx, operator: admins.name_admin(
            tx, page.ctx.outbox, operator, page.ids["org_id"], email=email, reason=reason
        )
    )
    return page.redirect(_path(done), _NAMED, name=done.name)


async def _reason(page: OperatorPage) -> str:
    """The reason in the form. ValidationFailed."""
    form = await page.form()
    reason = form.line("reason", most=_LONGEST_REASON)
    form.ensure_valid()
    return reason


def _asked_of_user(
    page: OperatorPage, user: User, act: str, *, title: str, words: Sequence[str], button: str
) -> Response:
    translate, user_id = page.ctx.translate, show_id(Kind.USER, user.id)
    asked = Confirmation(
        title=title,
        words=words,
        values={"name": user.email},
        button=button,
        breadcrumbs=_breadcrumbs(
            page, "/operator/users", translate(mark("Users")), user_id, user.email
        ),
        curl=page.curl("POST", f"/operator/users/{user_id}/{act}", _WHY),
    )
    return confirm(page, asked, template="operator/confirm.html", asks_for_email=False)


async def _asked_of_organization(
    page: OperatorPage,
    act: str,
    *,
    title: str,
    words: Sequence[str],
    button: str,
    is_final: bool = True,
    body: dict[str, str] | None = None,
) -> Response:
    organization = await operator_views.get_operated(page.reading, page.ids["org_id"])
    translate, org_id = page.ctx.translate, show_id(Kind.ORGANIZATION, organization.id)
    listed = "/operator/organizations"
    asked = Confirmation(
        title=title,
        words=words,
        values={"name": organization.name},
        button=button,
        breadcrumbs=_breadcrumbs(
            page, listed, translate(mark("Organizations")), org_id, organization.name
        ),
        curl=page.curl("POST", f"{listed}/{org_id}/{act}", {**(body or {}), **_WHY}),
        is_final=is_final,
    )
    return confirm(page, asked, template="operator/confirm.html", asks_for_email=bool(body))


def _breadcrumbs(
    page: OperatorPage, path: str, listed: str, id: str, name: str
) -> list[Breadcrumb]:
    first = ("/operator", page.ctx.translate(mark("Administration")))
    return [first, (path, listed), (f"{path}/{id}", name)]


def _path(organization: OperatedOrganization) -> str:
    return f"/operator/organizations/{show_id(Kind.ORGANIZATION, organization.id)}"


def _user_path(user: User) -> str:
    return f"/operator/users/{show_id(Kind.USER, user.id)}"
