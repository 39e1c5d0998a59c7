"""`tenantry` with a defect: emails are written outside the transaction of their change.

`python -m tests.faults.defective_service serve` is the service with an outbox that somebody got
wrong. It shows that the checker finds such a defect.
"""

import os
from uuid import UUID

import psycopg

from tenantry.__main__ import main
from tenantry.kit.ids import new_id
from tenantry.platform.mail.actions import Outbox
from tenantry.platform.mail.model import Email
from tenantry.postgres.transaction import Tx

_RIGHT = Outbox.enqueue
_INSERT = """
    insert into emails (org_id, id, recipient, sealed, created_at, next_attempt_at)
    values (%s, %s, %s, %s, now(), now())
"""


def enqueue_outside(self: Outbox, tx: Tx, email: Email) -> UUID:
    """Keep a email about an organization at once, whatever becomes of the act."""
    if email.head is None:
        return _RIGHT(self, tx, email)
    org_id = email.head.org_id
    with psycopg.connect(os.environ["DATABASE_URL"]) as aside:
        email_id = new_id()
        aside.execute("select set_config('tenantry.org_id', %s, true)", [str(org_id)])
        aside.execute(_INSERT, [org_id, email_id, email.recipient, b"sealed"])
    return email_id


if __name__ == "__main__":
    Outbox.enqueue = enqueue_outside
    main()
