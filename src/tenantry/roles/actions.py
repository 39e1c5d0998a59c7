"""What an organization's roles are."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tenantry.access.entrance import Reading
from tenantry.database.reader import Reader
from tenantry.database.transaction import Tx
from tenantry.kit.ids import new_id
from tenantry.kit.page import Page, PageRequest
from tenantry.roles import store
from tenantry.roles.model import DEFAULT_ROLES, Role, RoleUnknown

RoleName = UUID | str
"""How a caller names a role: by its id, or by its key."""


def draw_defaults(tx: Tx, org_id: UUID) -> dict[str, Role]:
    """The three roles of a new organization, by key; nothing is written yet."""
    return {
        blueprint.key: Role(
            id=new_id(),
            org_id=org_id,
            key=blueprint.key,
            name=blueprint.name,
            description=blueprint.description,
            permissions=blueprint.permissions,
            is_default=True,
            created_at=tx.now,
            updated_at=tx.now,
        )
        for blueprint in DEFAULT_ROLES
    }


def install(tx: Tx, org_id: UUID, drawn: Mapping[str, Role]) -> None:
    """Write the roles of an organization that is being made."""
    store.insert_all(tx, org_id, drawn.values())


async def get_all(
    reader: Reader, org_id: UUID, names: Sequence[RoleName]
) -> Mapping[RoleName, Role]:
    """The roles that are named, each under the name that was used. RoleUnknown."""
    ids = [name for name in names if isinstance(name, UUID)]
    keys = [name for name in names if isinstance(name, str)]
    found = await store.find(reader, org_id, ids, keys)
    known: dict[RoleName, Role] = {role.id: role for role in found}
    known.update({role.key: role for role in found})
    if not known.keys() >= set(names):
        raise RoleUnknown
    return known


async def list_roles(reading: Reading, page: PageRequest) -> Page[Role]:
    """The roles of the organization that `reading` entered."""
    return Page.of(page, await store.list_of_organization(reading, reading.org_id, page))
