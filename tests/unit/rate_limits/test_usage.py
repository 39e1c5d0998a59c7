"""How much of a rate is used: no try is lost or gained, and time gives tries back."""

from datetime import UTC, datetime, timedelta

import pytest

from tenantry.platform.rate_limits import rules
from tenantry.platform.rate_limits.model import Hit, Rate, RateLimited, Usage

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TEN = Rate("ten", 10, 900)
FAST = Rate("fast", 1200, 60)


def after(times: float, rate: Rate = TEN, *, seconds_ago: float = 0) -> Usage:
    """How much of the rate is left after so many uses at once, so long ago."""
    began = NOW - timedelta(seconds=seconds_ago)
    full_at = began + timedelta(seconds=times * rules.cost(rate))
    return rules.usage(Hit(rate, "somebody"), full_at, NOW)


@pytest.mark.parametrize("rate", [TEN, FAST, Rate("one", 1, 60), Rate("odd", 7, 10)])
def test_exactly_as_many_go_through_as_the_rate_says(rate: Rate) -> None:
    assert [after(times, rate).wait for times in range(1, rate.most + 1)] == [0] * rate.most
    assert after(rate.most, rate).left == 0
    assert after(rate.most + 1, rate).wait > 0


def test_what_is_left_goes_down_one_by_one() -> None:
    assert [after(times).left for times in range(1, 11)] == list(range(9, -1, -1))


def test_the_wait_is_the_time_of_one_more() -> None:
    beyond = after(11)
    assert (beyond.left, beyond.full_in) == (0, 990)
    assert 89 <= beyond.wait <= 90
    assert after(11, seconds_ago=beyond.wait).wait == 0


def test_time_gives_back_one_after_another() -> None:
    assert after(11, seconds_ago=88).wait > 0
    assert after(12, seconds_ago=90).wait > 0
    assert after(12, seconds_ago=180).wait == 0
    assert after(10, seconds_ago=900) == Usage(TEN, 10, 0, 0)


def test_clocks_that_differ_a_little_cost_no_one_a_try() -> None:
    assert after(10, seconds_ago=-0.9).wait == 0
    assert after(11, seconds_ago=-0.9).wait > 0


def test_whoever_is_beyond_waits_for_the_last_that_lets_them_through() -> None:
    rules.ensure_within([])
    rules.ensure_within([after(1), after(10)])
    with pytest.raises(RateLimited) as refused:
        rules.ensure_within([after(1), after(11), after(12)])
    assert refused.value.retry_after == after(12).wait > after(11).wait


def test_the_same_subject_twice_costs_twice() -> None:
    ann, again = Hit(TEN, "ann"), Hit(TEN, "ann", 2)
    assert rules.merged([ann, Hit(TEN, "bob"), Hit(FAST, "ann"), again]) == [
        Hit(TEN, "ann", 3),
        Hit(TEN, "bob"),
        Hit(FAST, "ann"),
    ]
