"""No one can lock another out, nor pass for another: hostile callers against what is counted."""

from ipaddress import ip_network
from typing import LiteralString
from uuid import UUID

import httpx2
import pytest

from tenantry.http.service import Service
from tenantry.kit.secrets import Secret
from tenantry.platform.rate_limits import policies
from tenantry.platform.rate_limits.model import Hit, Rate
from tests.conftest import ClientOf
from tests.console.visitor import Visitor
from tests.support.api.networks import new_ipv4, new_network
from tests.support.api.signed_in import sign_in
from tests.support.cast import PASSWORD, Cast
from tests.support.processes import CEILING
from tests.support.scene import GOOD_PASSWORD, Scene, new_address

WRONG = "not the right one at all"
PROXY = "10.9.8.7"


async def beyond(api: httpx2.AsyncClient, email: str) -> None:
    """Guess until nothing more is tried."""
    statuses = [(await sign_in(api, email, WRONG)).status_code for _ in range(11)]
    assert statuses[-1] == 429


async def used_up(service: Service, rate: Rate, subject: str, *, before: int = 0) -> None:
    """As if many had tried, from many networks: nothing is left."""
    rate_limiter = service.rate_limiters.limiter_for("192.0.2.1")
    await rate_limiter.hit_first(service.database, [Hit(rate, subject, rate.most - before)])


async def test_who_guesses_from_elsewhere_locks_no_one_out(
    client_of: ClientOf, api: httpx2.AsyncClient, cast: Cast
) -> None:
    email = cast.charlie.actor.email
    mallory = await client_of(address=new_ipv4())
    for _ in range(10):
        await beyond(mallory, email)
    assert (await sign_in(api, email)).status_code == 200


async def test_a_flood_from_many_networks_does_not_keep_out_who_is_known_here(
    api: httpx2.AsyncClient, client_of: ClientOf, service: Service, cast: Cast
) -> None:
    """Fails, with 429 for the owner, where `sign_in` notes nothing: tried."""
    email = cast.charlie.actor.email
    assert (await sign_in(api, email)).status_code == 200
    await used_up(service, policies.SIGN_IN_TO_ACCOUNT, email, before=1)

    elsewhere = await client_of()
    assert (await sign_in(elsewhere, email)).status_code == 429
    assert (await sign_in(api, email)).status_code == 200


async def test_who_is_known_is_held_to_their_own_rate_all_the_same(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    email = cast.charlie.actor.email
    assert (await sign_in(api, email)).status_code == 200
    statuses = [(await sign_in(api, email, WRONG)).status_code for _ in range(10)]
    assert statuses == [401] * 9 + [429]


async def test_one_account_in_a_network_leaves_the_others_alone(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    await beyond(api, cast.charlie.actor.email)
    assert (await sign_in(api, cast.bob.actor.email)).status_code == 200


async def test_all_addresses_of_one_connection_are_one(client_of: ClientOf, cast: Cast) -> None:
    network, email = new_network(), cast.charlie.actor.email
    addresses = [str(ip_network(f"{network}::/64")[number * 0x1234567]) for number in range(11)]
    statuses = [
        (await sign_in(await client_of(address=address), email, WRONG)).status_code
        for address in addresses
    ]
    assert statuses == [401] * 10 + [429]


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
async def test_a_header_of_the_client_makes_no_one_another(
    api: httpx2.AsyncClient, cast: Cast, header: str
) -> None:
    form = {"grant_type": "password", "username": cast.bob.actor.email, "password": WRONG}
    statuses = list[int]()
    for number in range(11):
        forged = {header: f"192.0.2.{number}"}
        answer = await api.post("/api/v1/auth/token", data=form, headers=forged)
        statuses.append(answer.status_code)
    assert statuses == [401] * 10 + [429]


async def test_the_server_itself_believes_no_one_on_loopback(live_url: str, cast: Cast) -> None:
    """Fails, with the forged address, where uvicorn's own reading of proxies is on: tried."""
    form = {"grant_type": "password", "username": cast.bob.actor.email, "password": PASSWORD}
    async with httpx2.AsyncClient(base_url=live_url, timeout=CEILING) as client:
        forged = {"X-Forwarded-For": "192.0.2.99"}
        answer = await client.post("/api/v1/auth/token", data=form, headers=forged)
        bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        sessions = await client.get("/api/v1/me/sessions", headers=bearer)
    assert "192.0.2.99" not in sessions.text
    assert "127.0.0.1" in sessions.text


async def test_behind_a_proxy_a_client_cannot_choose_who_it_is(
    client_of: ClientOf, cast: Cast
) -> None:
    """What it invents is left of what the proxy saw."""
    behind = await client_of(address=PROXY, trusted_proxies=(ip_network("10.0.0.0/8"),))
    mine, email = new_ipv4(), cast.charlie.actor.email
    form = {"grant_type": "password", "username": email, "password": WRONG}
    statuses = list[int]()
    for number in range(11):
        forwarded = {"X-Forwarded-For": f"192.0.2.{number}, {mine}"}
        answer = await behind.post("/api/v1/auth/token", data=form, headers=forwarded)
        statuses.append(answer.status_code)
    assert statuses == [401] * 10 + [429]

    others = {"X-Forwarded-For": f"{mine}, {new_ipv4()}"}
    assert (await behind.post("/api/v1/auth/token", data=form, headers=others)).status_code == 401


async def test_the_pages_are_counted_with_the_calls(
    client_of: ClientOf, service: Service, cast: Cast
) -> None:
    address = new_ipv4()
    api = await client_of(address=address)
    visitor = Visitor(api)
    for rate in (policies.PREVIEW, policies.RESET):
        await used_up(service, rate, address)

    looking = await visitor.open("/invitation", "A" * 43)
    resetting = await visitor.post("/reset-password", "A" * 43, {"password": WRONG})
    called = await api.post("/api/v1/invitations/preview", json={"token": "A" * 43})

    assert [each.status_code for each in (looking, resetting, called)] == [429] * 3
    assert int(looking.headers["retry-after"]) >= 1
    assert "Too many attempts" in looking.text


async def test_signing_up_and_in_on_the_page_is_counted_as_everywhere(
    client_of: ClientOf, service: Service, scene: Scene
) -> None:
    token = await scene.invited(new_address())
    address = new_ipv4()
    visitor = Visitor(await client_of(address=address))
    invitation_id = only(
        scene, "select invitation_id from invitation_tokens where digest = %s", token
    )
    await used_up(service, policies.SIGN_IN_OF_NETWORK, address)
    await used_up(service, policies.SIGN_UP_BY_INVITATION, str(invitation_id))
    for way in ("sign-in", "sign-up"):
        form = {"way": way, "name": "Nora", "password": GOOD_PASSWORD}
        assert (await visitor.post("/invitation", token, form)).status_code == 429


def only(scene: Scene, query: LiteralString, token: str) -> UUID:
    """The one value that a token leads to."""
    row = scene.admin.execute(query, [Secret(token).digest]).fetchone()
    assert row is not None
    return row[0]
