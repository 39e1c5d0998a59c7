"""The worker: soon after a commit, by its poll, past outages and bugs, until it is stopped."""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

import psycopg
import pytest
from psycopg import sql

from tenantry.cli.provision import SERVICE
from tenantry.http.observability.metrics import Metrics
from tenantry.kit.secrets import Sealer
from tenantry.platform.mail.actions import Outbox, count_waiting
from tenantry.platform.mail.layout import Templates
from tenantry.platform.mail.model import RETRIES, RenderedEmail
from tenantry.platform.mail.transports import Smtp
from tenantry.worker import email_worker as jobs
from tenantry.worker.email_worker import AT_ONCE, EmailWorker
from tests.conftest import SENDER
from tests.support.mail.mail_server.server import PostOffice
from tests.support.mail.undelivered import Unattended
from tests.support.postgres import TestPostgres
from tests.support.processes import CEILING
from tests.support.scene import new_address


@asynccontextmanager
async def working(
    mail: Unattended, office: PostOffice, metrics: Metrics | None = None
) -> AsyncGenerator[tuple[EmailWorker, Outbox]]:
    """A worker at work, and an outbox that wakes it."""
    worker = EmailWorker(mail.delivery(Smtp(office.url(), SENDER)), metrics)
    outbox = Outbox(Sealer(mail.secret_key), mail.service.outbox.links, Templates(), worker.wake)
    task = asyncio.create_task(worker.run())
    yield worker, outbox
    task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.wait_for(task, CEILING)
    assert task.cancelled()


async def until(condition: Callable[[], bool]) -> None:
    """Return once it holds."""
    async with asyncio.timeout(CEILING):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that looks by itself once an hour."""
    monkeypatch.setattr(jobs, "_POLL_SECONDS", 3600.0)


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that looks by itself all the time."""
    monkeypatch.setattr(jobs, "_POLL_SECONDS", 0.02)


@pytest.mark.usefixtures("patient")
async def test_a_commit_wakes_it_each_time(mail: Unattended, office: PostOffice) -> None:
    async with working(mail, office) as (_, outbox):
        for _ in range(3):
            taken = len(office.received)
            await mail.leave(new_address(), outbox=outbox)
            await until(partial(_has_more_than, office, taken))


def _has_more_than(office: PostOffice, taken: int) -> bool:
    return len(office.received) > taken


@pytest.mark.usefixtures("patient")
async def test_what_comes_while_it_works_is_not_overlooked(
    mail: Unattended, office: PostOffice
) -> None:
    office.opened.clear()
    async with working(mail, office) as (_, outbox):
        await mail.leave(new_address(), outbox=outbox)
        await asyncio.wait_for(office.reached.wait(), CEILING)
        await mail.leave(new_address(), outbox=outbox)
        office.opened.set()
        await until(lambda: len(office.received) == 2)


@pytest.mark.usefixtures("eager")
async def test_a_slow_server_with_many_invitations_holds_up_no_email_about_an_account(
    mail: Unattended, office: PostOffice
) -> None:
    """The server says nothing to any of them. Failed while emails went one after another."""
    invited, stranger = [new_address() for _ in range(30)], new_address()
    office.opened.clear()
    async with working(mail, office) as (_, outbox):
        for email in invited:
            await mail.leave(email, outbox=outbox)
        await until(lambda: _tried(mail, invited) == AT_ONCE - 2)
        await mail.leave(stranger, of_organization=False, outbox=outbox)
        await until(lambda: _tried(mail, [stranger]) == 1)

        assert _tried(mail, invited) == AT_ONCE - 2
        office.opened.set()
        await until(lambda: len(office.received) == 31)


@pytest.mark.usefixtures("eager")
async def test_no_more_connections_are_opened_than_the_operator_allows(
    mail: Unattended, office: PostOffice
) -> None:
    invited = [new_address() for _ in range(5)]
    office.opened.clear()
    worker = EmailWorker(mail.delivery(Smtp(office.url(), SENDER)), at_once=1)
    for email in invited:
        await mail.leave(email)
    task = asyncio.create_task(worker.run())
    await asyncio.wait_for(office.reached.wait(), CEILING)
    assert _tried(mail, invited) == 1
    office.opened.set()
    await until(lambda: len(office.received) == 5)
    task.cancel()
    await asyncio.wait([task])


def _tried(mail: Unattended, emails: list[str]) -> int:
    return sum(mail.lying(email)[0].attempts for email in emails)


@pytest.mark.usefixtures("eager")
async def test_what_fails_for_our_fault_is_counted_apart_from_who_cannot_be_written_to(
    mail: Unattended, office: PostOffice
) -> None:
    metrics = Metrics()
    refused, failing, sent = (new_address() for _ in range(3))
    async with working(mail, office, metrics) as (_, outbox):
        office.answers["RCPT"].append("550 5.1.1 no such person")
        await mail.leave(refused, outbox=outbox)
        await until(lambda: emails(metrics, "refused") == 1)
        office.answers["DATA"] += ["554 5.7.1 we do not relay for you"] * (1 + len(RETRIES))
        await mail.leave(failing, outbox=outbox)
        for tries in range(1, 1 + len(RETRIES)):
            await until(lambda tries=tries: emails(metrics, "postponed") == tries)
            mail.let_time_pass()
        await until(lambda: emails(metrics, "failed") == 1)
        await mail.leave(sent, outbox=outbox)
        await until(lambda: emails(metrics, "sent") == 1)
    assert [mail.lying(each)[0].state for each in (refused, failing, sent)] == [
        "failed",
        "failed",
        "sent",
    ]
    assert emails(metrics, "refused") == 1


def emails(metrics: Metrics, outcome: str) -> float:
    """How many attempts came to that."""
    shown = re.search(rf'tenantry_emails_total{{outcome="{outcome}"}} (\S+)', exposed(metrics))
    return float(shown[1]) if shown else 0


def exposed(metrics: Metrics) -> str:
    return metrics.exposition().decode()


async def test_the_age_of_the_oldest_email_that_waits_is_known(mail: Unattended) -> None:
    mail.clear()
    assert (await count_waiting(mail.service.database)).oldest_seconds == 0
    for of_organization in (True, False):
        await mail.leave(new_address(), of_organization=of_organization)
    mail.admin.execute("update account_emails set created_at = now() - interval '1 hour'")
    assert 3600 <= (await count_waiting(mail.service.database)).oldest_seconds < 7200
    mail.admin.execute("update emails set created_at = now() - interval '3 hours'")
    assert 3 * 3600 <= (await count_waiting(mail.service.database)).oldest_seconds < 4 * 3600
    mail.clear()


@pytest.mark.usefixtures("eager")
async def test_its_poll_finds_what_no_one_woke_it_for(mail: Unattended, office: PostOffice) -> None:
    async with working(mail, office):
        await mail.leave(new_address())
        await until(lambda: len(office.received) == 1)


@pytest.mark.usefixtures("eager")
async def test_an_email_that_was_refused_leaves_when_its_time_has_come(
    mail: Unattended, office: PostOffice
) -> None:
    email = new_address()
    office.answers["DATA"].append("451 later")
    async with working(mail, office) as (_, outbox):
        await mail.leave(email, outbox=outbox)
        await until(lambda: mail.lying(email)[0].attempts == 1 and not office.answers["DATA"])
        await until(lambda: _is_postponed(mail, email))
        assert office.received == []
        mail.let_time_pass()
        await until(lambda: [each.state for each in mail.lying(email)] == ["sent"])


def _is_postponed(mail: Unattended, email: str) -> bool:
    # A lease is two minutes, the first wait ten seconds.
    waits = "select count(*) from emails where recipient = %s and next_attempt_at < now() + %s"
    row = mail.admin.execute(waits.encode(), [email, "30s"]).fetchone()
    return row == (1,)


@pytest.mark.usefixtures("patient")
async def test_it_stops_at_once_while_a_slow_server_has_an_email(
    mail: Unattended, office: PostOffice
) -> None:
    email = new_address()
    office.opened.clear()
    async with working(mail, office) as (_, outbox):
        await mail.leave(email, outbox=outbox)
        await asyncio.wait_for(office.reached.wait(), CEILING)

    assert not office.opened.is_set()  # nor did it wait for that
    assert [each.state for each in mail.lying(email)] == ["queued"]


class Deaf:
    """A carrier that loses a cancellation, as `wait_for` does before Python 3.12 where it comes
    together with the server's answer."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()

    async def send(self, email: RenderedEmail) -> None:
        self.reached.set()
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()


@pytest.mark.usefixtures("patient")
async def test_it_stops_after_the_email_even_where_a_cancellation_was_lost(
    mail: Unattended,
) -> None:
    """Failed with a worker that looked again after each email by itself, on Python 3.11: tried."""
    email, deaf = new_address(), Deaf()
    await mail.leave(email)
    task = asyncio.create_task(EmailWorker(mail.delivery(deaf)).run())
    await asyncio.wait_for(deaf.reached.wait(), CEILING)

    task.cancel()
    ended, _ = await asyncio.wait([task], timeout=CEILING)

    assert ended == {task}
    assert [each.state for each in mail.lying(email)] == ["sent"]


@pytest.mark.usefixtures("eager")
async def test_an_outage_of_the_database_ends_nothing_and_fills_no_log(
    mail: Unattended,
    office: PostOffice,
    postgres: TestPostgres,
    caplog: pytest.LogCaptureFixture,
) -> None:
    email = new_address()
    await mail.leave(email)
    with postgres.admin("postgres") as elsewhere:
        _allow(elsewhere, mail.database_name, allowed=False)
        async with working(mail, office):
            await asyncio.sleep(0.2)
            assert office.received == []
            _allow(elsewhere, mail.database_name, allowed=True)
            await until(lambda: len(office.received) == 1)
    assert [each for each in caplog.records if each.name == "tenantry.worker"] == []


def _allow(admin: psycopg.Connection[tuple[object, ...]], name: str, *, allowed: bool) -> None:
    """Whether the service may connect to its database; it loses the connections that it has."""
    admin.execute(
        sql.SQL("alter database {} connection limit {}").format(
            sql.Identifier(name), sql.Literal(-1 if allowed else 0)
        )
    )
    admin.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = %s and usename = %s",
        [name, SERVICE],
    )


@pytest.mark.usefixtures("eager")
async def test_a_bug_is_told_in_the_log_and_ends_nothing(
    mail: Unattended, office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    token = await mail.leave(new_address())
    mail.admin.execute("alter table account_emails rename to elsewhere")
    async with working(mail, office):
        await until(lambda: "the worker failed; it continues" in caplog.text)
        mail.admin.execute("alter table elsewhere rename to account_emails")
        await until(lambda: len(office.received) == 1)
    assert token.text not in caplog.text
