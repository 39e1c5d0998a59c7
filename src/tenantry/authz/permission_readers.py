"""Looking: a read that also tells all that the caller may do where they entered."""

from collections.abc import Sequence
from typing import Any

from tenantry.authz.authorization import Entrance, Exchange, Reading
from tenantry.authz.builtin_permissions import Permission, counting_in_workspace
from tenantry.postgres.connection import Answer
from tenantry.postgres.statement import Call, Statement

# Seen through row security, so by those alone who were let in by the statement before it.
_HELD = Statement("""
    select directory.permissions_of(r.key, r.permissions),
           directory.permissions_of(t.key, t.permissions)
      from memberships m
      join roles r on r.org_id = m.org_id and r.id = m.role_id
      left join (workspace_memberships wm
                 join roles t on t.org_id = wm.org_id and t.id = wm.role_id)
        on wm.org_id = m.org_id and wm.membership_id = m.id and wm.workspace_id = $3
     where m.org_id = $1 and m.user_id = $2
""")

_OPERATES = Statement("select 1 from operators where user_id = $1")


class Looking(Reading):
    """For pages, which leave out what would be refused: `permissions` come in the same message.

    Nothing is decided by them: what is left out is refused all the same where it is asked for.
    """

    permissions: frozenset[str] = frozenset()
    has_entered: bool = False
    """Whether a fetch has let the caller in."""

    def __init__(self, entrance: Entrance, exchange: Exchange) -> None:
        super().__init__(entrance, exchange)
        self._persons = entrance

    def may(self, permission: Permission) -> bool:
        """Whether the caller holds a permission here; known after the first fetch."""
        return permission.value in self.permissions

    async def _admitted(self, calls: Sequence[Call]) -> list[Answer]:
        entrance = self._persons
        held = _HELD(entrance.org_id, entrance.claims.user_id, entrance.workspace_id)
        first, *answers = await super()._admitted([held, *calls])
        self.permissions, self.has_entered = _united(first), True
        return answers


def _united(answer: Answer) -> frozenset[str]:
    """What the role in the organization gives, and the one in the workspace that was entered."""
    if not answer.rows:
        return frozenset()
    held: Any = answer.rows[0]
    return frozenset(held[0]) | frozenset(counting_in_workspace(held[1] or ()))


class Recognizing(Reading):
    """A read as oneself that also tells whether one runs the service: pages lead operators on.

    Nothing is decided by it: an operator's pages enter as operators do.
    """

    is_operator: bool = False

    async def _admitted(self, calls: Sequence[Call]) -> list[Answer]:
        first, *answers = await super()._admitted([_OPERATES(self.user_id), *calls])
        self.is_operator = bool(first.rows)
        return answers
