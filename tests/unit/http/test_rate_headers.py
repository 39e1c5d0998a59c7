"""What a response says of rates: each policy once, by the count closest to its limit."""

from tenantry.http.rate_headers import fields
from tenantry.platform.rate_limits.actions import RateLimiters
from tenantry.platform.rate_limits.model import Rate, Usage

EMAILS, PEOPLE = Rate("emails", 5, 3600), Rate("people", 300, 86_400)


def told(*usages: Usage) -> dict[bytes, bytes]:
    """The fields of an answer after these counts."""
    rate_limiter = RateLimiters("a secret key that is used by tests alone").limiter_for("192.0.2.1")
    rate_limiter.usages = list(usages)
    return dict(fields(rate_limiter))


def test_of_one_policy_the_count_nearest_to_its_end_is_told() -> None:
    assert told(
        Usage(EMAILS, left=4, full_in=720, wait=0),
        Usage(EMAILS, left=1, full_in=2880, wait=0),
        Usage(PEOPLE, left=299, full_in=288, wait=0),
        Usage(EMAILS, left=3, full_in=1440, wait=0),
    ) == {
        b"ratelimit-policy": b'"emails";q=5;w=3600, "people";q=300;w=86400',
        b"ratelimit": b'"emails";r=1;t=2880, "people";r=299;t=288',
    }


def test_the_one_that_refuses_goes_before_all_others() -> None:
    refused = told(
        Usage(EMAILS, left=0, full_in=3600, wait=0),
        Usage(EMAILS, left=0, full_in=3600, wait=700),
    )
    assert refused[b"ratelimit"] == b'"emails";r=0;t=700'
