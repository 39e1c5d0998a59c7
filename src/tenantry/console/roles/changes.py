"""Editing and deleting a role: the effects are shown before they happen."""

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
    api_path,
    breadcrumbs,
    holders,
    id_of,
    ticked_permissions,
)
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark
from tenantry.console.texts.permissions import Catalog, Group, catalog
from tenantry.console.user_pages import OrganizationPage
from tenantry.http.request import DOCUMENT_BODY
from tenantry.kit.ids import Kind, parse
from tenantry.tenancy.replacement import actions as replacement


@dataclass(frozen=True, slots=True)
class Preview:
    """The effects of a change of a role."""

    current: Role
    proposed: Role
    uses: Mapping[str, int]
    catalog: Catalog

    @property
    def added(self) -> list[Group]:
        return self._difference(self.proposed, self.current)

    @property
    def removed(self) -> list[Group]:
        return self._difference(self.current, self.proposed)

    def _difference(self, role: Role, other: Role) -> list[Group]:
        return self.catalog.grouped(
            [each for each in role.permissions if each not in other.permissions]
        )


@organization_page("/roles/{role_id}/edit", Permission.ROLE_MANAGE, largest_form=DOCUMENT_BODY)
async def edit(page: OrganizationPage) -> Response:
    return await _form(page)


async def _form(page: OrganizationPage, form: Form | None = None) -> Response:
    """The form with the role as it is, or with what was chosen before the preview."""
    role = await roles.get(page.reading, page.ids["role_id"])
    if role.is_default:
        return _cannot_be_changed(page, role)
    example = {"name": role.name, "permissions": role.permissions}
    submitted: dict[str, Any] = {"submitted": form.fields} if form else {}
    return page.render(
        "roles/edit_role.html",
        role=role,
        groups=(await catalog(page)).all,
        ticked=ticked_permissions(form) if form else role.permissions,
        kept=NOT_OFFERED.intersection(role.permissions),
        grantable=page.reading.permissions,
        breadcrumbs=breadcrumbs(page, role),
        curl=page.curl("PATCH", api_path(page, role), example, if_match=True),
        **submitted,
    )


@edit.post
async def update(page: OrganizationPage) -> Response:
    """Shows the effects; saves once they are confirmed; or returns to the form.

    DefaultRole, CannotGrantRole; EditConflict if the role has changed since it was shown.
    """
    form = await page.form()
    if form.text("further", most=40):
        return await _form(page, form)
    changes = {
        "name": form.name("name"),
        "description": form.text("description", most=LONGEST_DESCRIPTION),
        "permissions": ticked_permissions(form),
    }
    form.ensure_valid()
    if not form.text("confirmed", most=40):
        return await _preview(page, changes)
    role = await page.write(
        lambda tx, authority: roles.update(
            tx, authority, page.ids["role_id"], changes, expected=as_shown(form)
        )
    )
    path = f"{page.base}/roles/{id_of(role)}"
    return page.redirect(path, mark("Role {name} updated"), name=role.name)


async def _preview(page: OrganizationPage, changes: Mapping[str, Any]) -> Response:
    role, proposed, uses = await page.write(
        lambda tx, authority: replacement.preview_role(tx, authority, page.ids["role_id"], changes)
    )
    return page.render(
        "roles/role_preview.html",
        preview=Preview(role, proposed, uses, await catalog(page)),
        holders=await holders(page, role),
        breadcrumbs=breadcrumbs(page, role),
        curl=page.curl("PATCH", api_path(page, role), changes, if_match=True),
    )


@organization_page("/roles/{role_id}/delete", Permission.ROLE_MANAGE)
async def confirm_delete(page: OrganizationPage) -> Response:
    """Shows who has the role, and asks which one replaces it."""
    known = await all_roles(page)
    role = await roles.get(page.reading, page.ids["role_id"])
    if role.is_default:
        return _cannot_be_changed(page, role)
    uses = await page.write(lambda tx, _: replacement.count_uses(tx, role))
    others = [(id_of(each), each.name) for each in known if each.id != role.id]
    return page.render(
        "roles/delete_role.html",
        role=role,
        uses=uses,
        holders=await holders(page, role),
        others=[*reversed(others)],
        breadcrumbs=breadcrumbs(page, role),
        curl=page.curl("DELETE", f"{api_path(page, role)}?replace_with={others[0][0]}"),
    )


@confirm_delete.post
async def delete(page: OrganizationPage) -> Response:
    """DefaultRole, RoleInUse, CannotGrantRole, RoleUnknown."""
    form = await page.form()
    replace_with = parse(Kind.ROLE, form.text("role", most=40))
    role = await roles.get(page.reading, page.ids["role_id"])
    await page.write(
        lambda tx, authority: replacement.replace_role(
            page.ctx.use_case(tx, authority), role.id, replace_with=replace_with
        )
    )
    return page.redirect(f"{page.base}/roles", mark("Role {name} deleted"), name=role.name)


def _cannot_be_changed(page: OrganizationPage, role: Role) -> Response:
    return page.render(
        "roles/default_role.html",
        role=role,
        role_id=id_of(role),
        breadcrumbs=breadcrumbs(page, role),
        curl=page.curl("GET", api_path(page, role)),
    )
