"""Permissions in words, grouped by the noun that they are about: for people who choose them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tenantry.authz.builtin_permissions import NOT_YET
from tenantry.authz.builtin_permissions import Permission as P
from tenantry.authz.permissions import actions as permissions
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage

_NOUNS: Mapping[str, str] = {
    "organization": mark("Organization"),
    "member": mark("Members"),
    "role": mark("Roles"),
    "workspace": mark("Workspaces"),
    "event": mark("Events"),
    "api_key": mark("API keys"),
}
_VERBS: Mapping[P, str] = {
    P.ORGANIZATION_READ: mark("see it"),
    P.ORGANIZATION_UPDATE: mark("change name, slug and metadata"),
    P.ORGANIZATION_DELETE: mark("delete and restore it"),
    P.MEMBER_READ: mark("see who belongs to it"),
    P.MEMBER_INVITE: mark("invite people"),
    P.MEMBER_UPDATE: mark("change roles, suspend members"),
    P.MEMBER_REMOVE: mark("remove members"),
    P.ROLE_READ: mark("see roles"),
    P.ROLE_MANAGE: mark("make, change and delete roles"),
    P.WORKSPACE_READ: mark("see workspaces"),
    P.WORKSPACE_CREATE: mark("make workspaces"),
    P.WORKSPACE_UPDATE: mark("change and archive workspaces"),
    P.WORKSPACE_DELETE: mark("delete workspaces"),
    P.WORKSPACE_MANAGE_MEMBERS: mark("choose who is in a workspace"),
    P.EVENT_READ: mark("read what happened"),
    P.API_KEY_MANAGE: mark("manage API keys"),
}


@dataclass(frozen=True, slots=True)
class Permitted:
    """One permission, by its own name and in words."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Group:
    """The permissions of one noun."""

    noun: str
    name: str
    permissions: list[Permitted]


class Catalog:
    """Every permission that a role can hold, with the words for it."""

    def __init__(self, of_product: Mapping[str, str]) -> None:
        """A product's own permissions go by their names, with what it says of them."""
        self._words = {**{each.value: words for each, words in _VERBS.items()}, **of_product}

    @property
    def all(self) -> list[Group]:
        """All of them by noun."""
        return self.grouped(list(self._words))

    def grouped(self, names: Sequence[str]) -> list[Group]:
        """Some of them by noun, each in the order given; without those that nobody is offered."""
        groups = dict[str, Group]()
        for name in filter(lambda each: each not in NOT_YET, names):
            noun = name.partition(":")[0]
            group = groups.setdefault(noun, Group(noun, _NOUNS.get(noun, noun), []))
            group.permissions.append(Permitted(name, self._words.get(name, "")))
        return list(groups.values())


async def catalog(member: OrganizationPage) -> Catalog:
    """The permissions of the service, and those that its product declares."""
    declared = await permissions.list_all(member.reading)
    return Catalog({each.name: each.description for each in declared})
