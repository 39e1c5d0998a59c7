"""For who runs the service: the product's own keys, and the permissions that it declares."""

from starlette.responses import Response

from tenantry.authz.permissions import actions as permissions
from tenantry.console.forms.confirmation import Confirmation, Way, confirm
from tenantry.console.operator_page import OperatingGuest
from tenantry.console.paging import page_request
from tenantry.console.texts.languages import mark
from tenantry.credentials.service_keys import actions as service_keys
from tenantry.credentials.service_keys.model import OVERLAP, IssuedServiceKey, StoredKey
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id

PATH = "/operator/keys"
_CALL = "/operator/service-keys"
_REVOKED = mark("The key {name} is revoked.")


async def show(guest: OperatingGuest) -> Response:
    """Show the product's own keys, the newest first."""
    wanted = page_request(guest.visit, Kind.SERVICE_KEY, newest_first=True)
    return guest.page(
        "operator_keys.html",
        page=await service_keys.list_keys(guest.reading, wanted),
        kind=Kind.SERVICE_KEY,
        curl=guest.curl("GET", f"{_CALL}?order=desc"),
    )


async def show_one(guest: OperatingGuest) -> Response:
    """Show one key, and what can be done with it."""
    key = await _get(guest)
    return guest.page(
        "operator_key.html",
        key=key,
        key_id=_id(key),
        curl=guest.curl("GET", f"{_CALL}/{_id(key)}"),
    )


async def ask(guest: OperatingGuest) -> Response:
    """Show the form of a new key."""
    return guest.page("operator_new_key.html", curl=guest.curl("POST", _CALL, {"name": "Billing"}))


async def make(guest: OperatingGuest) -> Response:
    """Make a key, and show its secret this once: the answer itself has it, and nothing else."""
    filling = await guest.filling()
    name, expires_at = filling.name("name"), filling.moment("expires_at")
    filling.must_fit()
    async with guest.operating() as (tx, operator):
        issued = service_keys.create(tx, operator, name=name, expires_at=expires_at)
    return _shown_once(guest, issued)


async def ask_to_rotate(guest: OperatingGuest) -> Response:
    """Ask before a key has a new secret."""
    key = await _get(guest)
    asked = Confirmation(
        title=mark("A new secret for {name}?"),
        words=(mark("The present secret is good for one more day; change it in your program."),),
        values={"name": key.name},
        button=mark("Make a new secret"),
        trail=_trail(guest, key),
        curl=guest.curl("POST", f"{_CALL}/{_id(key)}/rotate", {}),
        is_final=False,
    )
    return confirm(guest, asked)


async def rotate(guest: OperatingGuest) -> Response:
    """Make it, and show it this once. ServiceKeyExpired."""
    async with guest.operating() as (tx, operator):
        issued = await service_keys.rotate(
            tx, operator, guest.ids["service_key_id"], overlap=OVERLAP
        )
    return _shown_once(guest, issued)


async def ask_to_revoke(guest: OperatingGuest) -> Response:
    """Ask before a key ends."""
    key = await _get(guest)
    asked = Confirmation(
        title=mark("Revoke {name}?"),
        words=(mark("Programs that use this key are refused at once. It does not come back."),),
        values={"name": key.name},
        button=mark("Revoke the key"),
        trail=_trail(guest, key),
        curl=guest.curl("DELETE", f"{_CALL}/{_id(key)}"),
    )
    return confirm(guest, asked)


async def revoke(guest: OperatingGuest) -> Response:
    """End it."""
    key = await _get(guest)
    async with guest.operating() as (tx, operator):
        await service_keys.revoke(tx, operator, key.id)
    return guest.go_to(PATH, _REVOKED, name=key.name)


async def show_permissions(guest: OperatingGuest) -> Response:
    """Show what the product declares, and by how many roles each is held."""
    return guest.page(
        "operator_permissions.html",
        declared=await permissions.list_used(guest.reading),
        curl=guest.curl("GET", "/operator/permissions"),
    )


async def _get(guest: OperatingGuest) -> StoredKey:
    return await service_keys.get(guest.reading, guest.ids["service_key_id"])


def _shown_once(guest: OperatingGuest, issued: IssuedServiceKey) -> Response:
    key_id = _id(issued.key)
    return guest.page(
        "operator_key_secret.html",
        key=issued.key,
        key_id=key_id,
        secret=issued.secret.text,
        curl=guest.curl("GET", f"{_CALL}/{key_id}"),
    )


def _trail(guest: OperatingGuest, key: StoredKey) -> list[Way]:
    say = guest.visit.words
    return [
        ("/operator", say(mark("Operate the service"))),
        (PATH, say(mark("Keys of the product"))),
        (f"{PATH}/{_id(key)}", key.name),
    ]


def _id(key: StoredKey) -> str:
    return show_id(Kind.SERVICE_KEY, key.id)
