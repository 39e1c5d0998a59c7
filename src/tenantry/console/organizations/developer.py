"""For developers: URLs and ids to copy, code examples, a token decoder."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.roles import actions as roles
from tenantry.console.organizations.snippets import snippets
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.kit.page import PageRequest

_MOST_ROLES = 100


@organization_page("/developer", Permission.ORGANIZATION_READ)
async def show(page: OrganizationPage) -> Response:
    await page.reading.authorize()
    url = page.service.base_url
    endpoints = [
        (mark("Issuer"), url),
        (mark("Keys (JWKS)"), f"{url}/.well-known/jwks.json"),
        (mark("Metadata (RFC 8414)"), f"{url}/.well-known/oauth-authorization-server"),
        (mark("API"), f"{url}/api/v1"),
        (mark("OpenAPI document"), f"{url}/openapi.json"),
    ]
    ids = [
        (mark("Organization"), "", page.org_id),
        (
            mark("Default workspace"),
            "",
            show_id(Kind.WORKSPACE, page.organization.default_workspace_id),
        ),
        *await _role_ids(page),
    ]
    return page.render(
        "organizations/developer.html",
        endpoints=endpoints,
        ids=ids,
        snippets=snippets(url, page.org_id),
        curl=page.curl("GET", f"/organizations/{page.org_id}"),
    )


async def _role_ids(page: OrganizationPage) -> list[tuple[str, str, str]]:
    if not page.may(Permission.ROLE_READ):
        return []
    reader = page.reading_with(Permission.ROLE_READ)
    listed = await roles.list_roles(reader, PageRequest(_MOST_ROLES))
    return [(mark("Role"), each.name, show_id(Kind.ROLE, each.id)) for each in listed.items]
