"""A role is changed, or ends: what that would do is shown before it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from tenantry.authz.builtin_permissions import NOT_OFFERED, Permission
from tenantry.authz.roles import actions as roles
from tenantry.authz.roles.model import Role
from tenantry.console.forms.edit_conflict import as_shown
from tenantry.console.forms.form import Form
from tenantry.console.roles.roles import (
    LONGEST_DESCRIPTION,
    all_roles,
    chosen,
    holders,
    id_of,
    path_of,
)
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark
from tenantry.console.texts.permissions import Catalog, Group, catalog
from tenantry.console.user_pages import OrganizationPage
from tenantry.http.request import DOCUMENT_BODY
from tenantry.kit.ids import Kind, parse
from tenantry.tenancy.replacement import actions as retirements

_CHANGED = mark("Role {name} updated")
_DELETED = mark("Role {name} deleted")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change of a role would do."""

    was: Role
    proposed: Role
    uses: Mapping[str, int]
    catalog: Catalog

    @property
    def gained(self) -> list[Group]:
        """What its holders could do that they cannot now."""
        return self.catalog.grouped(_beyond(self.proposed, self.was))

    @property
    def lost(self) -> list[Group]:
        """What they could not do any more."""
        return self.catalog.grouped(_beyond(self.was, self.proposed))

    @property
    def changes_nothing(self) -> bool:
        """Whether all would stay as it is."""
        return self.was == self.proposed


@organization_page("/roles/{role_id}/edit", Permission.ROLE_MANAGE, largest_form=DOCUMENT_BODY)
async def ask(page: OrganizationPage) -> Response:
    """Show the form of a role; a default one has none."""
    return await _form(page, await roles.get(page.reading, page.ids["role_id"]))


async def _form(page: OrganizationPage, role: Role, form: Form | None = None) -> Response:
    """The form with what the role is, or with what was chosen before."""
    again: dict[str, Any] = {"submitted": form.fields} if form else {}
    example = {"name": role.name, "permissions": role.permissions}
    return page.render(
        "roles/edit_role.html",
        role=role,
        role_id=id_of(role),
        groups=(await catalog(page)).all,
        ticked=chosen(form) if form else role.permissions,
        kept=NOT_OFFERED.intersection(role.permissions),
        grantable=page.reading.permissions,
        curl=page.curl("PATCH", path_of(page, role), example, if_match=True),
        **again,
    )


@ask.post
async def change(page: OrganizationPage) -> Response:
    """Show what a change would do; and where that was seen and confirmed, do it;
    or give all that was chosen back to the form.

    DefaultRole, CannotGrantRole; EditConflict where the role is another one than was shown.
    """
    form = await page.form()
    if form.text("further", most=40):
        role = await roles.get(page.reading, page.ids["role_id"])
        return await _form(page, role, form)
    given = {
        "name": form.name("name"),
        "description": form.text("description", most=LONGEST_DESCRIPTION),
        "permissions": chosen(form),
    }
    form.ensure_valid()
    if form.text("confirmed", most=40):
        return await _save(page, given, form)
    return await _preview(page, given)


async def _save(page: OrganizationPage, given: Mapping[str, Any], form: Form) -> Response:
    changed = await page.write(
        lambda tx, authority: roles.update(
            tx, authority, page.ids["role_id"], given, expected=as_shown(form)
        )
    )
    return page.redirect(f"{page.base}/roles/{id_of(changed)}", _CHANGED, name=changed.name)


async def _preview(page: OrganizationPage, given: Mapping[str, Any]) -> Response:
    role, proposed, uses = await page.write(
        lambda tx, authority: retirements.preview_role(tx, authority, page.ids["role_id"], given)
    )
    known = await catalog(page)
    return page.render(
        "roles/role_preview.html",
        preview=Preview(role, proposed, uses, known),
        role_id=id_of(role),
        holders=await holders(page, role),
        curl=page.curl("PATCH", path_of(page, role), given, if_match=True),
    )


@organization_page("/roles/{role_id}/delete", Permission.ROLE_MANAGE)
async def ask_to_delete(page: OrganizationPage) -> Response:
    """Show who holds the role, and ask which other one takes its place."""
    known = await all_roles(page)
    role = await roles.get(page.reading, page.ids["role_id"])
    uses = await page.write(lambda tx, _: retirements.count_uses(tx, role))
    others = [(id_of(each), each.name) for each in known if each.id != role.id]
    return page.render(
        "roles/delete_role.html",
        role=role,
        role_id=id_of(role),
        uses=uses,
        holders=await holders(page, role),
        others=[*reversed(others)],
        curl=page.curl("DELETE", f"{path_of(page, role)}?replace_with={others[0][0]}"),
    )


@ask_to_delete.post
async def delete(page: OrganizationPage) -> Response:
    """End the role. DefaultRole, RoleInUse, CannotGrantRole, RoleUnknown."""
    form = await page.form()
    replacement = parse(Kind.ROLE, form.text("role", most=40))
    role = await roles.get(page.reading, page.ids["role_id"])
    await page.write(
        lambda tx, authority: retirements.replace_role(
            page.ctx.use_case(tx, authority), role.id, replace_with=replacement
        )
    )
    return page.redirect(f"{page.base}/roles", _DELETED, name=role.name)


def _beyond(one: Role, other: Role) -> list[str]:
    """What a role permits that another one does not."""
    return [each for each in one.permissions if each not in other.permissions]
