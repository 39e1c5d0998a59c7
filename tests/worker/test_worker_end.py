"""The worker ends when the service does, whatever comes together with the end."""

import asyncio

from tenantry.app import Parts
from tenantry.kit.secrets import Sealer
from tenantry.platform.mail.delivery import Delivery
from tenantry.postgres.database import Database
from tenantry.worker.email_worker import EmailWorker
from tests.support.processes import CEILING

UNTIL_IT_RESTS = 0.5


async def test_a_worker_that_is_woken_and_ended_in_one_moment_ends(
    parts: Parts, database: Database
) -> None:
    """Fails with a worker that goes on for ever once it rests by `wait_for`,
    on Python 3.11: tried."""
    worker = EmailWorker(Delivery(database, Sealer(parts.secret_key), parts.transport))
    working = asyncio.create_task(worker.run())
    await asyncio.sleep(UNTIL_IT_RESTS)
    worker.wake()
    working.cancel()
    ended, _ = await asyncio.wait([working], timeout=CEILING)
    assert ended == {working}
    assert working.cancelled()
