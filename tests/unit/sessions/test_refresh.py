"""What a refresh token is worth, by when it was used before (RFC 9700, section 4.14.2)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantry.identity.sessions.model import SIBLING_WINDOW, Refresh
from tenantry.identity.sessions.rules import RefreshOutcome, decide
from tenantry.kit.ids import new_id
from tests.unit.roles_of import NOW


def shown(*, live: bool = True, used_ago: timedelta | None = None) -> Refresh:
    """A token that was used so long ago, or never."""
    used_at = None if used_ago is None else NOW - used_ago
    return Refresh(new_id(), new_id(), live, used_at)


def test_a_token_that_no_one_knows_renews_nothing() -> None:
    assert decide(None, NOW) is RefreshOutcome.REFUSE


def test_a_fresh_token_renews() -> None:
    assert decide(shown(), NOW) is RefreshOutcome.RENEW


@pytest.mark.parametrize("used_ago", [None, timedelta(0), SIBLING_WINDOW, timedelta(days=1)])
def test_nothing_renews_a_session_that_is_over(used_ago: timedelta | None) -> None:
    assert decide(shown(live=False, used_ago=used_ago), NOW) is RefreshOutcome.REFUSE


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=90)))
def test_a_used_token_gives_a_sibling_for_ten_seconds_and_then_ends_the_session(
    used_ago: timedelta,
) -> None:
    soon = used_ago <= timedelta(seconds=10)
    judged = decide(shown(used_ago=used_ago), NOW)
    assert judged is (RefreshOutcome.RENEW if soon else RefreshOutcome.END)


def test_the_window_closes_with_its_last_microsecond() -> None:
    assert decide(shown(used_ago=SIBLING_WINDOW), NOW) is RefreshOutcome.RENEW
    past = SIBLING_WINDOW + timedelta(microseconds=1)
    assert decide(shown(used_ago=past), NOW) is RefreshOutcome.END
