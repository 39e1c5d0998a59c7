"""Service keys and product permissions, for operators. A secret is shown once."""

from starlette.responses import Response

from tenantry.authz.permissions import actions as permissions
from tenantry.console.credentials.key_confirmations import confirm_revocation, confirm_rotation
from tenantry.console.forms.confirmation import Breadcrumb
from tenantry.console.operator.confirmations import breadcrumbs
from tenantry.console.operator_page import OperatorPage
from tenantry.console.paging import page_request
from tenantry.console.routing import operator_page
from tenantry.console.texts.languages import mark
from tenantry.credentials.service_keys import actions as service_keys
from tenantry.credentials.service_keys.model import IssuedServiceKey, StoredKey
from tenantry.kit.bearer_keys import OVERLAP
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id

PATH = "/operator/keys"
_API_PATH = "/operator/service-keys"


@operator_page("/operator/keys")
async def index(page: OperatorPage) -> Response:
    wanted = page_request(page.ctx, Kind.SERVICE_KEY, newest_first=True)
    return page.render(
        "operator/keys.html",
        keys=await service_keys.list_keys(page.reading, wanted),
        curl=page.curl("GET", f"{_API_PATH}?order=desc"),
    )


@operator_page("/operator/keys/{service_key_id}")
async def show(page: OperatorPage) -> Response:
    key = await _get(page)
    return page.render(
        "operator/key.html",
        key=key,
        key_id=_id(key),
        curl=page.curl("GET", f"{_API_PATH}/{_id(key)}"),
    )


@operator_page("/operator/keys/new")
async def new(page: OperatorPage) -> Response:
    curl = page.curl("POST", _API_PATH, {"name": "Billing"})
    return page.render("operator/new_key.html", curl=curl)


@new.post
async def create(page: OperatorPage) -> Response:
    form = await page.form()
    name, expires_at = form.name("name"), form.moment("expires_at")
    form.ensure_valid()
    issued = await page.write(
        lambda tx, operator: service_keys.create(tx, operator, name=name, expires_at=expires_at)
    )
    return _show_secret(page, issued)


@operator_page("/operator/keys/{service_key_id}/rotate")
async def confirm_rotate(page: OperatorPage) -> Response:
    key = await _get(page)
    curl = page.curl("POST", f"{_API_PATH}/{_id(key)}/rotate", {})
    return confirm_rotation(page, key.name, _breadcrumbs(page, key), curl)


@confirm_rotate.post
async def rotate(page: OperatorPage) -> Response:
    """ServiceKeyExpired."""
    key_id = page.ids["service_key_id"]
    issued = await page.write(
        lambda tx, operator: service_keys.rotate(tx, operator, key_id, overlap=OVERLAP)
    )
    return _show_secret(page, issued)


@operator_page("/operator/keys/{service_key_id}/revoke")
async def confirm_revoke(page: OperatorPage) -> Response:
    key = await _get(page)
    curl = page.curl("DELETE", f"{_API_PATH}/{_id(key)}")
    return confirm_revocation(page, key.name, _breadcrumbs(page, key), curl)


@confirm_revoke.post
async def revoke(page: OperatorPage) -> Response:
    key = await _get(page)
    await page.write(lambda tx, operator: service_keys.revoke(tx, operator, key.id))
    return page.redirect(PATH, mark("Key {name} revoked"), name=key.name)


@operator_page("/operator/permissions")
async def show_permissions(page: OperatorPage) -> Response:
    """With the number of roles that have each."""
    return page.render(
        "operator/permissions.html",
        declared=await permissions.list_used(page.reading),
        curl=page.curl("GET", "/operator/permissions"),
    )


async def _get(page: OperatorPage) -> StoredKey:
    return await service_keys.get(page.reading, page.ids["service_key_id"])


def _show_secret(page: OperatorPage, issued: IssuedServiceKey) -> Response:
    return page.render(
        "credentials/key_secret.html",
        key=issued.key,
        secret=issued.secret.text,
        breadcrumbs=_breadcrumbs(page, issued.key),
        curl=page.curl("GET", f"{_API_PATH}/{_id(issued.key)}"),
    )


def _breadcrumbs(page: OperatorPage, key: StoredKey) -> list[Breadcrumb]:
    keys = PATH, page.ctx.translate(mark("Service keys"))
    return breadcrumbs(page, keys, (f"{PATH}/{_id(key)}", key.name))


def _id(key: StoredKey) -> str:
    return show_id(Kind.SERVICE_KEY, key.id)
