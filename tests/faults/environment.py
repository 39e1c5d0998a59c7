"""Everything that a fault needs: PostgreSQL, proxy, mail, people, and `tenantry serve` itself."""

import asyncio
import sys
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from tenantry.api.application import Application
from tenantry.app import Parts, create_app
from tenantry.cli.provision import DATABASE, SERVICE, Connections, provision
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.kit.ids import Kind, show
from tenantry.platform.mail.model import Links
from tenantry.platform.mail.transports import Mailbox
from tenantry.schema import migrate
from tests.cli.commands import Running, running
from tests.cli.production import SECRET_KEY, SIGNING_KEYS, whole
from tests.conftest import cheap_passwords
from tests.faults.callers import Caller, calling
from tests.faults.checker import Admin, findings
from tests.faults.faulty_mail_server import Post
from tests.faults.journal import Journal
from tests.faults.postgres_server import Patient
from tests.faults.proxy import Proxy
from tests.support.cast import PASSWORD, Player, found, player
from tests.support.processes import CEILING, open_folder, wait_for

NAMES = ("Ann", "Ben", "Cleo", "Dan")


@dataclass
class Stage:
    """What stays up while faults come and go; `journal` has every response to the clients."""

    patient: Patient
    proxy: Proxy
    post: Post
    connections: Connections
    settings: dict[str, str]
    log: Path
    """All that services have said on this stage."""
    players: list[Player] = field(default_factory=list[Player])
    shared: str = ""
    journal: Journal = field(default_factory=Journal)

    def serving(self, *, workers: int = 1, **settings: str) -> AbstractContextManager[Running]:
        """`tenantry serve`, ready; its PostgreSQL is behind the proxy."""
        return running(
            "serve", f"--workers={workers}", settings=self.settings | settings, log=self.log
        )

    def calling(self, url: str) -> AbstractContextManager[list[Caller]]:
        """All players write without a pause until the block ends."""
        return calling(url, self.players, self.shared, self.journal)

    def caller(self, url: str, player: Player | None = None) -> Caller:
        """One of them, the first if it does not matter, who calls when told."""
        return Caller(url, player or self.players[0], self.shared, self.journal)

    def repeat_unknown(self, url: str) -> int:
        """Everybody calls again every second call of theirs whose outcome they do not know."""
        repeated = 0
        for each in self.players:
            caller = Caller(url, each, self.shared, self.journal)
            repeated += caller.repeat_unknown()
            caller.close()
        return repeated

    def findings(self, *, mail: bool = False, admin: Admin | None = None) -> list[str]:
        """What is wrong with the database now; `mail`: and with what came by mail.

        `admin` is who looks, where somebody does already.
        """
        secrets = [PASSWORD, *(each.token for each in self.players)]
        delivered = {*self.post.came} if mail else None
        with nullcontext(admin) if admin else self.patient.admin() as looking:
            found = findings(looking, self.journal, delivered=delivered, secrets=secrets)
        said = self.log.read_text() if self.log.exists() else ""
        return found + ["I10 a secret is in the log" for each in secrets if each in said]

    def unanswered_and_there(self) -> list[str]:
        """What was made by calls that got no answer at all: cut in the middle, that is."""
        silent = [each.marker for each in self.journal.entries if each.status == 0]
        with self.patient.admin() as admin:
            rows = admin.execute(
                "select name from organizations where name = any(%(silent)s) union all"
                " select name from workspaces where name = any(%(silent)s) union all"
                " select email from invitations where split_part(email, '@', 1) = any(%(silent)s)",
                {"silent": silent},
            ).fetchall()
        return [made for (made,) in rows]

    def deliver_all(self) -> None:
        """Let the time pass that emails wait for another try, until none waits any more.

        An email that is being sent is left alone: made due, it would be sent twice.
        """
        postponed = """
            update emails set next_attempt_at = now(), last_error = null
             where state = 'queued' and last_error is not null
        """

        def nothing_waits() -> bool:
            admin.execute(postponed)
            query = "select from emails where state = 'queued' limit 1"
            return admin.execute(query).fetchone() is None

        with self.patient.admin() as admin:
            wait_for(nothing_waits, pause=0.5)

    def end_leases(self) -> None:
        """Let the time pass for which emails belong to a process that was killed."""
        with self.patient.admin() as admin:
            admin.execute("update emails set next_attempt_at = now() where state = 'queued'")


@contextmanager
def stage(*, migrated: bool = True) -> Generator[Stage]:
    """Put it up, and take all of it away."""
    with open_folder() as folder:
        patient = Patient(folder / "home")
        proxy = Proxy(patient.socket)
        post = Post()
        try:
            connections = provision(patient.server)
            settings = whole(proxy.dsn(SERVICE, DATABASE), post.url)
            settings |= {"TENANTRY_RATE_LIMITS": "off"}
            made = Stage(patient, proxy, post, connections, settings, folder / "log")
            if migrated:
                migrate(connections.owner)
                populate(made, folder)
            yield made
        finally:
            post.stop()
            proxy.stop()
            patient.thaw()
            patient.shut_down()


def populate(made: Stage, folder: Path) -> None:
    """People with tokens that the service will know, and an organization that all administer."""
    url = made.settings["TENANTRY_BASE_URL"]
    parts = Parts(
        database_url=made.connections.service,
        base_url=url,
        signing_keys=SigningKeys.load(SIGNING_KEYS),
        secret_key=SECRET_KEY,
        transport=Mailbox(folder / "mailbox", made.settings["TENANTRY_MAIL_FROM"]),
        links=Links(url, url, url, url),
        passwords=cheap_passwords(),
        rate_limits=False,
    )
    with ThreadPoolExecutor(1) as apart:  # where no event loop runs already
        apart.submit(asyncio.run, _people(made, parts)).result()


async def _people(made: Stage, parts: Parts) -> None:
    app = create_app(parts)
    assert isinstance(app, Application)
    service = app.service
    owner, *others = [await player(service, name) for name in NAMES]
    acme = await found(service, owner, "Acme")
    made.shared = f"/api/v1/organizations/{show(Kind.ORGANIZATION, acme.organization.id)}"
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url=parts.base_url) as client:
        for other in others:
            await _let_in(client, made.shared, owner, other)
    made.players = [owner, *others]
    service.passwords.close()
    await service.database.close()


async def _let_in(client: httpx2.AsyncClient, shared: str, owner: Player, other: Player) -> None:
    """By an invitation that they accept: so that events tell of their membership, too."""
    offer = {"email": other.actor.email, "role": "admin"}
    invited = await client.post(f"{shared}/members/invite", json=offer, headers=owner.headers)
    ctx = f"/api/v1/me/invitations/{invited.raise_for_status().json()['id']}/accept"
    (await client.post(ctx, headers=other.headers)).raise_for_status()


def seconds_until(condition: Callable[[], bool], patience: float = CEILING) -> float:
    """How long it takes until something has come to be."""
    begun = time.monotonic()
    wait_for(condition, patience, pause=0.02)
    return time.monotonic() - begun


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
