"""What strangers use up is not taken from others: of resets, proofs, sign-ups and invitations."""

import httpx2
import pytest

from tenantry.http.service import Service
from tenantry.kit.ids import Kind, show
from tenantry.platform.rate_limits import policies
from tests.concurrency.test_no_lockout import used_up
from tests.conftest import ClientOf
from tests.console.visitor import Visitor
from tests.support.api.invitations import accept, offer, offered
from tests.support.api.networks import new_ipv4
from tests.support.api.signed_in import sign_in
from tests.support.cast import Cast, found, player
from tests.support.scene import GOOD_PASSWORD, Scene, new_address

FORGOT = "/api/v1/auth/password/forgot"


@pytest.fixture
def office() -> str:
    """The address that everybody in an office comes from."""
    return new_ipv4()


@pytest.fixture
async def api(client_of: ClientOf, office: str) -> httpx2.AsyncClient:
    """A client in that office."""
    return await client_of(address=office)


async def test_an_office_joins_however_many_have_signed_up_there(
    api: httpx2.AsyncClient, office: str, service: Service, scene: Scene
) -> None:
    """Thirty strangers' sign-ups and as many tries of tokens as there may be, in one network."""
    for rate in (policies.SIGN_UP, policies.PREVIEW):
        await used_up(service, rate, office)
    tokens = {email: await scene.invited(email) for email in (new_address(), new_address())}
    (by_call, by_page) = tokens

    seen = await api.post("/api/v1/invitations/preview", json={"token": tokens[by_call]})
    body = {"email": by_call, "password": GOOD_PASSWORD, "invitation_token": tokens[by_call]}
    called = await api.post("/api/v1/auth/sign-up", json=body)
    form = {"way": "sign-up", "name": "Nora", "password": GOOD_PASSWORD}
    posted = await Visitor(api).post("/invitation", tokens[by_page], form)

    assert [seen.status_code, called.status_code, posted.status_code] == [200, 201, 200]
    assert scene.answers_to(by_page) == ["accepted"]
    public = {"email": new_address(), "password": GOOD_PASSWORD}
    assert (await api.post("/api/v1/auth/sign-up", json=public)).status_code == 429
    pretended = {**public, "invitation_token": "A" * 43}
    assert (await api.post("/api/v1/auth/sign-up", json=pretended)).status_code == 429


async def test_one_invitation_is_no_way_around_the_rate_of_sign_ups(
    api: httpx2.AsyncClient, scene: Scene
) -> None:
    email = new_address()
    weak = {"email": email, "password": "password1234"}
    body = {**weak, "invitation_token": await scene.invited(email)}
    answers = [await api.post("/api/v1/auth/sign-up", json=body) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]


async def test_strangers_who_ask_for_a_reset_do_not_keep_the_owner_from_one(
    api: httpx2.AsyncClient, office: str, service: Service, scene: Scene, cast: Cast
) -> None:
    """Fails, with 429 for the owner, where no rate of a reset is forgiven to who is known here."""
    email = cast.charlie.actor.email
    assert (await sign_in(api, email)).status_code == 200
    await used_up(service, policies.FORGOTTEN_OF_ACCOUNT, email)
    await used_up(service, policies.FORGOTTEN_OF_NETWORK, office)

    token = await scene.forgot_password(email)

    await used_up(service, policies.RESET, office)
    reset = {"token": token, "password": GOOD_PASSWORD}
    assert (await api.post("/api/v1/auth/password/reset", json=reset)).status_code == 204
    tried = {"token": "A" * 43, "password": GOOD_PASSWORD}
    assert (await api.post("/api/v1/auth/password/reset", json=tried)).status_code == 429


async def test_who_is_not_known_is_held_to_all_rates_of_a_reset(
    client_of: ClientOf, service: Service, cast: Cast
) -> None:
    email = cast.charlie.actor.email
    await used_up(service, policies.FORGOTTEN_OF_ACCOUNT, email)
    elsewhere = await client_of()
    assert (await elsewhere.post(FORGOT, json={"email": email})).status_code == 429


async def test_who_has_the_email_is_known_where_they_open_it(
    client_of: ClientOf, service: Service, scene: Scene, cast: Cast
) -> None:
    """So a flood from everywhere does not keep out who was never here before, either."""
    email = cast.charlie.actor.email
    token = await scene.forgot_password(email)
    await used_up(service, policies.SIGN_IN_TO_ACCOUNT, email)
    new_place = await client_of()
    assert (await sign_in(new_place, email, GOOD_PASSWORD)).status_code == 429

    reset = {"token": token, "password": GOOD_PASSWORD}
    assert (await new_place.post("/api/v1/auth/password/reset", json=reset)).status_code == 204

    assert (await sign_in(new_place, email, GOOD_PASSWORD)).status_code == 200


async def test_a_reset_tries_few_passwords(scene: Scene, cast: Cast) -> None:
    token = await scene.forgot_password(cast.charlie.actor.email)
    weak = {"token": token, "password": "password1234"}
    answers = [await scene.api.post("/api/v1/auth/password/reset", json=weak) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]


async def test_strangers_in_a_network_do_not_keep_who_is_known_from_proving_an_address(
    api: httpx2.AsyncClient, office: str, service: Service
) -> None:
    newcomer = await player(service, "Nora", verified=False)
    await used_up(service, policies.VERIFICATION_OF_NETWORK, office)
    resend = "/api/v1/auth/verify-email/resend"
    assert (await api.post(resend, headers=newcomer.headers)).status_code == 429
    assert (await sign_in(api, newcomer.actor.email)).status_code == 200
    assert (await api.post(resend, headers=newcomer.headers)).status_code == 204


async def test_one_stranger_does_not_use_up_what_an_address_may_get(
    client_of: ClientOf, scene: Scene, service: Service, cast: Cast
) -> None:
    """Five organizations of one stranger, with five emails each, are 25 to one address."""
    stranger, invited = await player(service, "Mallory"), new_address()
    there = await client_of()
    statuses = list[int]()
    for number in range(5):
        made = await found(service, stranger, f"Trap {number}")
        path = f"/api/v1/organizations/{show(Kind.ORGANIZATION, made.organization.id)}"
        for _ in range(5):
            answer = await there.post(
                f"{path}/members/invite", json={"email": invited}, headers=stranger.headers
            )
            statuses.append(answer.status_code)
            if answer.status_code == 201:
                gone = f"{path}/invitations/{answer.json()['id']}"
                await there.delete(gone, headers=stranger.headers)

    assert statuses == [201] * 10 + [429] * 15
    assert (await offer(scene, invited)).status_code == 201


async def test_many_strangers_do_not_keep_an_organization_from_inviting_whom_it_may_know(
    client_of: ClientOf, scene: Scene, service: Service, cast: Cast
) -> None:
    """Fails, with 429 for both, where nothing is noted and nothing forgiven."""
    one, other = new_address(), cast.charlie.actor.email
    for email in (one, other):
        await used_up(service, policies.INVITATION_TO_ADDRESS, email)
    assert (await offer(scene, one)).status_code == 429

    # Somebody has joined Acme by an invitation: it is no stranger any more.
    first = await offered(scene, cast.bob.actor.email)
    assert (await accept(scene, cast.bob, first)).status_code == 200
    assert (await offer(scene, one)).status_code == 201

    # Bob invites from a network in which Charlie signs in.
    bobs = scene.cast.bobs_path
    assert (await offer(scene, other, by=cast.bob, path=bobs)).status_code == 429
    assert (await sign_in(scene.api, other)).status_code == 200
    assert (await offer(scene, other, by=cast.bob, path=bobs)).status_code == 201
