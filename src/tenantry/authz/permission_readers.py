"""Looking: a read that also tells all that the caller may do where they entered."""

from collections.abc import Sequence
from typing import Any

from tenantry.authz.authorization import Authorization, AuthorizedReader, Executor
from tenantry.authz.builtin_permissions import Permission, counting_in_workspace
from tenantry.postgres.connection import Result
from tenantry.postgres.statement import BoundStatement, Statement

# Seen through row security, so by those alone who were let in by the statement before it.
_HELD = Statement("""
    select directory.permissions_of(m.role_key, m.held) as permissions,
           directory.permissions_of(m.there_key, m.held_there) as workspace_permissions
      from directory.active_memberships_in($3) m
     where m.org_id = $1 and m.user_id = $2
""")

_OPERATES = Statement("select 1 from operators where user_id = $1")


class ReaderWithPermissions(AuthorizedReader):
    """For pages, which leave out what would be refused: `permissions` come in the same message.

    Nothing is decided by them: what is left out is refused all the same where it is asked for.
    """

    permissions: frozenset[str] = frozenset()
    has_entered: bool = False
    """Whether a fetch has let the caller in."""

    def __init__(self, authorization: Authorization, exchange: Executor) -> None:
        super().__init__(authorization, exchange)
        self._persons = authorization

    def may(self, permission: Permission) -> bool:
        """Whether the caller holds a permission here; known after the first fetch."""
        return permission.value in self.permissions

    async def _admitted(self, statements: Sequence[BoundStatement]) -> list[Result]:
        authorization = self._persons
        held = _HELD(authorization.org_id, authorization.claims.user_id, authorization.workspace_id)
        first, *results = await super()._admitted([held, *statements])
        self.permissions, self.has_entered = _united(first), True
        return results


def _united(result: Result) -> frozenset[str]:
    """What the role in the organization gives, and the one in the workspace that was entered."""
    if not result.rows:
        return frozenset()
    held: Any = result.rows[0]
    return frozenset(held[0]) | frozenset(counting_in_workspace(held[1] or ()))


class ReaderWithOperator(AuthorizedReader):
    """A read as oneself that also tells whether one runs the service: pages lead operators on.

    Nothing is decided by it: an operator's pages enter as operators do.
    """

    is_operator: bool = False

    async def _admitted(self, statements: Sequence[BoundStatement]) -> list[Result]:
        first, *results = await super()._admitted([_OPERATES(self.user_id), *statements])
        self.is_operator = bool(first.rows)
        return results
