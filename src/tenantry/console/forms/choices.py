"""Options of select fields: only what the user may grant."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from tenantry.authz.builtin_permissions import Permission, counting_in_workspace
from tenantry.authz.roles import actions as roles
from tenantry.authz.roles.model import DEFAULT_ROLES, Blueprint, Role
from tenantry.console.texts.languages import Translator, mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.kit.page import PageRequest
from tenantry.tenancy.workspaces import actions as workspaces
from tenantry.tenancy.workspaces.model import Workspace

Choice = tuple[str, str]
"""A value and its label."""

_MOST = 200
"""A longer list is not offered; the API takes any."""


class RoleChoices:
    """The roles of an organization, and which of them a user with these permissions may grant."""

    def __init__(self, known: Sequence[Role | Blueprint], permissions: frozenset[str]) -> None:
        self._known = sorted(known, key=lambda role: len(role.permissions))
        self._permissions = permissions

    @property
    def all(self) -> list[Choice]:
        """Every role, the one with the fewest permissions first."""
        return _choices(self._known)

    @property
    def grantable(self) -> list[Choice]:
        return _choices(
            role for role in self._known if self._permissions.issuperset(role.permissions)
        )

    @property
    def grantable_in_workspace(self) -> list[Choice]:
        """Fewer permissions of a role count in a workspace, so these are more."""
        return _choices(
            role
            for role in self._known
            if self._permissions.issuperset(counting_in_workspace(role.permissions))
        )

    def grantable_anywhere(self, translate: Translator, scopes: Sequence[Choice]) -> list[Choice]:
        """Those for the organization; with workspaces among the `scopes`, also those that can be
        granted in a workspace only, labelled so."""
        grantable = self.grantable
        if len(scopes) < 2:
            return grantable
        label = mark("{name} (workspaces only)")
        return [
            role if role in grantable else (role[0], translate(label, name=role[1]))
            for role in self.grantable_in_workspace
        ]


async def role_choices(page: OrganizationPage) -> RoleChoices:
    """Only the default roles for users who may not list roles."""
    permissions = page.reading.permissions
    if not page.may(Permission.ROLE_READ):
        return RoleChoices(DEFAULT_ROLES, permissions)
    reader = page.reading_with(Permission.ROLE_READ)
    listed = await roles.list_roles(reader, PageRequest(_MOST))
    return RoleChoices(listed.items, permissions)


def with_current(choices: Sequence[Choice], current: Choice) -> list[Choice]:
    """The current value stays selectable, even if the user could not grant it."""
    known = {value for value, _ in choices}
    return [*choices] if current[0] in known else [current, *choices]


async def visible_workspaces(
    page: OrganizationPage, *, archived: bool, most: int = _MOST
) -> list[Workspace]:
    """Empty for users who may not see workspaces."""
    if not page.may(Permission.WORKSPACE_READ):
        return []
    reader = page.reading_with(Permission.WORKSPACE_READ)
    listed = await workspaces.list_workspaces(reader, PageRequest(most), archived=archived)
    return list(listed.items)


async def scope_choices(page: OrganizationPage) -> list[Choice]:
    """What a key or service account can be limited to: nothing, or one workspace."""
    return [
        ("", page.ctx.translate(mark("The whole organization"))),
        *(
            (show_id(Kind.WORKSPACE, each.id), each.name)
            for each in await visible_workspaces(page, archived=False)
        ),
    ]


async def workspace_names(page: OrganizationPage) -> dict[UUID, str]:
    """Of the workspaces that the user can see."""
    return {each.id: each.name for each in await visible_workspaces(page, archived=True)}


def _choices(known: Iterable[Role | Blueprint]) -> list[Choice]:
    return [(role.key, role.name) for role in known]
