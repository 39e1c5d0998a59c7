"""API keys: by which programs act in an organization. A secret is shown once, on one page."""

from datetime import timedelta

from starlette.responses import Response

from tenantry.api_keys import actions as api_keys
from tenantry.api_keys.actions import Draft
from tenantry.api_keys.model import OVERLAP, ApiKey, Issued
from tenantry.console.choices import role_choices
from tenantry.console.confirming import Confirmation, confirm
from tenantry.console.guests import Member
from tenantry.console.languages import mark
from tenantry.console.paging import page_request
from tenantry.kit.ids import Kind, parse
from tenantry.kit.ids import show as show_id
from tenantry.kit.page import PageRequest
from tenantry.service_accounts import actions as service_accounts
from tenantry.service_accounts.actions import Draft as AccountDraft

_REVOKED = mark("The key {name} is revoked.")
_ACCOUNT_MADE = mark("The service account {name} is made. Now it can have keys.")
_MOST_ACCOUNTS = 200
_OWN = mark("A key of my own, with this role:")


async def show(member: Member) -> Response:
    """Show the keys of the organization, and who is nobody and has some."""
    wanted = page_request(member.visit, Kind.API_KEY, newest_first=True)
    page = await api_keys.list_keys(member.reading, wanted, account_id=None)
    accounts = await service_accounts.list_accounts(member.reading, PageRequest(_MOST_ACCOUNTS))
    return member.page(
        "keys.html",
        page=page,
        kind=Kind.API_KEY,
        accounts=accounts.items,
        curl=member.curl("GET", _path(member)),
    )


async def show_one(member: Member) -> Response:
    """Show one key, and what can be done with it."""
    key = await api_keys.get(member.reading, member.ids["key_id"])
    return member.page(
        "key.html", key=key, key_id=_id(key), curl=member.curl("GET", _path(member, key))
    )


async def ask(member: Member) -> Response:
    """Show the form of a new key."""
    accounts = await service_accounts.list_accounts(member.reading, PageRequest(_MOST_ACCOUNTS))
    known = [(show_id(Kind.SERVICE_ACCOUNT, each.id), each.name) for each in accounts.items]
    choices = await role_choices(member)
    example = {"name": "Nightly job", "role": "viewer"}
    return member.page(
        "new_key.html",
        bearers=[("", member.visit.words(_OWN)), *known],
        roles=choices.given,
        curl=member.curl("POST", _path(member), example),
    )


async def make(member: Member) -> Response:
    """Make a key, and show its secret this once: the answer itself has it, and nothing else."""
    filling = await member.filling()
    name, expires_at = filling.name("name"), filling.moment("expires_at")
    account_id = parse(Kind.SERVICE_ACCOUNT, filling.text("bearer", most=40))
    role = None if account_id else filling.text("role", most=48)
    filling.must_fit()
    draft = Draft(name, role=role, service_account_id=account_id, expires_at=expires_at)
    async with member.acting() as (tx, authority):
        issued = await api_keys.create(tx, authority, member.service.limits, draft)
    return await _shown_once(member, issued)


async def ask_to_rotate(member: Member) -> Response:
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


async def rotate(member: Member) -> Response:
    """Make it, and show it this once. KeyOfAnother, KeyExpired, CannotGrantRole."""
    overlap: timedelta = OVERLAP
    async with member.acting() as (tx, authority):
        issued = await api_keys.rotate(tx, authority, member.ids["key_id"], overlap=overlap)
    return await _shown_once(member, issued)


async def ask_to_revoke(member: Member) -> Response:
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


async def revoke(member: Member) -> Response:
    """End it. CannotGrantRole."""
    key = await api_keys.get(member.reading, member.ids["key_id"])
    async with member.acting() as (tx, authority):
        await api_keys.revoke(tx, authority, key.id)
    return member.go_to(f"{member.base}/keys", _REVOKED, name=key.name)


async def ask_for_account(member: Member) -> Response:
    """Show the form of a new service account."""
    await member.reading.enter()
    choices = await role_choices(member)
    example = {"name": "Deployments", "role": "developer"}
    path = f"/organizations/{member.org_id}/service-accounts"
    return member.page(
        "new_service_account.html",
        roles=choices.given,
        curl=member.curl("POST", path, example),
    )


async def make_account(member: Member) -> Response:
    """Make it. RoleUnknown, CannotGrantRole, LimitReached."""
    filling = await member.filling()
    draft = AccountDraft(filling.name("name"), filling.text("role", most=48), None)
    filling.must_fit()
    async with member.acting() as (tx, authority):
        account = await service_accounts.create(tx, authority, member.service.limits, draft)
    return member.go_to(f"{member.base}/keys", _ACCOUNT_MADE, name=account.name)


async def _shown_once(member: Member, issued: Issued) -> Response:
    await member.reading.enter()
    return member.page(
        "key_secret.html",
        key=issued.key,
        key_id=_id(issued.key),
        secret=issued.secret.text,
        curl=member.curl("GET", _path(member, issued.key)),
    )


def _trail(member: Member, key: ApiKey) -> list[tuple[str, str]]:
    say = member.visit.words
    return [
        (f"{member.base}/keys", say(mark("API keys"))),
        (f"{member.base}/keys/{_id(key)}", key.name),
    ]


def _id(key: ApiKey) -> str:
    return show_id(Kind.API_KEY, key.id)


def _path(member: Member, key: ApiKey | None = None) -> str:
    path = f"/organizations/{member.org_id}/api-keys"
    return f"{path}/{_id(key)}" if key else path
