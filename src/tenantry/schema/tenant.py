"""The tenant of a transaction: the setting that the policies of row security read."""

from uuid import UUID

from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx

# Apart from this, only the functions that authorize set it: always for one transaction.
_SET_TENANT = Statement("select set_config('tenantry.org_id', $1, true)", str)


def set_tenant(tx: Tx, org_id: UUID) -> None:
    """Read and write the rows of this organization from here to the end of the transaction."""
    tx.enqueue(_SET_TENANT(str(org_id)))


def clear_tenant(tx: Tx) -> None:
    """Read and write the rows of no organization from here on."""
    tx.enqueue(_SET_TENANT(""))
