"""Settings: what an organization is called, its letters' language, what programs note of it."""

from dataclasses import replace

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.edit_conflict import must_be_as_seen
from tenantry.console.forms.metadata import metadata_in, noted
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import Member
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations.model import PERSONAL

_SAVED = mark("The settings are saved.")


async def ask(member: Member) -> Response:
    """Show the settings as they are."""
    organization = await organizations.get(member.reading)
    example = {"name": organization.name, "slug": organization.slug}
    return member.page(
        "settings.html",
        settings=organization,
        rows=noted(organization.metadata),
        may_delete=organization.kind != PERSONAL and member.may(Permission.ORGANIZATION_DELETE),
        curl=member.curl("PATCH", f"/organizations/{member.org_id}", example),
    )


async def save(member: Member) -> Response:
    """Write what was filled in. SlugTaken; Overtaken."""
    filling = await member.filling()
    name, slug, locale = filling.name("name"), filling.slug("slug"), filling.locale("locale")
    metadata = metadata_in(filling)
    filling.must_fit()
    async with member.acting() as (tx, authority):
        organization = await organizations.lock(tx, authority)
        must_be_as_seen(filling, organization.updated_at)
        wanted = replace(
            organization,
            name=name,
            slug=slug or organization.slug,
            locale=locale,
            metadata=metadata,
        )
        changed = await organizations.update(tx, authority, organization, wanted)
    return member.go_to(f"/organizations/{changed.slug}/settings", _SAVED)
