"""Settings: what an organization is called, its letters' language, what programs note of it."""

from collections.abc import Mapping
from dataclasses import replace

from starlette.responses import Response

from tenantry.access.permissions import Permission
from tenantry.console.filling import Filling
from tenantry.console.guests import Member
from tenantry.console.languages import mark
from tenantry.console.overtaking import must_be_as_seen
from tenantry.kit.text import is_line
from tenantry.organizations import actions as organizations
from tenantry.organizations.model import PERSONAL

_SAVED = mark("The settings are saved.")
_BAD_KEY = mark("Keys have 1 to 40 characters on one line, and no two are the same.")
_BAD_VALUE = mark("Values have up to 500 characters.")
_MOST_KEYS = 50
_SPARE_ROWS = 3


async def ask(member: Member) -> Response:
    """Show the settings as they are."""
    organization = await organizations.get(member.reading)
    example = {"name": organization.name, "slug": organization.slug}
    return member.page(
        "settings.html",
        settings=organization,
        rows=_rows(organization.metadata),
        may_delete=organization.kind != PERSONAL and member.may(Permission.ORGANIZATION_DELETE),
        curl=member.curl("PATCH", f"/organizations/{member.org_id}", example),
    )


async def save(member: Member) -> Response:
    """Write what was filled in. SlugTaken; Overtaken."""
    filling = await member.filling()
    name, slug, locale = filling.name("name"), filling.slug("slug"), filling.locale("locale")
    metadata = _metadata(filling)
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


def _rows(metadata: Mapping[str, str]) -> list[tuple[int, str, str]]:
    """A row of the form for each key, and some that are empty."""
    spare = min(_SPARE_ROWS, _MOST_KEYS - len(metadata))
    pairs = [*sorted(metadata.items()), *[("", "")] * spare]
    return [(number, key, value) for number, (key, value) in enumerate(pairs)]


def _metadata(filling: Filling) -> dict[str, str]:
    """What the rows hold; one without a key is none."""
    metadata = dict[str, str]()
    for number in range(_MOST_KEYS):
        key, value = filling.raw(f"key-{number}").strip(), filling.raw(f"value-{number}")
        if not key:
            continue
        if len(key) > 40 or not is_line(key) or key in metadata:
            filling.errors[f"key-{number}"] = _BAD_KEY
        if len(value) > 500:
            filling.errors[f"value-{number}"] = _BAD_VALUE
        # Browsers end lines as mail does (HTML, "constructing the entry list").
        metadata[key] = value.replace("\r\n", "\n")
    return metadata
