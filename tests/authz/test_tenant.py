"""A tenant is set for one transaction."""

from tenantry.http.service import Service
from tenantry.kit.ids import new_id
from tenantry.postgres.statement import Statement
from tenantry.schema.tenant import clear_tenant, set_tenant

TENANT = Statement("select coalesce(current_setting('tenantry.org_id', true), '')", str)


async def test_it_is_set_until_it_is_cleared_or_the_transaction_ends(service: Service) -> None:
    org_id = new_id()
    async with service.database.transaction() as (tx, _):
        set_tenant(tx, org_id)
        assert await tx.row(TENANT()) == str(org_id)
        clear_tenant(tx)
        assert await tx.row(TENANT()) == ""
        set_tenant(tx, org_id)
    # The connection that was used last is the next one to be used.
    (result,) = await service.database.execute([TENANT()])
    assert result.rows == [""]
