"""Service accounts: who acts in an organization and is nobody; made, shown, changed, and ended."""

from starlette.responses import Response

from tenantry.console.forms.choices import (
    place_choices,
    role_choices,
    with_present,
    workspace_names,
)
from tenantry.console.forms.confirmation import Confirmation, Way, confirm
from tenantry.console.forms.edit_conflict import ensure_unchanged
from tenantry.console.paging import page_request
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

_MADE = mark("The service account {name} is made. Now it can have keys.")
_CHANGED = mark("The service account {name} is changed; it counts for all its keys from now on.")
_DELETED = mark("The service account {name} is deleted, and so are its keys.")
_ASKED = mark("Delete {name}?")
_DELETE = mark("Delete for good")
_MOST_NAMED = 100
"""How many keys a page names."""


async def ask(member: OrganizationPage) -> Response:
    """Show the form of a new service account."""
    await member.reading.authorize()
    places = await place_choices(member)
    example = {"name": "Deployments", "role": "developer"}
    return member.page(
        "new_service_account.html",
        roles=(await role_choices(member)).given_anywhere(member.visit.words, places),
        reaches=places,
        curl=member.curl("POST", _path(member), example),
    )


async def make(member: OrganizationPage) -> Response:
    """Make it. RoleUnknown, CannotGrantRole, LimitReached, BoundWorkspaceUnknown."""
    form = await member.filling()
    workspace_id = form.id("workspace_id", Kind.WORKSPACE)
    draft = NewServiceAccount(form.name("name"), form.text("role", most=48), workspace_id)
    form.ensure_valid()
    account = await member.write(
        lambda tx, authority: service_accounts.create(tx, authority, member.service.limits, draft)
    )
    return member.go_to(_page_of(member, account), _MADE, name=account.name)


async def show_one(member: OrganizationPage) -> Response:
    """Show one, with its keys, and what can be done with it."""
    account = await _get(member)
    wanted = page_request(member.visit, Kind.API_KEY, newest_first=True)
    names = await workspace_names(member)
    return member.page(
        "service_account.html",
        account=account,
        account_id=_id(account),
        place=names.get(account.workspace_id, "") if account.workspace_id else "",
        page=await api_keys.list_keys(member.reading, wanted, account_id=account.id),
        kind=Kind.API_KEY,
        is_ours=_is_within_reach(member, account),
        curl=member.curl("GET", _path(member, account)),
    )


async def ask_to_change(member: OrganizationPage) -> Response:
    """Show the form of its name and role."""
    account = await _get(member)
    choices = await role_choices(member)
    given = choices.given_there if account.workspace_id else choices.given
    example = {"name": account.name, "role": account.role.key}
    return member.page(
        "edit_service_account.html",
        account=account,
        trail=_trail(member, account),
        roles=with_present(given, (account.role.key, account.role.name)),
        curl=member.curl("PATCH", _path(member, account), example),
    )


async def change(member: OrganizationPage) -> Response:
    """Change it, for all its keys. Overtaken, RoleUnknown, CannotGrantRole."""
    form = await member.filling()
    name, role = form.name("name"), form.text("role", most=48)
    form.ensure_valid()
    account_id = member.ids["service_account_id"]
    async with member.acting() as (tx, authority):
        proposal = await service_accounts.propose(tx, authority, account_id, name=name, role=role)
        ensure_unchanged(form, proposal.present.updated_at)
        changed = service_accounts.change(tx, authority, proposal)
    return member.go_to(_page_of(member, changed), _CHANGED, name=changed.name)


async def ask_to_delete(member: OrganizationPage) -> Response:
    """Ask once more, and name the keys that go with it."""
    account = await _get(member)
    keys = await api_keys.list_keys(member.reading, PageRequest(_MOST_NAMED), account_id=account.id)
    asked = Confirmation(
        title=_ASKED,
        words=(),
        values={"name": account.name},
        button=_DELETE,
        trail=_trail(member, account),
        curl=member.curl("DELETE", _path(member, account)),
    )
    return confirm(member, asked, template="delete_service_account.html", keys=keys)


async def delete(member: OrganizationPage) -> Response:
    """End it with its keys. CannotGrantRole."""
    account = await _get(member)
    await member.write(
        lambda tx, authority: retirements.delete_service_account(tx, authority, account.id)
    )
    return member.go_to(f"{member.base}/keys", _DELETED, name=account.name)


async def _get(member: OrganizationPage) -> ServiceAccount:
    return await service_accounts.get(member.reading, member.ids["service_account_id"])


def _is_within_reach(member: OrganizationPage, account: ServiceAccount) -> bool:
    """Whether they may change it and end it: who may give what it may do."""
    return member.reading.permissions.issuperset(account.weight)


def _trail(member: OrganizationPage, account: ServiceAccount) -> list[Way]:
    keys = member.visit.words(mark("API keys"))
    return [(f"{member.base}/keys", keys), (_page_of(member, account), account.name)]


def _page_of(member: OrganizationPage, account: ServiceAccount) -> str:
    return f"{member.base}/keys/accounts/{_id(account)}"


def _id(account: ServiceAccount) -> str:
    return show_id(Kind.SERVICE_ACCOUNT, account.id)


def _path(member: OrganizationPage, account: ServiceAccount | None = None) -> str:
    path = f"/organizations/{member.org_id}/service-accounts"
    return f"{path}/{_id(account)}" if account else path
