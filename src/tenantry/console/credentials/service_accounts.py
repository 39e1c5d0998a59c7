"""Service accounts: non-human identities with keys of their own."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.choices import (
    role_choices,
    scope_choices,
    with_current,
    workspace_names,
)
from tenantry.console.forms.confirmation import Breadcrumb, confirm
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
from tenantry.tenancy.replacement import actions as replacement

_MOST_NAMED = 100
"""How many keys the confirmation names."""


@organization_page("/keys/accounts/new", Permission.API_KEY_MANAGE)
async def new(page: OrganizationPage) -> Response:
    await page.reading.authorize()
    scopes = await scope_choices(page)
    example = {"name": "Deployments", "role": "developer"}
    return page.render(
        "credentials/new_service_account.html",
        roles=(await role_choices(page)).grantable_anywhere(page.ctx.translate, scopes),
        scopes=scopes,
        curl=page.curl("POST", _path(page), example),
    )


@new.post
async def create(page: OrganizationPage) -> Response:
    """RoleUnknown, CannotGrantRole, LimitReached, BoundWorkspaceUnknown."""
    form = await page.form()
    workspace_id = form.id("workspace_id", Kind.WORKSPACE)
    draft = NewServiceAccount(form.name("name"), form.text("role", most=48), workspace_id)
    form.ensure_valid()
    account = await page.write(
        lambda tx, authority: service_accounts.create(tx, authority, page.service.limits, draft)
    )
    created = mark("Service account {name} created. You can now create keys for it.")
    return page.redirect(_page_path(page, account), created, name=account.name)


@organization_page("/keys/accounts/{service_account_id}", Permission.API_KEY_MANAGE)
async def show(page: OrganizationPage) -> Response:
    account = await _get(page)
    wanted = page_request(page.ctx, Kind.API_KEY, newest_first=True)
    return page.render(
        "credentials/service_account.html",
        account=account,
        account_id=_id(account),
        workspace_names=await workspace_names(page),
        keys=await api_keys.list_keys(page.reading, wanted, account_id=account.id),
        # As the use cases decide: only who could grant its role may change or delete it.
        can_change=page.reading.permissions.issuperset(account.weight),
        curl=page.curl("GET", _path(page, account)),
    )


@organization_page("/keys/accounts/{service_account_id}/edit", Permission.API_KEY_MANAGE)
async def edit(page: OrganizationPage) -> Response:
    account = await _get(page)
    choices = await role_choices(page)
    grantable = choices.grantable_in_workspace if account.workspace_id else choices.grantable
    example = {"name": account.name, "role": account.role.key}
    return page.render(
        "credentials/edit_service_account.html",
        account=account,
        breadcrumbs=_breadcrumbs(page, account),
        roles=with_current(grantable, (account.role.key, account.role.name)),
        curl=page.curl("PATCH", _path(page, account), example),
    )


@edit.post
async def update(page: OrganizationPage) -> Response:
    """EditConflict, RoleUnknown, CannotGrantRole."""
    form = await page.form()
    name, role = form.name("name"), form.text("role", most=48)
    form.ensure_valid()
    account_id = page.ids["service_account_id"]
    account = await page.write(
        lambda tx, authority: service_accounts.update(
            tx, authority, account_id, name=name, role=role, expected=as_shown(form)
        )
    )
    updated = mark("Service account {name} updated")
    return page.redirect(_page_path(page, account), updated, name=account.name)


@organization_page("/keys/accounts/{service_account_id}/delete", Permission.API_KEY_MANAGE)
async def confirm_delete(page: OrganizationPage) -> Response:
    """Names the keys that are revoked with it."""
    account = await _get(page)
    return confirm(
        page,
        mark("Delete {name}?"),
        values={"name": account.name},
        button=mark("Delete permanently"),
        breadcrumbs=_breadcrumbs(page, account),
        curl=page.curl("DELETE", _path(page, account)),
        template="credentials/delete_service_account.html",
        account=account,
        keys=await api_keys.list_keys(
            page.reading, PageRequest(_MOST_NAMED), account_id=account.id
        ),
    )


@confirm_delete.post
async def delete(page: OrganizationPage) -> Response:
    """CannotGrantRole."""
    account = await _get(page)
    await page.write(
        lambda tx, authority: replacement.delete_service_account(tx, authority, account.id)
    )
    deleted = mark("Service account {name} and its keys deleted")
    return page.redirect(f"{page.base}/keys", deleted, name=account.name)


async def _get(page: OrganizationPage) -> ServiceAccount:
    return await service_accounts.get(page.reading, page.ids["service_account_id"])


def _breadcrumbs(page: OrganizationPage, account: ServiceAccount) -> list[Breadcrumb]:
    keys = page.ctx.translate(mark("API keys"))
    return [(f"{page.base}/keys", keys), (_page_path(page, account), account.name)]


def _page_path(page: OrganizationPage, account: ServiceAccount) -> str:
    return f"{page.base}/keys/accounts/{_id(account)}"


def _id(account: ServiceAccount) -> str:
    return show_id(Kind.SERVICE_ACCOUNT, account.id)


def _path(page: OrganizationPage, account: ServiceAccount | None = None) -> str:
    path = f"/organizations/{page.org_id}/service-accounts"
    return f"{path}/{_id(account)}" if account else path
