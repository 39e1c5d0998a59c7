"""What acts are charged to: the numbers stand in such an order that no one locks another out."""

from uuid import UUID

from tenantry.authz.authority import Actor, Authority, RoleRef
from tenantry.authz.builtin_permissions import Permission
from tenantry.platform.rate_limits import policies
from tenantry.platform.rate_limits.model import Hit, Rate

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
    assert policies.SIGN_IN_TO_ACCOUNT.most >= 10 * policies.SIGN_IN.most
    assert often(policies.SIGN_IN_TO_ACCOUNT) > often(policies.SIGN_IN)
    assert policies.FORGOTTEN_OF_ACCOUNT.most >= 4 * policies.FORGOTTEN.most


def test_one_network_cannot_use_up_what_all_have() -> None:
    assert often(policies.SIGN_IN_OF_ALL) >= 20 * often(policies.SIGN_IN_OF_NETWORK)
    assert often(policies.SIGN_UP_OF_ALL) >= 20 * often(policies.SIGN_UP)


def test_one_organization_cannot_use_up_what_an_address_may_get() -> None:
    assert policies.INVITATION_TO_ADDRESS.most >= 5 * policies.INVITATION_TO_RECIPIENT.most


def test_one_network_cannot_use_up_what_an_address_may_get() -> None:
    narrow = policies.INVITATION_TO_ADDRESS_OF_NETWORK
    assert policies.INVITATION_TO_ADDRESS.most >= 10 * narrow.most


def test_what_strangers_share_is_not_told() -> None:
    shared = [
        policies.SIGN_IN_TO_ACCOUNT,
        policies.SIGN_IN_OF_ALL,
        policies.SIGN_UP_OF_ALL,
        policies.FORGOTTEN_OF_ACCOUNT,
        policies.INVITATION_TO_ADDRESS,
        policies.INVITATION_TO_ADDRESS_OF_NETWORK,
    ]
    assert not any(rate.is_public for rate in shared)


def test_signing_in_is_charged_to_the_account_and_the_network_together_first() -> None:
    pair, *others = policies.sign_in(HERE, "ann@example.com")
    assert pair == Hit(policies.SIGN_IN, f"ann@example.com {HERE}")
    assert pair not in policies.sign_in(THERE, "ann@example.com")
    assert pair not in policies.sign_in(HERE, "bob@example.com")
    known = policies.known(HERE, "ann@example.com")
    assert [hit.unless for hit in others] == [(), (known,), (known,)]


def test_a_batch_is_charged_for_every_email() -> None:
    batch = policies.invitations(HERE, authority(verified=True), ["a@example.com", "b@example.com"])
    by_rate = [(hit.rate, hit.times) for hit in batch]
    assert by_rate == [
        (policies.INVITATION, 2),
        (policies.INVITATION_OF_ORGANIZATION, 2),
        (policies.INVITATION_OF_NETWORK, 2),
        *[
            (policies.INVITATION_TO_RECIPIENT, 1),
            (policies.INVITATION_TO_ADDRESS_OF_NETWORK, 1),
            (policies.INVITATION_TO_ADDRESS, 1),
        ]
        * 2,
    ]


def test_who_is_unproven_may_invite_a_few_a_day() -> None:
    first = policies.invitations(HERE, authority(verified=False), ["a@example.com"])[0]
    assert first == Hit(policies.INVITATION_UNVERIFIED, str(SOMEBODY))
    assert policies.INVITATION_UNVERIFIED.most <= 5
