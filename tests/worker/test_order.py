"""Who goes first: emails about accounts, then one of each organization in turn."""

from pathlib import Path
from uuid import UUID

from tenantry.platform.mail.transports import Mailbox
from tests.conftest import SENDER
from tests.support.cast import found, player
from tests.support.mail.undelivered import Unattended
from tests.support.scene import new_address

_LEAVE = """
    insert into emails (org_id, id, recipient, sealed, created_at, next_attempt_at)
    select %s, gen_random_uuid(), 'reader', '', now(), now() + %s::interval
      from generate_series(1, %s)
"""


async def organization(
    mail: Unattended, emails: int, *, due: str = "- 1 hour", name: str = "Beta"
) -> UUID:
    """Another organization with so many emails that wait."""
    owner = await player(mail.service, "Olive")
    org_id = (await found(mail.service, owner, name)).organization.id
    mail.admin.execute(_LEAVE, [org_id, due, emails])
    return org_id


async def claimed(mail: Unattended, times: int, *, of_organizations: int = 1) -> list[UUID | None]:
    """Whose emails a worker takes that can send one at a time."""
    delivery = mail.delivery(Mailbox(Path("unused"), SENDER))
    taken = [
        each
        for _ in range(times)
        for each in await delivery.claim_due(1, of_organizations=of_organizations)
    ]
    return [each.envelope.org_id for each in taken]


async def test_organizations_take_turns_whatever_each_has_waiting(mail: Unattended) -> None:
    """Fails where the email that is due first goes first: all of the crowd's did."""
    crowd = await organization(mail, 100)
    others = [await organization(mail, 2, due="- 1 minute", name=f"Small {n}") for n in range(4)]

    turns = await claimed(mail, 12)

    assert set(turns[:5]) == set(turns[5:10]) == {crowd, *others}
    assert turns[10:] == [crowd, crowd]


async def test_a_worker_with_much_room_takes_one_of_each_organization_at_a_time(
    mail: Unattended,
) -> None:
    orgs = {await organization(mail, 100, name=f"Crowd {n}") for n in range(3)}
    delivery = mail.delivery(Mailbox(Path("unused"), SENDER))

    for _ in range(3):
        taken = await delivery.claim_due(50, of_organizations=50)
        assert sorted(str(each.envelope.org_id) for each in taken) == sorted(map(str, orgs))


async def test_an_email_about_an_account_goes_first(mail: Unattended) -> None:
    crowd = await organization(mail, 100)
    for _ in range(2):
        await mail.leave(new_address(), of_organization=False)

    assert await claimed(mail, 4) == [None, None, crowd, crowd]


async def test_room_that_is_kept_for_accounts_is_given_to_no_organization(
    mail: Unattended,
) -> None:
    await organization(mail, 100)
    await mail.leave(new_address(), of_organization=False)

    assert await claimed(mail, 4, of_organizations=0) == [None]


async def test_an_organization_whose_emails_wait_for_another_attempt_is_passed_over(
    mail: Unattended,
) -> None:
    await organization(mail, 3, due="1 hour", name="Later")
    due = await organization(mail, 2, name="Now")

    assert await claimed(mail, 4) == [due, due]
