"""API keys of an organization. A secret is shown once, in the response that creates it."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.credentials.key_confirmations import confirm_revocation, confirm_rotation
from tenantry.console.forms.choices import role_choices, scope_choices, workspace_names
from tenantry.console.forms.confirmation import Breadcrumb
from tenantry.console.forms.form import Form
from tenantry.console.paging import page_request
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.credentials.api_keys import actions as api_keys
from tenantry.credentials.api_keys.actions import NewApiKey
from tenantry.credentials.api_keys.model import ApiKey, Issued
from tenantry.credentials.service_accounts import actions as service_accounts
from tenantry.kit.bearer_keys import OVERLAP
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.kit.page import PageRequest

_MOST_ACCOUNTS = 200


@organization_page("/keys", Permission.API_KEY_MANAGE)
async def index(page: OrganizationPage) -> Response:
    """Lists the service accounts too."""
    wanted = page_request(page.ctx, Kind.API_KEY, newest_first=True)
    keys = await api_keys.list_keys(page.reading, wanted, account_id=None)
    accounts = await service_accounts.list_accounts(page.reading, PageRequest(_MOST_ACCOUNTS))
    return page.render(
        "credentials/keys.html",
        keys=keys,
        accounts=accounts.items,
        curl=page.curl("GET", _path(page)),
    )


@organization_page("/keys/{key_id}", Permission.API_KEY_MANAGE)
async def show(page: OrganizationPage) -> Response:
    key = await _get(page)
    is_own = key.holder.id == page.actor.id
    is_of_account = key.holder.kind is Kind.SERVICE_ACCOUNT
    is_within_reach = page.reading.permissions.issuperset(key.weight)
    return page.render(
        "credentials/key.html",
        key=key,
        key_id=_id(key),
        workspace_names=await workspace_names(page),
        account_id=show_id(Kind.SERVICE_ACCOUNT, key.holder.id) if is_of_account else "",
        can_rotate=is_within_reach and (is_own or is_of_account),
        can_change=is_own or is_within_reach,
        curl=page.curl("GET", _path(page, key)),
    )


@organization_page("/keys/new", Permission.API_KEY_MANAGE)
async def new(page: OrganizationPage) -> Response:
    """`of` in the query selects a service account."""
    accounts = await service_accounts.list_accounts(page.reading, PageRequest(_MOST_ACCOUNTS))
    known = [(show_id(Kind.SERVICE_ACCOUNT, each.id), each.name) for each in accounts.items]
    scopes = await scope_choices(page)
    example = {"name": "Nightly job", "role": "viewer"}
    return page.render(
        "credentials/new_key.html",
        owners=[("", page.ctx.translate(mark("Me, with this role:"))), *known],
        owner=page.ctx.query("of"),
        roles=(await role_choices(page)).grantable_anywhere(page.ctx.translate, scopes),
        scopes=scopes,
        curl=page.curl("POST", _path(page), example),
    )


@new.post
async def create(page: OrganizationPage) -> Response:
    """CannotGrantRole, RoleUnknown, LimitReached, BoundWorkspaceUnknown."""
    draft = _draft(await page.form())
    issued = await page.write(
        lambda tx, authority: api_keys.create(tx, authority, page.service.limits, draft)
    )
    return await _show_secret(page, issued)


def _draft(form: Form) -> NewApiKey:
    """ValidationFailed."""
    account_id = form.id("bearer", Kind.SERVICE_ACCOUNT)
    workspace_id = form.id("workspace_id", Kind.WORKSPACE)
    role = None if account_id else form.text("role", most=48)
    draft = NewApiKey(form.name("name"), role, workspace_id, account_id, form.moment("expires_at"))
    if account_id and workspace_id:
        # If it were ignored, the key would have a wider scope than was chosen.
        form.errors["workspace_id"] = mark(
            "Keys of a service account have its scope. Choose the whole organization."
        )
    form.ensure_valid()
    return draft


@organization_page("/keys/{key_id}/rename", Permission.API_KEY_MANAGE)
async def edit(page: OrganizationPage) -> Response:
    key = await _get(page)
    return page.render(
        "credentials/rename_key.html",
        key=key,
        breadcrumbs=_breadcrumbs(page, key),
        curl=page.curl("PATCH", _path(page, key), {"name": key.name}),
    )


@edit.post
async def rename(page: OrganizationPage) -> Response:
    """CannotGrantRole."""
    form = await page.form()
    name = form.name("name")
    form.ensure_valid()
    renamed = await page.write(
        lambda tx, authority: api_keys.update(tx, authority, page.ids["key_id"], name=name)
    )
    path = f"{page.base}/keys/{_id(renamed)}"
    return page.redirect(path, mark("Key renamed to {name}"), name=name)


@organization_page("/keys/{key_id}/rotate", Permission.API_KEY_MANAGE)
async def confirm_rotate(page: OrganizationPage) -> Response:
    key = await _get(page)
    curl = page.curl("POST", f"{_path(page, key)}/rotate", {})
    return confirm_rotation(page, key.name, _breadcrumbs(page, key), curl)


@confirm_rotate.post
async def rotate(page: OrganizationPage) -> Response:
    """KeyOfAnother, KeyExpired, CannotGrantRole."""
    issued = await page.write(
        lambda tx, authority: api_keys.rotate(tx, authority, page.ids["key_id"], overlap=OVERLAP)
    )
    return await _show_secret(page, issued)


@organization_page("/keys/{key_id}/revoke", Permission.API_KEY_MANAGE)
async def confirm_revoke(page: OrganizationPage) -> Response:
    key = await _get(page)
    curl = page.curl("DELETE", _path(page, key))
    return confirm_revocation(page, key.name, _breadcrumbs(page, key), curl)


@confirm_revoke.post
async def revoke(page: OrganizationPage) -> Response:
    """CannotGrantRole."""
    key = await _get(page)
    await page.write(lambda tx, authority: api_keys.revoke(tx, authority, key.id))
    return page.redirect(f"{page.base}/keys", mark("Key {name} revoked"), name=key.name)


async def _get(page: OrganizationPage) -> ApiKey:
    return await api_keys.get(page.reading, page.ids["key_id"])


async def _show_secret(page: OrganizationPage, issued: Issued) -> Response:
    await page.reading.authorize()
    return page.render(
        "credentials/key_secret.html",
        key=issued.key,
        secret=issued.secret.text,
        breadcrumbs=_breadcrumbs(page, issued.key),
        curl=page.curl("GET", _path(page, issued.key)),
    )


def _breadcrumbs(page: OrganizationPage, key: ApiKey) -> list[Breadcrumb]:
    path = f"{page.base}/keys"
    return [(path, page.ctx.translate(mark("API keys"))), (f"{path}/{_id(key)}", key.name)]


def _id(key: ApiKey) -> str:
    return show_id(Kind.API_KEY, key.id)


def _path(page: OrganizationPage, key: ApiKey | None = None) -> str:
    path = f"/organizations/{page.org_id}/api-keys"
    return f"{path}/{_id(key)}" if key else path
