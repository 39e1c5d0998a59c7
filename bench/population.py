"""The data set that every service under test holds: who exists, and who belongs where.

10,000 users; user n owns organization n and belongs to four others; two workspaces and three roles
an organization. Ids follow from numbers, so SQL and Python agree on them without a look-up.
"""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

USERS = 10_000
MEMBERSHIPS = 5
WORKSPACES = 2
STRIDE = 37
"""User n belongs to organizations n, n + 37, n + 74, n + 111 and n + 148, modulo 10,000."""

USER, SESSION, ORGANIZATION, WORKSPACE, ROLE, MEMBERSHIP = range(1, 7)

ADMIN = [
    *("organization:read", "organization:update", "organization:delete"),
    *("member:read", "member:invite", "member:update", "member:remove"),
    *("role:read", "role:manage"),
    *("workspace:read", "workspace:create", "workspace:update", "workspace:delete"),
    *("workspace:manage_members", "event:read", "webhook:manage", "api_key:manage"),
]
DEVELOPER = [
    *("organization:read", "member:read", "role:read"),
    *("workspace:read", "workspace:create", "workspace:update"),
]
VIEWER = ["organization:read", "member:read", "role:read", "workspace:read"]
ROLES = {"admin": ADMIN, "developer": DEVELOPER, "viewer": VIEWER}

ID_OF = """
create function pg_temp.id_of(kind int, number int) returns uuid language sql immutable as $$
    select (lpad(to_hex(kind), 8, '0') || '00007000' || '8000' || lpad(to_hex(number), 12, '0'))::uuid
$$
"""  # noqa: E501
"""The SQL twin of `id_of`; lives as long as the session that makes it."""


class Seat(NamedTuple):
    """A user in one of the organizations that they belong to."""

    user: int
    org: int


def id_of(kind: int, number: int) -> UUID:
    """The id of the `number`th thing of a kind; it has the form of a UUIDv7."""
    return UUID(f"{kind:08x}000070008000{number:012x}")


def callers(count: int = 200) -> list[int]:
    """The users whose tokens are used, spread over all."""
    return list(range(0, USERS, USERS // count))


def seats(user: int) -> Iterator[Seat]:
    """Where a user belongs; their own organization comes first."""
    return (Seat(user, (user + STRIDE * k) % USERS) for k in range(MEMBERSHIPS))
