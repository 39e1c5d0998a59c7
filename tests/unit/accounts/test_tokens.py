"""Which tokens of emails still count."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantry.identity.accounts.model import AccountToken, Purpose, TokenSpent
from tenantry.identity.accounts.rules import ensure_usable
from tenantry.kit.ids import new_id
from tenantry.kit.refusals import NotFound
from tests.unit.roles_of import NOW


def token(purpose: Purpose, *, left: timedelta, used: bool = False) -> AccountToken:
    """A token with so much time left."""
    used_at = NOW if used else None
    return AccountToken(new_id(), purpose.value, "n@example.com", NOW + left, used_at)


@given(
    st.sampled_from(Purpose),
    st.sampled_from(Purpose),
    st.timedeltas(timedelta(days=-3), timedelta(days=3)),
    st.booleans(),
)
def test_a_token_is_good_once_for_its_purpose_and_its_time(
    made_for: Purpose, shown_for: Purpose, left: timedelta, used: bool
) -> None:
    known = token(made_for, left=left, used=used)
    if made_for is not shown_for:
        with pytest.raises(NotFound):
            ensure_usable(known, shown_for, NOW)
    elif used or left <= timedelta(0):
        with pytest.raises(TokenSpent):
            ensure_usable(known, shown_for, NOW)
    else:
        assert ensure_usable(known, shown_for, NOW) is known


@pytest.mark.parametrize("purpose", Purpose)
def test_an_unknown_token_is_not_found(purpose: Purpose) -> None:
    with pytest.raises(NotFound):
        ensure_usable(None, purpose, NOW)
