"""For programs: addresses and ids to copy, examples, and what stands in a token."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.roles import actions as roles
from tenantry.console.organizations.snippets import snippets
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.kit.page import PageRequest

_MOST_ROLES = 100


async def show(member: OrganizationPage) -> Response:
    """Show it."""
    await member.reading.authorize()
    url, organization = member.service.base_url, member.organization
    addresses = [
        (mark("Issuer"), url),
        (mark("Keys (JWKS)"), f"{url}/.well-known/jwks.json"),
        (mark("Discovery"), f"{url}/.well-known/oauth-authorization-server"),
        (mark("API"), f"{url}/api/v1"),
        (mark("OpenAPI document"), f"{url}/openapi.json"),
    ]
    ids = [
        (mark("Organization"), "", member.org_id),
        (
            mark("Default workspace"),
            "",
            show_id(Kind.WORKSPACE, organization.default_workspace_id),
        ),
        *await _role_ids(member),
    ]
    return member.page(
        "developer.html",
        addresses=addresses,
        ids=ids,
        snippets=snippets(url, member.org_id),
        curl=member.curl("GET", f"/organizations/{member.org_id}"),
    )


async def _role_ids(member: OrganizationPage) -> list[tuple[str, str, str]]:
    if not member.may(Permission.ROLE_READ):
        return []
    reader = member.reading_with(Permission.ROLE_READ)
    page = await roles.list_roles(reader, PageRequest(_MOST_ROLES))
    return [(mark("Role"), each.name, show_id(Kind.ROLE, each.id)) for each in page.items]
