"""Permissions with their labels, grouped by noun."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tenantry.authz.builtin_permissions import NOT_OFFERED, NOUNS, OFFERED
from tenantry.authz.permissions import actions as permissions
from tenantry.console.user_pages import OrganizationPage


@dataclass(frozen=True, slots=True)
class LabelledPermission:
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Group:
    noun: str
    name: str
    permissions: list[LabelledPermission]


class Catalog:
    """Every permission that a role can have."""

    def __init__(self, of_product: Mapping[str, str]) -> None:
        """`of_product` has the descriptions of product permissions by name."""
        self._labels = {**{each.value: each.definition.label for each in OFFERED}, **of_product}

    @property
    def all(self) -> list[Group]:
        return self.grouped(list(self._labels))

    def grouped(self, names: Sequence[str]) -> list[Group]:
        """In the order given, without those that are not offered."""
        groups = dict[str, Group]()
        for name in filter(lambda each: each not in NOT_OFFERED, names):
            noun = name.partition(":")[0]
            group = groups.setdefault(noun, Group(noun, NOUNS.get(noun, noun), []))
            group.permissions.append(LabelledPermission(name, self._labels.get(name, "")))
        return list(groups.values())


async def catalog(page: OrganizationPage) -> Catalog:
    """Built-in and product permissions."""
    declared = await permissions.list_all(page.reading)
    return Catalog({each.name: each.description for each in declared})
