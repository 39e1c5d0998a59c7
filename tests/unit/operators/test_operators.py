"""Who may be an operator, and whom one may disable."""

from dataclasses import replace

import pytest

from tenantry.authz.authority import AccountUnverified, Actor, Operator
from tenantry.identity.operators.model import LastOperator, OwnAccount
from tenantry.identity.operators.rules import (
    ensure_may_be_operator,
    ensure_may_disable,
    ensure_not_last,
)
from tenantry.identity.users.model import User
from tenantry.kit.ids import new_id
from tenantry.kit.refusals import NotFound
from tests.unit.roles_of import NOW

NINA = User(new_id(), "nina@example.com", True, "Nina", NOW, NOW)


def test_a_person_with_a_proven_address_may_be_added() -> None:
    assert ensure_may_be_operator(NINA) is NINA


def test_no_one_gains_power_by_an_address_that_is_not_proven() -> None:
    with pytest.raises(AccountUnverified):
        ensure_may_be_operator(replace(NINA, email_verified=False))


@pytest.mark.parametrize("user", [None, replace(NINA, disabled_at=NOW)])
def test_who_is_not_there_or_disabled_is_not_added(user: User | None) -> None:
    with pytest.raises(NotFound):
        ensure_may_be_operator(user)


def test_operators_disable_others_and_never_themselves() -> None:
    olga = Operator(Actor(new_id(), new_id(), "Olga", "olga@example.com", email_verified=True))
    ensure_may_disable(olga, NINA.id)
    with pytest.raises(OwnAccount):
        ensure_may_disable(olga, olga.actor.id)


def test_the_last_operator_stays() -> None:
    ensure_not_last(1)
    with pytest.raises(LastOperator):
        ensure_not_last(0)
