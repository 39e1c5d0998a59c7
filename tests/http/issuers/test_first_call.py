"""The first call of somebody whom a trusted issuer knows opens their account, with its own act."""

import asyncio
from typing import Any

import httpx2
import psycopg
import pytest

from tests.conftest import ClientOf
from tests.http.responses import ORGANIZATIONS, ids, told
from tests.support.cast import Cast
from tests.support.database.lock_waits import count
from tests.support.issuer import FakeIssuer, bearer
from tests.support.scene import new_address

Admin = psycopg.Connection[Any]
ME = "/api/v1/me"

_ACCOUNTS = "select count(*) from users where email = %s"
_PERSONAL = """
    select count(*) from organizations o join users u on u.id = o.owner_id where u.email = %s
"""
_EVENTS = """
    select array_agg(e.action order by e.id) from account_events e
      join users u on u.id = e.user_id where u.email = %s
"""


async def test_reading_oneself_opens_the_account(
    trusting: httpx2.AsyncClient, fake: FakeIssuer, admin: Admin
) -> None:
    email = new_address()
    headers = bearer(fake.token(email=email.upper(), name="Sam\nSmith"))

    answer = await trusting.get(ME, headers=headers)

    assert answer.status_code == 200, answer.text
    assert answer.json()["email"] == email
    assert answer.json()["name"] == "Sam Smith"
    assert answer.json()["email_verified"] is False
    assert (await trusting.get(ME, headers=headers)).json() == answer.json()
    assert admin.execute(_EVENTS, [email]).fetchone() == (["user.created", "identity.linked"],)


async def test_an_issuer_whose_word_counts_brings_a_proven_address(
    linking: httpx2.AsyncClient, fake: FakeIssuer
) -> None:
    proven, unproven = fake.token(), fake.token(email_verified=False)
    assert (await linking.get(ME, headers=bearer(proven))).json()["email_verified"] is True
    assert (await linking.get(ME, headers=bearer(unproven))).json()["email_verified"] is False


async def test_creating_an_organization_opens_the_account_too(
    trusting: httpx2.AsyncClient, fake: FakeIssuer
) -> None:
    headers = bearer(fake.token())

    made = await trusting.post(ORGANIZATIONS, json={"name": "Acme"}, headers=headers)

    assert made.status_code == 201, made.text
    assert made.json()["role"]["key"] == "admin"
    mine = (await trusting.get(ORGANIZATIONS, headers=headers)).json()["data"]
    assert [each["kind"] for each in mine] == ["personal", "team"]
    location = made.headers["location"]
    assert (await trusting.get(f"{location}/roles", headers=headers)).status_code == 200


async def test_the_list_of_the_first_call_shows_what_it_opened(
    trusting: httpx2.AsyncClient, fake: FakeIssuer
) -> None:
    answer = await trusting.get(ORGANIZATIONS, headers=bearer(fake.token()))
    assert len(ids(answer)) == 1


@pytest.mark.usefixtures("unbroken")
@pytest.mark.parametrize("first", ["GET", "POST"])
async def test_of_twenty_first_calls_at_once_one_opens_the_account(
    trusting: httpx2.AsyncClient, fake: FakeIssuer, admin: Admin, first: str
) -> None:
    """Fails with 409 for those who come second once `hold` does not wait for the first: tried."""
    email = new_address()
    tokens = [fake.token(sub=f"subject of {email}", email=email, jti=str(n)) for n in range(20)]

    answers = await asyncio.gather(
        *(
            trusting.request(
                first,
                ORGANIZATIONS,
                headers=bearer(token),
                json={"name": f"Acme {number}"} if first == "POST" else None,
            )
            for number, token in enumerate(tokens)
        )
    )

    assert {answer.status_code for answer in answers} == {201 if first == "POST" else 200}
    assert count(admin, _ACCOUNTS, email) == 1
    assert count(admin, _PERSONAL, email) == 1
    (person,) = admin.execute("select id from users where email = %s", [email]).fetchall()[0]
    assert count(admin, "select count(*) from sessions where user_id = %s", person) == 1
    expected = 21 if first == "POST" else 1
    assert count(admin, "select count(*) from memberships where user_id = %s", person) == expected


@pytest.mark.parametrize(
    ("method", "path", "json", "status"),
    [
        ("GET", "{acme}", None, 404),
        ("GET", "{acme}/roles?limit=0", None, 404),
        ("PATCH", "{acme}", {"name": "Mine"}, 404),
        ("POST", ORGANIZATIONS, {"name": ""}, 422),
        ("POST", ORGANIZATIONS, {"name": "Mine", "slug": "{slug}"}, 409),
        ("GET", f"{ME}/sessions?limit=0", None, 422),
    ],
)
async def test_a_first_call_that_is_refused_opens_nothing(
    trusting: httpx2.AsyncClient,
    fake: FakeIssuer,
    cast: Cast,
    admin: Admin,
    method: str,
    path: str,
    json: dict[str, str] | None,
    status: int,
) -> None:
    email, names = new_address(), {"slug": cast.acme.organization.slug}
    body = {name: value.format_map(names) for name, value in json.items()} if json else None

    answer = await trusting.request(
        method,
        path.format(acme=cast.acme_path),
        json=body,
        headers=bearer(fake.token(email=email)),
    )

    assert answer.status_code == status, answer.text
    assert count(admin, _ACCOUNTS, email) == 0
    assert count(admin, "select count(*) from email_addresses where address = %s", email) == 0


async def test_a_first_call_sees_nothing_of_others(
    trusting: httpx2.AsyncClient, fake: FakeIssuer, cast: Cast
) -> None:
    token = fake.token()
    assert told(await trusting.get(cast.acme_path, headers=bearer(token))) == (404, "not_found")
    await trusting.get(ME, headers=bearer(token))
    assert told(await trusting.get(cast.acme_path, headers=bearer(token))) == (404, "not_found")


@pytest.mark.parametrize("mode", ["closed", "invite"])
async def test_trusted_issuers_are_let_in_where_signing_up_is_not_open(
    client_of: ClientOf, fake: FakeIssuer, mode: str
) -> None:
    api = await client_of(trusted_issuers=(fake.trusted(),), sign_up=mode)
    assert (await api.get(ME, headers=bearer(fake.token()))).status_code == 200


@pytest.mark.parametrize("email", [None, "", "nobody", "a@b"])
async def test_without_an_address_there_is_no_account(
    trusting: httpx2.AsyncClient, fake: FakeIssuer, email: str | None
) -> None:
    answer = await trusting.get(ME, headers=bearer(fake.token(email=email)))
    assert told(answer) == (403, "email_required")


async def test_whoever_is_known_needs_no_address_in_the_token(
    trusting: httpx2.AsyncClient, fake: FakeIssuer
) -> None:
    opened = await trusting.get(ME, headers=bearer(fake.token(sub="known")))
    again = await trusting.get(ME, headers=bearer(fake.token(sub="known", email=None)))
    assert again.json() == opened.json()


async def test_subjects_are_told_apart_by_every_character(
    trusting: httpx2.AsyncClient, fake: FakeIssuer
) -> None:
    subjects = ["sam", "Sam", "sam ", "säm", "sa\u0308m", "'; drop table users --", "%s $1 {}"]
    answers = [await trusting.get(ME, headers=bearer(fake.token(sub=each))) for each in subjects]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == len(subjects)


async def test_a_repeated_first_call_is_answered_as_the_first(
    trusting: httpx2.AsyncClient, fake: FakeIssuer
) -> None:
    headers = {**bearer(fake.token()), "Idempotency-Key": "the-first"}
    first = await trusting.post(ORGANIZATIONS, json={"name": "Once"}, headers=headers)
    again = await trusting.post(ORGANIZATIONS, json={"name": "Once"}, headers=headers)
    assert (first.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"


async def test_a_password_cannot_be_changed_where_there_is_none(
    trusting: httpx2.AsyncClient, fake: FakeIssuer
) -> None:
    answer = await trusting.post(
        "/api/v1/auth/password/change",
        json={"current_password": "x", "new_password": "seven quiet lanterns drift"},
        headers=bearer(fake.token()),
    )
    assert told(answer) == (403, "wrong_password")
