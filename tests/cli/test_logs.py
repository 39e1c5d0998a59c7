"""What `tenantry serve` logs: a line a request, and nothing in it that anybody sent or got."""

import json
import signal
from collections.abc import Generator
from typing import Any

import httpx2
import pytest

from tests.cli.commands import Running, running
from tests.cli.production import SECRETS, whole
from tests.support.cast import PASSWORD
from tests.support.mail.mailbox import token_in
from tests.support.mail.smtp import MailServer, mail_server
from tests.support.postgres import TestPostgres
from tests.support.processes import CEILING, wait_for

LogLine = dict[str, Any]

MARK = "wanderer"
"""Part of every address, name and message that is sent."""


@pytest.fixture
def post() -> Generator[MailServer]:
    with mail_server() as server:
        yield server


class Journey:
    """Somebody signs up, invites, is refused: with all that they sent, and were given."""

    def __init__(self, client: httpx2.Client, post: MailServer) -> None:
        self.client = client
        self.post = post
        self.secrets = [PASSWORD, MARK, "not the password", *SECRETS]

    def make(self, name: str) -> LogLine:
        email = f"{MARK}.{name}@example.com"
        signed_up = self.ask(
            201, "POST", "/auth/sign-up", json={"email": email, "password": PASSWORD, "name": MARK}
        )
        self.secrets += [signed_up["access_token"], signed_up["refresh_token"]]
        self.client.headers["Authorization"] = f"Bearer {signed_up['access_token']}"
        self.ask(204, "POST", "/auth/verify-email", json={"token": self.token_sent_to(email)})
        org = f"/organizations/{signed_up['organization']['id']}"
        page = f"{MARK}.guest.{name}@example.com"
        invited = {"email": page, "message": f"{MARK} says hello"}
        self.ask(201, "POST", f"{org}/members/invite", json=invited)
        self.ask(409, "POST", f"{org}/members/invite", json=invited)
        token = self.token_sent_to(page)
        self.ask(200, "POST", "/invitations/preview", json={"token": token})
        moved = self.client.get("/invitation", params={"token": token})
        assert moved.status_code == 303
        kept = moved.headers["set-cookie"].partition(";")[0]
        shown = self.client.get("/invitation", headers={"Cookie": kept})
        assert shown.status_code == 200
        form = {"grant_type": "refresh_token", "refresh_token": signed_up["refresh_token"]}
        renewed = self.ask(200, "POST", "/auth/token", data=form)
        self.secrets += [renewed["access_token"], renewed["refresh_token"]]
        wrong = {"grant_type": "password", "username": email, "password": "not the password"}
        self.ask(401, "POST", "/auth/token", data=wrong)
        self.ask(404, "GET", "/organizations/" + MARK, params={"slug": MARK})
        self.ask(422, "GET", "/organizations", params={MARK: MARK})
        self.ask(400, "POST", "/organizations", content=f'{{"{MARK}": {MARK}}}', headers=_JSON)
        self.ask(404, "GET", f"/{MARK}", params={"token": token})
        return signed_up

    def token_sent_to(self, email: str) -> str:
        """The token of the email that went to an address."""
        wait_for(lambda: email in self.post.emails)
        token = token_in(self.post.emails[email])
        self.secrets.append(token)
        return token

    def ask(self, status: int, method: str, path: str, **sent: Any) -> Any:
        answer = self.client.request(method, f"/api/v1{path}", **sent)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None


def client_of(service: Running) -> httpx2.Client:
    return httpx2.Client(base_url=service.url, timeout=CEILING)


_JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_whole_journey_leaves_no_secret_in_the_log(
    postgres: TestPostgres, post: MailServer, form: str
) -> None:
    settings = whole(postgres.connections.service, post.url)
    settings |= {"TENANTRY_LOG_LEVEL": "debug", "TENANTRY_LOG_FORMAT": form}
    with running("serve", settings=settings) as service, client_of(service) as client:
        journey = Journey(client, post)
        journey.make(form)
        with postgres.admin() as admin:
            refused = f"refused.{MARK}.{form}@example.com"
            journey.ask(201, "POST", "/auth/sign-up", json={"email": refused, "password": PASSWORD})
            query = "select from account_emails where recipient = %s and state = 'failed'"
            wait_for(lambda: admin.execute(query, [refused]).rowcount == 1)
        with postgres.admin() as admin:  # an error of ours, whose words quote what was sent
            admin.execute(
                "alter table organizations add constraint planted check (slug <> 'planted')"
            )
            try:
                journey.ask(500, "POST", "/organizations", json={"name": MARK, "slug": "planted"})
            finally:
                admin.execute("alter table organizations drop constraint planted")
        assert service.end(signal.SIGTERM) == 0
        assert service.process.stdout is not None
        assert service.process.stderr is not None
        log = service.process.stdout.read() + service.process.stderr.read()
    assert "unexpected failure" in log
    assert " has failed: 550 5.1.1" in log
    assert "CheckViolation in " in log
    assert "/api/v1/organizations/{org_id}/members/invite" in log
    for secret in journey.secrets:
        assert secret not in log


def test_each_request_is_one_line_of_json(postgres: TestPostgres, post: MailServer) -> None:
    settings = whole(postgres.connections.service, post.url)
    with running("serve", settings=settings) as service, client_of(service) as client:
        journey = Journey(client, post)
        person = journey.make("lines")
        given = "request-of-the-wanderers-enemy"
        org = person["organization"]["id"]
        journey.client.get(f"/api/v1/organizations/{org}", headers={"X-Request-ID": given})
        service.end(signal.SIGTERM)
        assert service.process.stderr is not None
        lines: list[LogLine] = [json.loads(line) for line in service.process.stderr]
    (told,) = [line for line in lines if line.get("request_id") == given]
    assert told.pop("time").endswith("Z")
    assert 0 < told.pop("duration_ms") < 10_000
    assert told == {
        "level": "info",
        "logger": "tenantry.requests",
        "message": "request",
        "method": "GET",
        "route": "/api/v1/organizations/{org_id}",
        "status": 200,
        "outcome": "ok",
        "request_id": given,
        "user_id": person["user"]["id"],
        "organization_id": org,
    }


def test_the_clients_address_is_logged_where_the_operator_wants_it(
    postgres: TestPostgres,
) -> None:
    settings = whole(postgres.connections.service) | {"TENANTRY_LOG_CLIENTS": "1"}
    with running("serve", settings=settings) as service:
        service.get("/healthz")
        service.end(signal.SIGTERM)
        assert service.process.stderr is not None
        lines: list[LogLine] = [json.loads(line) for line in service.process.stderr]
    told = [line for line in lines if line.get("route") == "/healthz"]
    assert [line["client_address"] for line in told] == ["127.0.0.1"]


def test_requests_are_not_logged_from_warning_on(postgres: TestPostgres, post: MailServer) -> None:
    settings = whole(postgres.connections.service, post.url) | {"TENANTRY_LOG_LEVEL": "warning"}
    with running("serve", settings=settings) as service:
        service.get("/healthz")
        service.end(signal.SIGTERM)
        assert service.process.stderr is not None
        assert service.process.stderr.read() == ""
