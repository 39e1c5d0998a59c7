"""Choices: what the fields of forms offer, as far as who fills them in may give it."""

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
"""A value, and what is shown for it."""

_EVERYWHERE = mark("The whole organization")
_ONLY_THERE = mark("{name} (workspaces only)")
# Beyond so many a list to choose from is none; the API takes any.
_MOST = 200


class RoleChoices:
    """The roles of an organization, as somebody who has entered it may give them."""

    def __init__(self, known: Sequence[Role | Blueprint], held: frozenset[str]) -> None:
        self._known = sorted(known, key=lambda role: len(role.permissions))
        self._held = held

    @property
    def all(self) -> list[Choice]:
        """Every role, the one that permits least first."""
        return _choices(self._known)

    @property
    def given(self) -> list[Choice]:
        """Those that they may give in the organization."""
        return _choices(role for role in self._known if self._held.issuperset(role.permissions))

    @property
    def given_there(self) -> list[Choice]:
        """Those that they may give in a workspace, where less of a role counts."""
        return _choices(
            role
            for role in self._known
            if self._held.issuperset(counting_in_workspace(role.permissions))
        )

    def given_anywhere(self, translate: Translator, places: Sequence[Choice]) -> list[Choice]:
        """Those that they may give in one of some places at least, the organization among them;
        one that is too much for the organization says so."""
        given = self.given
        if len(places) < 2:
            return given
        return [
            role if role in given else (role[0], translate(_ONLY_THERE, name=role[1]))
            for role in self.given_there
        ]


async def role_choices(page: OrganizationPage) -> RoleChoices:
    """The roles to choose from. Who may not read roles knows the three that are everywhere."""
    held = page.reading.permissions
    if not page.may(Permission.ROLE_READ):
        return RoleChoices(DEFAULT_ROLES, held)
    reader = page.reading_with(Permission.ROLE_READ)
    return RoleChoices((await roles.list_roles(reader, PageRequest(_MOST))).items, held)


def with_present(choices: Sequence[Choice], present: Choice) -> list[Choice]:
    """The same, and what is chosen now."""
    known = {value for value, _ in choices}
    return [*choices] if present[0] in known else [present, *choices]


async def workspaces_seen(
    page: OrganizationPage, *, archived: bool, most: int = _MOST
) -> list[Workspace]:
    """The workspaces that somebody may see; none to who may not see workspaces at all."""
    if not page.may(Permission.WORKSPACE_READ):
        return []
    reader = page.reading_with(Permission.WORKSPACE_READ)
    listed = await workspaces.list_workspaces(reader, PageRequest(most), archived=archived)
    return list(listed.items)


async def place_choices(page: OrganizationPage) -> list[Choice]:
    """Where a key or a service account may be bound to: the organization, or one workspace."""
    seen = await workspaces_seen(page, archived=False)
    return [
        ("", page.ctx.translate(_EVERYWHERE)),
        *((show_id(Kind.WORKSPACE, each.id), each.name) for each in seen),
    ]


async def workspace_names(page: OrganizationPage) -> dict[UUID, str]:
    """What the workspaces that somebody may see are called."""
    return {each.id: each.name for each in await workspaces_seen(page, archived=True)}


def _choices(known: Iterable[Role | Blueprint]) -> list[Choice]:
    return [(role.key, role.name) for role in known]
