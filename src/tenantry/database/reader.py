"""What a statement can be asked of: a transaction, or a read that carries its own entrance."""

from typing import Protocol

from tenantry.database.exchange import Row
from tenantry.database.statement import Call


class Reader(Protocol):
    """Runs statements; stores of rooms take one, and need not know which."""

    async def rows(self, call: Call) -> list[Row]:
        """The rows of a statement."""
        ...

    async def row(self, call: Call) -> Row | None:
        """The row of a statement that returns at most one."""
        ...
