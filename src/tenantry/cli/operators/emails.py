"""`tenantry emails`: lists queued and failed emails, and queues failed ones again."""

import sys
from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from tenantry.cli.errors import CannotStart
from tenantry.cli.transactions import in_transaction
from tenantry.kit.ids import Kind, parse, show
from tenantry.kit.page import PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.platform.mail import unsent
from tenantry.platform.mail.model import EmailContentGone, EmailNotFailed, UnsentEmail
from tenantry.postgres.transaction import Tx
from tenantry.settings import Settings

State = Literal["queued", "failed"]

_BATCH = 100


def show_unsent(settings: Settings, *, state: State | None, limit: int) -> None:
    """Print emails that were not sent, newest first, one per line, columns separated by tabs."""
    page = PageRequest(limit=limit, descending=True)
    found = in_transaction(settings, lambda tx: unsent.list_unsent(tx, page, state=state))
    for each in found.items:
        print("\t".join(_columns(each)))
    if found.after is not None:
        print(f"There are more: --limit {limit * 10} shows them.", file=sys.stderr)


def requeue(settings: Settings, ids: Sequence[str]) -> None:
    """Queue failed emails again. CannotStart at the first one that cannot be queued."""
    for text, email_id in [(text, _email_id(text)) for text in ids]:
        _requeue_one(settings, text, email_id)
        print(f"{text} is queued again.")


def requeue_failed(settings: Settings) -> None:
    """Queue all failed emails again, and print how many."""
    done = in_transaction(settings, _requeue_all)
    print(f"{done} {'email is' if done == 1 else 'emails are'} queued again.")


def _requeue_one(settings: Settings, text: str, email_id: UUID) -> None:
    try:
        in_transaction(settings, lambda tx: unsent.requeue(tx, email_id))
    except NotFound:
        raise CannotStart(f"{text} is not queued or failed: see `tenantry emails list`.") from None
    except (EmailNotFailed, EmailContentGone) as refused:
        raise CannotStart(f"{text}: {refused}") from None


async def _requeue_all(tx: Tx) -> int:
    done, page = 0, PageRequest(limit=_BATCH, descending=True)
    while True:
        found = await unsent.list_unsent(tx, page, state="failed")
        for each in found.items:
            if each.kept:
                await unsent.requeue(tx, each.id)
                done += 1
        if found.after is None:
            return done
        page = PageRequest(limit=_BATCH, descending=True, after=found.after)


def _email_id(text: str) -> UUID:
    email_id = parse(Kind.EMAIL, text)
    if email_id is None:
        raise CannotStart(
            f"{text[:100]!r} is not the id of an email, such as"
            " email_01h455vb4pex5vsknk084sn02q: see `tenantry emails list`."
        )
    return email_id


def _columns(email: UnsentEmail) -> list[str]:
    organization = "account" if email.org_id is None else show(Kind.ORGANIZATION, email.org_id)
    return [
        show(Kind.EMAIL, email.id),
        email.state,
        email.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        f"attempts={email.attempts}",
        organization,
        email.recipient,
        email.last_error,
    ]
