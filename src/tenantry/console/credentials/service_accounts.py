"""Service accounts: who acts in an organization and is nobody; made, shown, changed, and ended."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.choices import (
    place_choices,
    role_choices,
    with_present,
    workspace_names,
)
from tenantry.console.forms.confirmation import Breadcrumb, Confirmation, confirm
from tenantry.console.forms.edit_conflict import as_shown
from tenantry.console.paging import page_request
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.credentials.api_keys import actions as api_keys
from tenantry.credentials.service_accounts import actions as service_accounts
from tenantry.credentials.service_accounts.actions import NewServiceAccount
from tenantry.credentials.service_accounts.model import ServiceAccount
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.kit.page import PageRequest
from tenantry.tenancy.replacement import actions as retirements

_MADE = mark("Service account {name} created. You can now create keys for it.")
_CHANGED = mark("Service account {name} updated")
_DELETED = mark("Service account {name} and its keys deleted")
_ASKED = mark("Delete {name}?")
_DELETE = mark("Delete permanently")
_MOST_NAMED = 100
"""How many keys a page names."""


@organization_page("/keys/accounts/new", Permission.API_KEY_MANAGE)
async def ask(page: OrganizationPage) -> Response:
    """Show the form of a new service account."""
    await page.reading.authorize()
    places = await place_choices(page)
    example = {"name": "Deployments", "role": "developer"}
    return page.render(
        "credentials/new_service_account.html",
        roles=(await role_choices(page)).given_anywhere(page.ctx.translate, places),
        reaches=places,
        curl=page.curl("POST", _path(page), example),
    )


@ask.post
async def make(page: OrganizationPage) -> Response:
    """Make it. RoleUnknown, CannotGrantRole, LimitReached, BoundWorkspaceUnknown."""
    form = await page.form()
    workspace_id = form.id("workspace_id", Kind.WORKSPACE)
    draft = NewServiceAccount(form.name("name"), form.text("role", most=48), workspace_id)
    form.ensure_valid()
    account = await page.write(
        lambda tx, authority: service_accounts.create(tx, authority, page.service.limits, draft)
    )
    return page.redirect(_page_of(page, account), _MADE, name=account.name)


@organization_page("/keys/accounts/{service_account_id}", Permission.API_KEY_MANAGE)
async def show_one(page: OrganizationPage) -> Response:
    """Show one, with its keys, and what can be done with it."""
    account = await _get(page)
    wanted = page_request(page.ctx, Kind.API_KEY, newest_first=True)
    names = await workspace_names(page)
    return page.render(
        "credentials/service_account.html",
        account=account,
        account_id=_id(account),
        place=names.get(account.workspace_id, "") if account.workspace_id else "",
        keys=await api_keys.list_keys(page.reading, wanted, account_id=account.id),
        kind=Kind.API_KEY,
        is_ours=_is_within_reach(page, account),
        curl=page.curl("GET", _path(page, account)),
    )


@organization_page("/keys/accounts/{service_account_id}/edit", Permission.API_KEY_MANAGE)
async def ask_to_change(page: OrganizationPage) -> Response:
    """Show the form of its name and role."""
    account = await _get(page)
    choices = await role_choices(page)
    given = choices.given_there if account.workspace_id else choices.given
    example = {"name": account.name, "role": account.role.key}
    return page.render(
        "credentials/edit_service_account.html",
        account=account,
        breadcrumbs=_breadcrumbs(page, account),
        roles=with_present(given, (account.role.key, account.role.name)),
        curl=page.curl("PATCH", _path(page, account), example),
    )


@ask_to_change.post
async def change(page: OrganizationPage) -> Response:
    """Change it, for all its keys. EditConflict, RoleUnknown, CannotGrantRole."""
    form = await page.form()
    name, role = form.name("name"), form.text("role", most=48)
    form.ensure_valid()
    account_id = page.ids["service_account_id"]
    changed = await page.write(
        lambda tx, authority: service_accounts.update(
            tx, authority, account_id, name=name, role=role, expected=as_shown(form)
        )
    )
    return page.redirect(_page_of(page, changed), _CHANGED, name=changed.name)


@organization_page("/keys/accounts/{service_account_id}/delete", Permission.API_KEY_MANAGE)
async def ask_to_delete(page: OrganizationPage) -> Response:
    """Ask once more, and name the keys that go with it."""
    account = await _get(page)
    keys = await api_keys.list_keys(page.reading, PageRequest(_MOST_NAMED), account_id=account.id)
    asked = Confirmation(
        title=_ASKED,
        words=(),
        values={"name": account.name},
        button=_DELETE,
        breadcrumbs=_breadcrumbs(page, account),
        curl=page.curl("DELETE", _path(page, account)),
    )
    return confirm(page, asked, template="credentials/delete_service_account.html", keys=keys)


@ask_to_delete.post
async def delete(page: OrganizationPage) -> Response:
    """End it with its keys. CannotGrantRole."""
    account = await _get(page)
    await page.write(
        lambda tx, authority: retirements.delete_service_account(tx, authority, account.id)
    )
    return page.redirect(f"{page.base}/keys", _DELETED, name=account.name)


async def _get(page: OrganizationPage) -> ServiceAccount:
    return await service_accounts.get(page.reading, page.ids["service_account_id"])


def _is_within_reach(page: OrganizationPage, account: ServiceAccount) -> bool:
    """Whether they may change it and end it: who may give what it may do."""
    return page.reading.permissions.issuperset(account.weight)


def _breadcrumbs(page: OrganizationPage, account: ServiceAccount) -> list[Breadcrumb]:
    keys = page.ctx.translate(mark("API keys"))
    return [(f"{page.base}/keys", keys), (_page_of(page, account), account.name)]


def _page_of(page: OrganizationPage, account: ServiceAccount) -> str:
    return f"{page.base}/keys/accounts/{_id(account)}"


def _id(account: ServiceAccount) -> str:
    return show_id(Kind.SERVICE_ACCOUNT, account.id)


def _path(page: OrganizationPage, account: ServiceAccount | None = None) -> str:
    path = f"/organizations/{page.org_id}/service-accounts"
    return f"{path}/{_id(account)}" if account else path
