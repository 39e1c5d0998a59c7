"""Permissions in words, grouped by the noun that they are about: for people who choose them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tenantry.authz.builtin_permissions import NOT_OFFERED, NOUNS, OFFERED
from tenantry.authz.permissions import actions as permissions
from tenantry.console.user_pages import OrganizationPage


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
        self._words = {**{each.value: each.definition.label for each in OFFERED}, **of_product}

    @property
    def all(self) -> list[Group]:
        """All of them by noun."""
        return self.grouped(list(self._words))

    def grouped(self, names: Sequence[str]) -> list[Group]:
        """Some of them by noun, each in the order given; without those that nobody is offered."""
        groups = dict[str, Group]()
        for name in filter(lambda each: each not in NOT_OFFERED, names):
            noun = name.partition(":")[0]
            group = groups.setdefault(noun, Group(noun, NOUNS.get(noun, noun), []))
            group.permissions.append(Permitted(name, self._words.get(name, "")))
        return list(groups.values())


async def catalog(page: OrganizationPage) -> Catalog:
    """The permissions of the service, and those that its product declares."""
    declared = await permissions.list_all(page.reading)
    return Catalog({each.name: each.description for each in declared})
