"""API keys: by which programs act in an organization. A secret is shown once, on one page."""

from datetime import timedelta

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.choices import place_choices, role_choices, workspace_names
from tenantry.console.forms.confirmation import Confirmation, confirm
from tenantry.console.forms.form import Form
from tenantry.console.paging import page_request
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.credentials.api_keys import actions as api_keys
from tenantry.credentials.api_keys.actions import NewApiKey
from tenantry.credentials.api_keys.model import OVERLAP, ApiKey, Issued
from tenantry.credentials.service_accounts import actions as service_accounts
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.kit.page import PageRequest

_REVOKED = mark("Key {name} revoked")
_RENAMED = mark("Key renamed to {name}")
_AS_ACCOUNT = mark("Keys of a service account have its scope. Choose the whole organization.")
_MOST_ACCOUNTS = 200
_OWN = mark("Me, with this role:")


@organization_page("/keys", Permission.API_KEY_MANAGE)
async def show(page: OrganizationPage) -> Response:
    """Show the keys of the organization, and who is nobody and has some."""
    wanted = page_request(page.ctx, Kind.API_KEY, newest_first=True)
    listed = await api_keys.list_keys(page.reading, wanted, account_id=None)
    accounts = await service_accounts.list_accounts(page.reading, PageRequest(_MOST_ACCOUNTS))
    return page.render(
        "credentials/keys.html",
        keys=listed,
        kind=Kind.API_KEY,
        accounts=accounts.items,
        account_kind=Kind.SERVICE_ACCOUNT,
        curl=page.curl("GET", _path(page)),
    )


@organization_page("/keys/{key_id}", Permission.API_KEY_MANAGE)
async def show_one(page: OrganizationPage) -> Response:
    """Show one key, and what can be done with it."""
    key = await api_keys.get(page.reading, page.ids["key_id"])
    names = await workspace_names(page)
    is_own = key.holder.id == page.actor.id
    is_within_reach = page.reading.permissions.issuperset(key.weight)
    return page.render(
        "credentials/key.html",
        key=key,
        key_id=_id(key),
        place=names.get(key.workspace_id, "") if key.workspace_id else "",
        account_id=show_id(Kind.SERVICE_ACCOUNT, key.holder.id) if _is_of_account(key) else "",
        is_renewed=is_within_reach and (is_own or _is_of_account(key)),
        is_touched=is_own or is_within_reach,
        curl=page.curl("GET", _path(page, key)),
    )


@organization_page("/keys/new", Permission.API_KEY_MANAGE)
async def ask(page: OrganizationPage) -> Response:
    """Show the form of a new key; the service account that the address names is chosen."""
    accounts = await service_accounts.list_accounts(page.reading, PageRequest(_MOST_ACCOUNTS))
    known = [(show_id(Kind.SERVICE_ACCOUNT, each.id), each.name) for each in accounts.items]
    places = await place_choices(page)
    example = {"name": "Nightly job", "role": "viewer"}
    return page.render(
        "credentials/new_key.html",
        bearers=[("", page.ctx.translate(_OWN)), *known],
        bearer=page.ctx.query("of"),
        roles=(await role_choices(page)).given_anywhere(page.ctx.translate, places),
        reaches=places,
        curl=page.curl("POST", _path(page), example),
    )


@ask.post
async def make(page: OrganizationPage) -> Response:
    """Make a key, and show its secret this once: the answer itself has it, and nothing else."""
    draft = _drafted(await page.form())
    issued = await page.write(
        lambda tx, authority: api_keys.create(tx, authority, page.service.limits, draft)
    )
    return await _shown_once(page, issued)


def _drafted(form: Form) -> NewApiKey:
    """The key that a form asks for. ValidationFailed."""
    account_id = form.id("bearer", Kind.SERVICE_ACCOUNT)
    workspace_id = form.id("workspace_id", Kind.WORKSPACE)
    role = None if account_id else form.text("role", most=48)
    draft = NewApiKey(form.name("name"), role, workspace_id, account_id, form.moment("expires_at"))
    if account_id and workspace_id:
        # Left out silently, the key would reach further than its maker has chosen.
        form.errors["workspace_id"] = _AS_ACCOUNT
    form.ensure_valid()
    return draft


@organization_page("/keys/{key_id}/rename", Permission.API_KEY_MANAGE)
async def ask_to_rename(page: OrganizationPage) -> Response:
    """Show the form of a key's name."""
    key = await api_keys.get(page.reading, page.ids["key_id"])
    return page.render(
        "credentials/rename_key.html",
        key=key,
        breadcrumbs=_breadcrumbs(page, key),
        curl=page.curl("PATCH", _path(page, key), {"name": key.name}),
    )


@ask_to_rename.post
async def rename(page: OrganizationPage) -> Response:
    """Give it another name. CannotGrantRole."""
    form = await page.form()
    name = form.name("name")
    form.ensure_valid()
    renamed = await page.write(
        lambda tx, authority: api_keys.update(tx, authority, page.ids["key_id"], name=name)
    )
    return page.redirect(f"{page.base}/keys/{_id(renamed)}", _RENAMED, name=name)


@organization_page("/keys/{key_id}/rotate", Permission.API_KEY_MANAGE)
async def ask_to_rotate(page: OrganizationPage) -> Response:
    """Ask before a key has a new secret."""
    key = await api_keys.get(page.reading, page.ids["key_id"])
    asked = Confirmation(
        title=mark("Rotate {name}?"),
        words=(
            mark(
                "You'll get a new secret. The current one keeps working for one day, so you can "
                "replace it."
            ),
        ),
        values={"name": key.name},
        button=mark("Rotate key"),
        breadcrumbs=_breadcrumbs(page, key),
        curl=page.curl("POST", f"{_path(page, key)}/rotate", {}),
        is_final=False,
    )
    return confirm(page, asked)


@ask_to_rotate.post
async def rotate(page: OrganizationPage) -> Response:
    """Make it, and show it this once. KeyOfAnother, KeyExpired, CannotGrantRole."""
    overlap: timedelta = OVERLAP
    issued = await page.write(
        lambda tx, authority: api_keys.rotate(tx, authority, page.ids["key_id"], overlap=overlap)
    )
    return await _shown_once(page, issued)


@organization_page("/keys/{key_id}/revoke", Permission.API_KEY_MANAGE)
async def ask_to_revoke(page: OrganizationPage) -> Response:
    """Ask before a key ends."""
    key = await api_keys.get(page.reading, page.ids["key_id"])
    asked = Confirmation(
        title=mark("Revoke {name}?"),
        words=(mark("Programs using this key lose access immediately. This cannot be undone."),),
        values={"name": key.name},
        button=mark("Revoke key"),
        breadcrumbs=_breadcrumbs(page, key),
        curl=page.curl("DELETE", _path(page, key)),
    )
    return confirm(page, asked)


@ask_to_revoke.post
async def revoke(page: OrganizationPage) -> Response:
    """End it. CannotGrantRole."""
    key = await api_keys.get(page.reading, page.ids["key_id"])
    await page.write(lambda tx, authority: api_keys.revoke(tx, authority, key.id))
    return page.redirect(f"{page.base}/keys", _REVOKED, name=key.name)


async def _shown_once(page: OrganizationPage, issued: Issued) -> Response:
    await page.reading.authorize()
    return page.render(
        "credentials/key_secret.html",
        key=issued.key,
        key_id=_id(issued.key),
        secret=issued.secret.text,
        curl=page.curl("GET", _path(page, issued.key)),
    )


def _breadcrumbs(page: OrganizationPage, key: ApiKey) -> list[tuple[str, str]]:
    translate = page.ctx.translate
    return [
        (f"{page.base}/keys", translate(mark("API keys"))),
        (f"{page.base}/keys/{_id(key)}", key.name),
    ]


def _is_of_account(key: ApiKey) -> bool:
    return key.holder.kind is Kind.SERVICE_ACCOUNT


def _id(key: ApiKey) -> str:
    return show_id(Kind.API_KEY, key.id)


def _path(page: OrganizationPage, key: ApiKey | None = None) -> str:
    path = f"/organizations/{page.org_id}/api-keys"
    return f"{path}/{_id(key)}" if key else path
