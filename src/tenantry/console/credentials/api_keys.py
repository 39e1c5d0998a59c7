"""API keys: by which programs act in an organization. A secret is shown once, on one page."""

from datetime import timedelta

from starlette.responses import Response

from tenantry.console.forms.choices import place_choices, role_choices, workspace_names
from tenantry.console.forms.confirmation import Confirmation, confirm
from tenantry.console.forms.form import Form
from tenantry.console.paging import page_request
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.credentials.api_keys import actions as api_keys
from tenantry.credentials.api_keys.actions import NewApiKey
from tenantry.credentials.api_keys.model import OVERLAP, ApiKey, Issued
from tenantry.credentials.service_accounts import actions as service_accounts
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.kit.page import PageRequest

_REVOKED = mark("The key {name} is revoked.")
_RENAMED = mark("The key is called {name} now.")
_AS_ACCOUNT = mark("A service account's keys reach as far as the account: choose the organization.")
_MOST_ACCOUNTS = 200
_OWN = mark("A key of my own, with this role:")


async def show(member: OrganizationPage) -> Response:
    """Show the keys of the organization, and who is nobody and has some."""
    wanted = page_request(member.visit, Kind.API_KEY, newest_first=True)
    page = await api_keys.list_keys(member.reading, wanted, account_id=None)
    accounts = await service_accounts.list_accounts(member.reading, PageRequest(_MOST_ACCOUNTS))
    return member.page(
        "keys.html",
        page=page,
        kind=Kind.API_KEY,
        accounts=accounts.items,
        account_kind=Kind.SERVICE_ACCOUNT,
        curl=member.curl("GET", _path(member)),
    )


async def show_one(member: OrganizationPage) -> Response:
    """Show one key, and what can be done with it."""
    key = await api_keys.get(member.reading, member.ids["key_id"])
    names = await workspace_names(member)
    is_own = key.holder.id == member.actor.id
    is_within_reach = member.reading.permissions.issuperset(key.weight)
    return member.page(
        "key.html",
        key=key,
        key_id=_id(key),
        place=names.get(key.workspace_id, "") if key.workspace_id else "",
        account_id=show_id(Kind.SERVICE_ACCOUNT, key.holder.id) if _is_of_account(key) else "",
        is_renewed=is_within_reach and (is_own or _is_of_account(key)),
        is_touched=is_own or is_within_reach,
        curl=member.curl("GET", _path(member, key)),
    )


async def ask(member: OrganizationPage) -> Response:
    """Show the form of a new key; the service account that the address names is chosen."""
    accounts = await service_accounts.list_accounts(member.reading, PageRequest(_MOST_ACCOUNTS))
    known = [(show_id(Kind.SERVICE_ACCOUNT, each.id), each.name) for each in accounts.items]
    places = await place_choices(member)
    example = {"name": "Nightly job", "role": "viewer"}
    return member.page(
        "new_key.html",
        bearers=[("", member.visit.words(_OWN)), *known],
        bearer=member.visit.query("of"),
        roles=(await role_choices(member)).given_anywhere(member.visit.words, places),
        reaches=places,
        curl=member.curl("POST", _path(member), example),
    )


async def make(member: OrganizationPage) -> Response:
    """Make a key, and show its secret this once: the answer itself has it, and nothing else."""
    draft = _drafted(await member.filling())
    issued = await member.write(
        lambda tx, authority: api_keys.create(tx, authority, member.service.limits, draft)
    )
    return await _shown_once(member, issued)


def _drafted(form: Form) -> NewApiKey:
    """The key that a form asks for. Unfit."""
    account_id = form.id("bearer", Kind.SERVICE_ACCOUNT)
    workspace_id = form.id("workspace_id", Kind.WORKSPACE)
    role = None if account_id else form.text("role", most=48)
    draft = NewApiKey(form.name("name"), role, workspace_id, account_id, form.moment("expires_at"))
    if account_id and workspace_id:
        # Left out silently, the key would reach further than its maker has chosen.
        form.errors["workspace_id"] = _AS_ACCOUNT
    form.ensure_valid()
    return draft


async def ask_to_rename(member: OrganizationPage) -> Response:
    """Show the form of a key's name."""
    key = await api_keys.get(member.reading, member.ids["key_id"])
    return member.page(
        "rename_key.html",
        key=key,
        trail=_trail(member, key),
        curl=member.curl("PATCH", _path(member, key), {"name": key.name}),
    )


async def rename(member: OrganizationPage) -> Response:
    """Give it another name. CannotGrantRole."""
    form = await member.filling()
    name = form.name("name")
    form.ensure_valid()
    async with member.acting() as (tx, authority):
        key = await api_keys.lock_to_rename(tx, authority, member.ids["key_id"])
        renamed = api_keys.rename(tx, authority, key, name=name)
    return member.go_to(f"{member.base}/keys/{_id(renamed)}", _RENAMED, name=name)


async def ask_to_rotate(member: OrganizationPage) -> Response:
    """Ask before a key has a new secret."""
    key = await api_keys.get(member.reading, member.ids["key_id"])
    asked = Confirmation(
        title=mark("A new secret for {name}?"),
        words=(mark("The present secret is good for one more day; change it in your program."),),
        values={"name": key.name},
        button=mark("Make a new secret"),
        trail=_trail(member, key),
        curl=member.curl("POST", f"{_path(member, key)}/rotate", {}),
        is_final=False,
    )
    return confirm(member, asked)


async def rotate(member: OrganizationPage) -> Response:
    """Make it, and show it this once. KeyOfAnother, KeyExpired, CannotGrantRole."""
    overlap: timedelta = OVERLAP
    issued = await member.write(
        lambda tx, authority: api_keys.rotate(tx, authority, member.ids["key_id"], overlap=overlap)
    )
    return await _shown_once(member, issued)


async def ask_to_revoke(member: OrganizationPage) -> Response:
    """Ask before a key ends."""
    key = await api_keys.get(member.reading, member.ids["key_id"])
    asked = Confirmation(
        title=mark("Revoke {name}?"),
        words=(mark("Programs that use this key are refused at once. It does not come back."),),
        values={"name": key.name},
        button=mark("Revoke the key"),
        trail=_trail(member, key),
        curl=member.curl("DELETE", _path(member, key)),
    )
    return confirm(member, asked)


async def revoke(member: OrganizationPage) -> Response:
    """End it. CannotGrantRole."""
    key = await api_keys.get(member.reading, member.ids["key_id"])
    await member.write(lambda tx, authority: api_keys.revoke(tx, authority, key.id))
    return member.go_to(f"{member.base}/keys", _REVOKED, name=key.name)


async def _shown_once(member: OrganizationPage, issued: Issued) -> Response:
    await member.reading.authorize()
    return member.page(
        "key_secret.html",
        key=issued.key,
        key_id=_id(issued.key),
        secret=issued.secret.text,
        curl=member.curl("GET", _path(member, issued.key)),
    )


def _trail(member: OrganizationPage, key: ApiKey) -> list[tuple[str, str]]:
    say = member.visit.words
    return [
        (f"{member.base}/keys", say(mark("API keys"))),
        (f"{member.base}/keys/{_id(key)}", key.name),
    ]


def _is_of_account(key: ApiKey) -> bool:
    return key.holder.kind is Kind.SERVICE_ACCOUNT


def _id(key: ApiKey) -> str:
    return show_id(Kind.API_KEY, key.id)


def _path(member: OrganizationPage, key: ApiKey | None = None) -> str:
    path = f"/organizations/{member.org_id}/api-keys"
    return f"{path}/{_id(key)}" if key else path
