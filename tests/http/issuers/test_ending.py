"""What ends an issuer's tokens here: signing out, deleting, and nothing that comes back later."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import httpx2
import psycopg
import pytest

from tests.conftest import ClientOf
from tests.http.responses import told
from tests.support.api.operator_calls import OPERATOR, turn
from tests.support.cast import Cast
from tests.support.issuer import FakeIssuer, an_hour_passes, bearer
from tests.support.processes import CEILING

ME = "/api/v1/me"
Admin = psycopg.Connection[Any]
LONG_AGO = 8 * 24 * 3600


def token(fake: FakeIssuer, subject: str, *, age: int = 0, **claims: Any) -> dict[str, str]:
    """A good token that was issued some seconds ago."""
    now = int(time.time())
    made = fake.token(sub=subject, email=f"{subject}@example.com", iat=now - age, **claims)
    return bearer(made)


@pytest.fixture
def subject(fake: FakeIssuer) -> str:
    return f"sam.{fake.key.thumbprint()[:12].lower()}x"


async def test_signing_out_ends_every_token_that_was_issued_before(
    trusting: httpx2.AsyncClient, client_of: ClientOf, fake: FakeIssuer, subject: str, admin: Admin
) -> None:
    """Another process knows it as well, and an old token stays refused after a new one came.

    Fails with the old token let in again once `link` does not keep the end: tried.
    """
    old, older = token(fake, subject, age=7200), token(fake, subject, age=7300)
    other = await client_of(trusted_issuers=(fake.trusted(),))
    opened = await trusting.get(ME, headers=old)
    assert (await other.get(ME, headers=old)).json() == opened.json()

    assert (await trusting.post("/api/v1/auth/sign-out", headers=old)).status_code == 204

    for api in (trusting, other):
        assert (await api.get(ME, headers=old)).status_code == 401
        assert told(await api.get(ME, headers=older)) == (401, "invalid_token")
    an_hour_passes(admin, subject)
    new = token(fake, subject)
    assert (await trusting.get(ME, headers=new)).json() == opened.json()
    assert (await other.get(ME, headers=new)).json() == opened.json()
    for api in (trusting, other):
        assert (await api.get(ME, headers=old)).status_code == 401
        assert told(await api.get(ME, headers=older)) == (401, "invalid_token")


async def test_a_session_that_is_ended_from_another_device_ends_the_tokens(
    trusting: httpx2.AsyncClient, fake: FakeIssuer, subject: str
) -> None:
    headers = token(fake, subject)
    (listed,) = (await trusting.get(f"{ME}/sessions", headers=headers)).json()["data"]
    assert listed["is_current"] is True

    gone = await trusting.delete(f"{ME}/sessions/{listed['id']}", headers=headers)

    assert gone.status_code == 204
    assert (await trusting.get(ME, headers=headers)).status_code == 401


async def test_deleting_the_account_refuses_old_tokens_and_lets_new_ones_open_another(
    trusting: httpx2.AsyncClient, fake: FakeIssuer, subject: str, admin: Admin
) -> None:
    """Fails with an account opened again by the old token once `person` refuses no one: tried."""
    old = token(fake, subject, age=7200)
    opened = (await trusting.get(ME, headers=old)).json()
    assert (await trusting.delete(ME, headers=old)).status_code == 204

    assert (await trusting.get(ME, headers=old)).status_code == 401
    # Nor a token of the same moment, whose issuer's clock was ahead.
    assert told(await trusting.get(ME, headers=token(fake, subject))) == (401, "invalid_token")
    an_hour_passes(admin, subject)
    assert told(await trusting.get(ME, headers=token(fake, subject, age=7100))) == (
        401,
        "invalid_token",
    )

    again = await trusting.get(ME, headers=token(fake, subject))
    assert again.status_code == 200, again.text
    assert again.json()["id"] != opened["id"]


async def test_a_session_in_its_last_day_lasts_on(
    trusting: httpx2.AsyncClient, fake: FakeIssuer, subject: str, admin: Admin
) -> None:
    await trusting.get(ME, headers=token(fake, subject))
    for left in ("1 hour", "-1 hour"):
        admin.execute(
            "update sessions set expires_at = now() + %s::interval where id ="
            " (select session_id from identities where subject = %s)",
            [left, subject],
        )
        assert (await trusting.get(ME, headers=token(fake, subject, jti=left))).status_code == 200
        (lasts,) = admin.execute(
            "select s.expires_at - now() from sessions s join identities i on i.session_id = s.id"
            " where i.subject = %s",
            [subject],
        ).fetchall()[0]
        assert lasts > timedelta(days=29)


async def test_where_an_ended_session_was_swept_only_young_tokens_count(
    trusting: httpx2.AsyncClient, fake: FakeIssuer, subject: str, admin: Admin
) -> None:
    old = token(fake, subject, age=LONG_AGO)
    await trusting.get(ME, headers=old)
    admin.execute(
        "delete from sessions where id = (select session_id from identities where subject = %s)",
        [subject],
    )
    stale = token(fake, subject, age=LONG_AGO, jti="stale")
    assert told(await trusting.get(ME, headers=stale)) == (401, "invalid_token")
    assert (await trusting.get(ME, headers=token(fake, subject))).status_code == 200
    assert told(await trusting.get(ME, headers=stale)) == (401, "invalid_token")


async def test_an_expired_token_is_refused_though_it_was_remembered(
    trusting: httpx2.AsyncClient, fake: FakeIssuer, subject: str
) -> None:
    for seconds in (2, 8, 32, 128):  # on a slow machine the first may be too short to be accepted
        headers = token(fake, subject, exp=int(time.time()) + seconds)
        if (await trusting.get(ME, headers=headers)).status_code == 200:
            break
    else:
        raise AssertionError("no token was ever accepted")
    async with asyncio.timeout(CEILING):
        while (answer := await trusting.get(ME, headers=headers)).status_code == 200:
            await asyncio.sleep(0.1)
    assert told(answer) == (401, "invalid_token")


async def test_a_withdrawn_key_opens_nothing_for_tokens_that_were_seen_before(
    trusting: httpx2.AsyncClient, fake: FakeIssuer
) -> None:
    """Fails with 200 once what was verified is remembered without the key that signed it: tried."""
    month = int(time.time()) + 29 * 24 * 3600
    stolen = bearer(fake.token(sub="mallory", exp=month))
    for _ in range(2):
        assert (await trusting.get(ME, headers=stolen)).status_code == 200

    fake.rotate()
    fake.published = [fake.key]
    # The unknown key of this one makes the service look at the set.
    fresh = bearer(fake.token(sub="mallory"))
    assert (await trusting.get(ME, headers=fresh)).status_code == 200

    assert told(await trusting.get(ME, headers=stolen)) == (401, "invalid_token")
    assert (await trusting.get(ME, headers=fresh)).status_code == 200


async def test_whom_an_operator_disables_no_token_lets_in(
    trusting: httpx2.AsyncClient, fake: FakeIssuer, subject: str, cast: Cast, admin: Admin
) -> None:
    old = token(fake, subject, age=7200)
    user_id = (await trusting.get(ME, headers=old)).json()["id"]
    path, by = f"{OPERATOR}/users/{user_id}", cast.olga

    assert (await turn(trusting, path, "disable", by)).status_code == 200
    an_hour_passes(admin, subject)
    assert (await trusting.get(ME, headers=old)).status_code == 401
    meanwhile = token(fake, subject, age=60)
    assert (await trusting.get(ME, headers=meanwhile)).status_code == 401

    assert (await turn(trusting, path, "enable", by)).status_code == 200
    assert (await trusting.get(ME, headers=old)).status_code == 401
    assert (await trusting.get(ME, headers=token(fake, subject))).json()["id"] == user_id


async def test_a_revoked_issuer_token_ends_its_session(
    trusting: httpx2.AsyncClient, fake: FakeIssuer
) -> None:
    used, unused = fake.token(), fake.token()
    assert (await trusting.get("/api/v1/me", headers=bearer(used))).status_code == 200

    answers = [
        await trusting.post("/api/v1/auth/revoke", data={"token": token})
        for token in (used, unused)
    ]

    assert (await trusting.get("/api/v1/me", headers=bearer(used))).status_code == 401
    assert answers[0].status_code == 200
    assert answers[1].json()["error"] == "unsupported_token_type"
