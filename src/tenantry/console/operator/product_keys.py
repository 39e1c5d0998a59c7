"""For who runs the service: the product's own keys, and the permissions that it declares."""

from starlette.responses import Response

from tenantry.authz.permissions import actions as permissions
from tenantry.console.forms.confirmation import Breadcrumb, Confirmation, confirm
from tenantry.console.operator_page import OperatorPage
from tenantry.console.paging import page_request
from tenantry.console.routing import operator_page
from tenantry.console.texts.languages import mark
from tenantry.credentials.service_keys import actions as service_keys
from tenantry.credentials.service_keys.model import OVERLAP, IssuedServiceKey, StoredKey
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id

PATH = "/operator/keys"
_CALL = "/operator/service-keys"
_REVOKED = mark("Key {name} revoked")


@operator_page("/operator/keys")
async def show(page: OperatorPage) -> Response:
    """Show the product's own keys, the newest first."""
    wanted = page_request(page.ctx, Kind.SERVICE_KEY, newest_first=True)
    return page.render(
        "operator/keys.html",
        keys=await service_keys.list_keys(page.reading, wanted),
        kind=Kind.SERVICE_KEY,
        curl=page.curl("GET", f"{_CALL}?order=desc"),
    )


@operator_page("/operator/keys/{service_key_id}")
async def show_one(page: OperatorPage) -> Response:
    """Show one key, and what can be done with it."""
    key = await _get(page)
    return page.render(
        "operator/key.html",
        key=key,
        key_id=_id(key),
        curl=page.curl("GET", f"{_CALL}/{_id(key)}"),
    )


@operator_page("/operator/keys/new")
async def ask(page: OperatorPage) -> Response:
    """Show the form of a new key."""
    return page.render("operator/new_key.html", curl=page.curl("POST", _CALL, {"name": "Billing"}))


@ask.post
async def make(page: OperatorPage) -> Response:
    """Make a key, and show its secret this once: the answer itself has it, and nothing else."""
    form = await page.form()
    name, expires_at = form.name("name"), form.moment("expires_at")
    form.ensure_valid()
    issued = await page.write(
        lambda tx, operator: service_keys.create(tx, operator, name=name, expires_at=expires_at)
    )
    return _shown_once(page, issued)


@operator_page("/operator/keys/{service_key_id}/rotate")
async def ask_to_rotate(page: OperatorPage) -> Response:
    """Ask before a key has a new secret."""
    key = await _get(page)
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
        curl=page.curl("POST", f"{_CALL}/{_id(key)}/rotate", {}),
        is_final=False,
    )
    return confirm(page, asked)


@ask_to_rotate.post
async def rotate(page: OperatorPage) -> Response:
    """Make it, and show it this once. ServiceKeyExpired."""
    issued = await page.write(
        lambda tx, operator: service_keys.rotate(
            tx, operator, page.ids["service_key_id"], overlap=OVERLAP
        )
    )
    return _shown_once(page, issued)


@operator_page("/operator/keys/{service_key_id}/revoke")
async def ask_to_revoke(page: OperatorPage) -> Response:
    """Ask before a key ends."""
    key = await _get(page)
    asked = Confirmation(
        title=mark("Revoke {name}?"),
        words=(mark("Programs using this key lose access immediately. This cannot be undone."),),
        values={"name": key.name},
        button=mark("Revoke key"),
        breadcrumbs=_breadcrumbs(page, key),
        curl=page.curl("DELETE", f"{_CALL}/{_id(key)}"),
    )
    return confirm(page, asked)


@ask_to_revoke.post
async def revoke(page: OperatorPage) -> Response:
    """End it."""
    key = await _get(page)
    await page.write(lambda tx, operator: service_keys.revoke(tx, operator, key.id))
    return page.redirect(PATH, _REVOKED, name=key.name)


@operator_page("/operator/permissions")
async def show_permissions(page: OperatorPage) -> Response:
    """Show what the product declares, and by how many roles each is held."""
    return page.render(
        "operator/permissions.html",
        declared=await permissions.list_used(page.reading),
        curl=page.curl("GET", "/operator/permissions"),
    )


async def _get(page: OperatorPage) -> StoredKey:
    return await service_keys.get(page.reading, page.ids["service_key_id"])


def _shown_once(page: OperatorPage, issued: IssuedServiceKey) -> Response:
    key_id = _id(issued.key)
    return page.render(
        "operator/key_secret.html",
        key=issued.key,
        key_id=key_id,
        secret=issued.secret.text,
        curl=page.curl("GET", f"{_CALL}/{key_id}"),
    )


def _breadcrumbs(page: OperatorPage, key: StoredKey) -> list[Breadcrumb]:
    translate = page.ctx.translate
    return [
        ("/operator", translate(mark("Administration"))),
        (PATH, translate(mark("Service keys"))),
        (f"{PATH}/{_id(key)}", key.name),
    ]


def _id(key: StoredKey) -> str:
    return show_id(Kind.SERVICE_KEY, key.id)
