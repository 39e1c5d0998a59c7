"""Which tokens of a known identity count: by what ended before, and when."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tenantry.identity.federation.model import Identity, PersonGone
from tenantry.identity.federation.rules import Recognition, decide, person
from tenantry.identity.sessions.model import KEPT

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOMEBODY, SESSION = UUID(int=1), UUID(int=2)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


def known(
    *,
    refused_until: datetime | None = None,
    ended: datetime | None = None,
    lasts: datetime | None = NOW + 20 * DAY,
) -> Identity:
    return Identity(SOMEBODY, SESSION, refused_until, ended, lasts)


@pytest.mark.parametrize(
    ("identity", "issued_at", "expected"),
    [
        (known(), NOW, Recognition.GO_ON),
        (known(), NOW - 10 * DAY, Recognition.GO_ON),
        (known(refused_until=NOW - HOUR), NOW, Recognition.GO_ON),
        (known(refused_until=NOW - HOUR), NOW - HOUR, Recognition.REFUSE),
        (known(refused_until=NOW - HOUR), NOW - HOUR + SECOND, Recognition.GO_ON),
        (known(lasts=NOW + HOUR), NOW, Recognition.RENEW),
        (known(lasts=NOW - 5 * DAY), NOW, Recognition.RENEW),
        (known(ended=NOW - HOUR), NOW, Recognition.REOPEN),
        (known(ended=NOW - HOUR), NOW - HOUR, Recognition.REFUSE),
        (known(ended=NOW - HOUR, refused_until=NOW), NOW - SECOND, Recognition.REFUSE),
        (known(lasts=None), NOW - HOUR, Recognition.REOPEN),
        (known(lasts=None), NOW - KEPT + SECOND, Recognition.REOPEN),
        (known(lasts=None), NOW - KEPT, Recognition.REFUSE),
        (known(lasts=None, refused_until=NOW), NOW - HOUR, Recognition.REFUSE),
    ],
)
def test_a_token_counts_by_what_ended_before_it(
    identity: Identity, issued_at: datetime, expected: Recognition
) -> None:
    assert decide(identity, issued_at, NOW) is expected


def test_an_identity_is_its_persons() -> None:
    assert person(None, NOW) is None
    assert person(known(refused_until=NOW), NOW) == SOMEBODY


def test_a_tombstone_refuses_whom_it_was_set_for_and_no_one_newer() -> None:
    tombstone = Identity(None, None, NOW)
    assert person(tombstone, NOW + SECOND) is None
    for issued_at in (NOW, NOW - HOUR):
        with pytest.raises(PersonGone):
            person(tombstone, issued_at)
