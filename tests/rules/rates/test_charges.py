"""What acts are charged to: the numbers stand in such an order that nobody locks another out."""

from uuid import UUID

from tenantry.access.authority import Actor, Authority, RoleRef
from tenantry.access.permissions import Permission
from tenantry.rates import charges
from tenantry.rates.model import Charge, Rate

HERE, THERE = "2001:db8:1:2::/64", "192.0.2.7"
ORG, SOMEBODY = UUID(int=1), UUID(int=2)


def authority(*, verified: bool) -> Authority:
    actor = Actor(SOMEBODY, UUID(int=3), "Ann", "ann@example.com", verified)
    role = RoleRef(UUID(int=4), "admin", "Admin")
    return Authority(actor, ORG, UUID(int=5), role, Permission.MEMBER_INVITE)


def often(rate: Rate) -> float:
    """How often a second."""
    return rate.most / rate.seconds


def test_one_network_cannot_use_up_what_an_account_has() -> None:
    assert charges.SIGN_IN_TO_ACCOUNT.most >= 10 * charges.SIGN_IN.most
    assert often(charges.SIGN_IN_TO_ACCOUNT) > often(charges.SIGN_IN)
    assert charges.FORGOTTEN_OF_ACCOUNT.most >= 4 * charges.FORGOTTEN.most


def test_one_network_cannot_use_up_what_all_have() -> None:
    assert often(charges.SIGN_IN_OF_ALL) >= 20 * often(charges.SIGN_IN_OF_NETWORK)
    assert often(charges.SIGN_UP_OF_ALL) >= 20 * often(charges.SIGN_UP)


def test_one_organization_cannot_use_up_what_an_address_may_get() -> None:
    assert charges.INVITATION_TO_ADDRESS.most >= 5 * charges.INVITATION_TO_RECIPIENT.most


def test_one_network_cannot_use_up_what_an_address_may_get() -> None:
    narrow = charges.INVITATION_TO_ADDRESS_OF_NETWORK
    assert charges.INVITATION_TO_ADDRESS.most >= 10 * narrow.most


def test_what_strangers_share_is_not_told() -> None:
    shared = [
        charges.SIGN_IN_TO_ACCOUNT,
        charges.SIGN_IN_OF_ALL,
        charges.SIGN_UP_OF_ALL,
        charges.FORGOTTEN_OF_ACCOUNT,
        charges.INVITATION_TO_ADDRESS,
        charges.INVITATION_TO_ADDRESS_OF_NETWORK,
    ]
    assert not any(rate.told for rate in shared)


def test_signing_in_is_charged_to_the_account_and_the_network_together_first() -> None:
    pair, *others = charges.sign_in(HERE, "ann@example.com")
    assert pair == Charge(charges.SIGN_IN, f"ann@example.com {HERE}")
    assert pair not in charges.sign_in(THERE, "ann@example.com")
    assert pair not in charges.sign_in(HERE, "bob@example.com")
    known = charges.known(HERE, "ann@example.com")
    assert [charge.unless for charge in others] == [(), (known,), (known,)]


def test_a_batch_is_charged_for_every_letter() -> None:
    batch = charges.invitations(HERE, authority(verified=True), ["a@example.com", "b@example.com"])
    by_rate = [(charge.rate, charge.times) for charge in batch]
    assert by_rate == [
        (charges.INVITATION, 2),
        (charges.INVITATION_OF_ORGANIZATION, 2),
        (charges.INVITATION_OF_NETWORK, 2),
        *[
            (charges.INVITATION_TO_RECIPIENT, 1),
            (charges.INVITATION_TO_ADDRESS_OF_NETWORK, 1),
            (charges.INVITATION_TO_ADDRESS, 1),
        ]
        * 2,
    ]


def test_who_is_unproven_may_invite_a_few_a_day() -> None:
    first = charges.invitations(HERE, authority(verified=False), ["a@example.com"])[0]
    assert first == Charge(charges.INVITATION_UNVERIFIED, str(SOMEBODY))
    assert charges.INVITATION_UNVERIFIED.most <= 5
