"""How long it is remembered whose token an issuer's is, and what that costs."""

import time
from collections.abc import Generator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tenantry.authz.claims import InvalidToken
from tenantry.credentials.tokens.access_tokens import AccessTokens
from tenantry.credentials.tokens.authentication import REMEMBERED_SECONDS, Authentication
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.postgres.connection import Result
from tests.support.issuer import FakeIssuer, running


class Clock:
    """Seconds since 1970 that pass when a test says so."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


class Known:
    """A database in which everybody is known; it counts who asks."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, calls: Sequence[Any]) -> list[Result]:
        self.asked += 1
        until = datetime.now(UTC) + timedelta(days=29)
        row = calls[0].statement.row_type(uuid4(), uuid4(), until)
        return [Result([row], "SELECT 1")]


@pytest.fixture
def fake() -> Generator[FakeIssuer]:
    with running() as issuer:
        yield issuer


async def test_whose_token_it_is_is_remembered_for_ten_minutes_however_long_it_lives(
    fake: FakeIssuer,
) -> None:
    tokens = AccessTokens(SigningKeys.generate(), issuer="https://tenantry.test")
    clock, known = Clock(), Known()
    authentication = Authentication(tokens, [fake.trusted()], clock=clock)
    token = fake.token(exp=int(clock.now) + 29 * 24 * 3600)

    first = await authentication.authenticate(token, known)
    for _ in range(3):
        assert await authentication.authenticate(token, known) == first
    assert known.asked == 1

    clock.now += REMEMBERED_SECONDS
    assert await authentication.authenticate(token, known) != first
    assert known.asked == 2
    await authentication.close()


async def test_what_was_remembered_falls_with_its_key_and_with_no_other(fake: FakeIssuer) -> None:
    tokens = AccessTokens(SigningKeys.generate(), issuer="https://tenantry.test")
    known = Known()
    authentication = Authentication(tokens, [fake.trusted()])
    withdrawn, old = fake.token(), fake.key
    kept = fake.token(key=fake.rotate())
    for token in (withdrawn, kept):
        await authentication.authenticate(token, known)
    fake.published.remove(old)
    await authentication.authenticate(fake.token(key=fake.rotate()), known)
    assert known.asked == 3

    with pytest.raises(InvalidToken):
        await authentication.authenticate(withdrawn, known)
    await authentication.authenticate(kept, known)
    assert known.asked == 3
    await authentication.close()
