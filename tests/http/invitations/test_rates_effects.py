"""Rates of invitations are asked before the lock, and each address's by itself."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager

import pytest

from tenantry.http.service import Service
from tenantry.platform.rate_limits import policies
from tenantry.platform.rate_limits.model import Hit
from tenantry.tenancy.invitations.model import MOST_GRANTS
from tests.console.conftest import signed_in
from tests.console.visitor import Visitor
from tests.support.api.invitation_responses import batch, resend, told
from tests.support.api.invitations import offer, offered, workspace
from tests.support.cast import Player, join, player
from tests.support.postgres import TestPostgres
from tests.support.scene import Scene, new_address

Held = Callable[[], AbstractContextManager[None]]
UNVERIFIED = policies.INVITATION_UNVERIFIED.most


@pytest.fixture
def acme_held(postgres: TestPostgres, scene: Scene) -> Held:
    """Someone else holds Acme's lock meanwhile: a call that needs it waits, then gets a 503."""

    @contextmanager
    def held() -> Generator[None]:
        lock = "select 1 from organizations where org_id = %s for update"
        with postgres.admin() as other, other.transaction():
            other.execute(lock, [scene.cast.acme.organization.id])
            yield

    return held


@pytest.fixture
async def newcomer(scene: Scene, service: Service) -> Player:
    """An Admin of Acme who has not proven their own address."""
    someone = await player(service, "Nora", verified=False)
    return await join(service, someone, scene.cast.acme, "admin")


async def visit(scene: Scene, service: Service, someone: Player) -> Visitor:
    """A browser in which somebody is signed in."""
    visitor, secret = Visitor(scene.api), await signed_in(service, someone)
    visitor.client.cookies.set(f"{visitor.prefix}tenantry-session", secret.text)
    return visitor


def items(number: int) -> list[dict[str, str]]:
    """So many to invite."""
    return [{"email": new_address()} for _ in range(number)]


async def test_a_batch_beyond_the_rate_waits_for_no_lock(
    scene: Scene, newcomer: Player, acme_held: Held
) -> None:
    """Fails, with 503 once the patience with the lock is over, where rates are asked last."""
    with acme_held():
        answer = await batch(scene, *items(UNVERIFIED + 1), by=newcomer)
    assert told(answer) == (429, "rate_limited")
    assert (await batch(scene, *items(UNVERIFIED), by=newcomer)).status_code == 200


async def test_a_page_of_addresses_beyond_the_rate_waits_for_no_lock(
    scene: Scene, newcomer: Player, acme_held: Held, service: Service
) -> None:
    visitor = await visit(scene, service, newcomer)
    addresses = "\n".join(new_address() for _ in range(UNVERIFIED + 1))
    path = f"/organizations/{scene.cast.acme.organization.slug}/people/invite"
    with acme_held():
        answer = await visitor.send(path, addresses=addresses, role="viewer", days="7")
    assert answer.status_code == 429


async def test_who_was_refused_a_moment_ago_waits_for_no_lock_either(
    scene: Scene, newcomer: Player, acme_held: Held
) -> None:
    email = new_address()
    await offered(scene, email)
    for _ in range(UNVERIFIED):
        assert (await offer(scene, new_address(), by=newcomer)).status_code == 201
    assert told(await offer(scene, new_address(), by=newcomer)) == (429, "rate_limited")

    with acme_held():
        invited = await offer(scene, new_address(), by=newcomer)
        sent_again = await resend(scene, email, by=newcomer)

    assert [told(invited), told(sent_again)] == [(429, "rate_limited")] * 2
    assert int(invited.headers["retry-after"]) >= 1


async def test_sending_again_asks_the_rate_before_the_lock(
    scene: Scene, newcomer: Player, acme_held: Held
) -> None:
    email = new_address()
    await offered(scene, email)
    assert (await batch(scene, *items(UNVERIFIED), by=newcomer)).status_code == 200
    with acme_held():
        answer = await resend(scene, email, by=newcomer)
    assert told(answer) == (429, "rate_limited")


async def test_what_a_rule_refuses_in_a_batch_is_not_counted(
    scene: Scene, newcomer: Player
) -> None:
    member = {"email": scene.cast.vera.actor.email}
    for _ in range(3):
        answer = await batch(scene, member, member, "nothing", by=newcomer)
        assert {each["status"] for each in answer.json()["results"]} == {"refused"}
    assert (await batch(scene, *items(UNVERIFIED), by=newcomer)).status_code == 200


async def test_one_who_gets_too_many_does_not_stand_against_the_others(
    scene: Scene, service: Service
) -> None:
    often = new_address()
    used_up = Hit(
        policies.INVITATION_TO_RECIPIENT,
        f"{often} {scene.cast.acme.organization.id}",
        policies.INVITATION_TO_RECIPIENT.most,
    )
    await service.rate_limiters.limiter_for("192.0.2.1").hit_first(service.database, [used_up])

    answer = await batch(scene, {"email": often}, *items(1))

    refused, made = answer.json()["results"]
    assert (refused["status"], refused["problem"]["code"]) == ("refused", "rate_limited")
    assert made["status"] == "created"


async def test_a_batch_gives_no_more_roles_than_a_transaction_should_write(
    scene: Scene, acme_held: Held, service: Service
) -> None:
    ids = [(await workspace(scene, name=f"W{n}"))["id"] for n in range(6)]
    grants = [{"workspace_id": each, "role": "viewer"} for each in ids]
    number = MOST_GRANTS // len(grants) + 1
    most = [{**item, "workspaces": grants} for item in items(number)]
    assert len(most) <= 100

    with acme_held():
        answer = await batch(scene, *most, {"email": "not read any more"})
    assert told(answer) == (422, "validation_failed")
    assert [each["pointer"] for each in answer.json()["errors"]] == ["#/invitations"]

    visitor = await visit(scene, service, scene.cast.alice)
    path = f"/organizations/{scene.cast.acme.organization.slug}/people/invite"
    form = {
        "role": "viewer",
        "days": "7",
        "addresses": "\n".join(i["email"] for i in items(number)),
    }
    chosen = {f"workspace:{each}": "viewer" for each in ids}
    page = await visitor.send(path, **form, **chosen)
    assert page.status_code == 422
    assert "Invite fewer people at once" in page.text

    assert (await batch(scene, *most[:-1])).status_code == 200
