"""What is done too often: refused in the shape that the call has, with when to try again."""

import asyncio
import re

import httpx2
import pytest

from tenantry.http.service import Service
from tenantry.platform.rate_limits import policies
from tenantry.platform.rate_limits.model import Hit
from tests.conftest import ClientOf
from tests.http.responses import told
from tests.support.api.networks import new_ipv4, somewhere
from tests.support.api.signed_in import sign_in
from tests.support.cast import PASSWORD, Cast, player
from tests.support.scene import GOOD_PASSWORD, Scene, new_address

AUTH = "/api/v1/auth"
WRONG = "not the right one at all"


def standing(answer: httpx2.Response) -> dict[str, tuple[int, int]]:
    """What RateLimit says, by the name of the rate: how much is left, and for how long."""
    found = re.findall(r'"([a-z-]+)";r=(\d+);t=(\d+)', answer.headers.get("ratelimit", ""))
    return {name: (int(left), int(seconds)) for name, left, seconds in found}


async def test_a_sign_in_tells_what_is_left(api: httpx2.AsyncClient, cast: Cast) -> None:
    answers = [await sign_in(api, cast.charlie.actor.email) for _ in range(2)]

    policy = '"sign-in";q=10;w=900, "sign-in-network";q=200;w=900'
    assert [answer.headers["ratelimit-policy"] for answer in answers] == [policy, policy]
    assert [standing(answer)["sign-in"][0] for answer in answers] == [9, 8]
    assert 89 <= standing(answers[0])["sign-in"][1] <= 90
    assert "sign-in-account" not in standing(answers[0])


async def test_a_wrong_password_tells_it_too(api: httpx2.AsyncClient, cast: Cast) -> None:
    answer = await sign_in(api, cast.charlie.actor.email, WRONG)

    assert answer.status_code == 401
    assert standing(answer)["sign-in"][0] == 9


async def test_signing_in_too_often_keeps_the_shape_of_oauth(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    answers = [await sign_in(api, cast.charlie.actor.email, WRONG) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    refused = answers[-1]
    assert refused.json()["error"] == "rate_limited"
    assert refused.headers["cache-control"] == "no-store"
    assert 1 <= int(refused.headers["retry-after"]) <= 90
    assert standing(refused)["sign-in"] == (0, int(refused.headers["retry-after"]))


async def test_the_right_password_is_not_looked_at_either(
    api: httpx2.AsyncClient, scene: Scene, cast: Cast
) -> None:
    email = cast.charlie.actor.email
    before = scene.open_sessions(email)
    for _ in range(10):
        await sign_in(api, email, WRONG)

    assert (await sign_in(api, email)).status_code == 429
    assert scene.open_sessions(email) == before


async def test_fifty_sign_ins_at_once_are_tried_ten_times(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    email = cast.charlie.actor.email
    answers = await asyncio.gather(*[sign_in(api, email, WRONG) for _ in range(50)])
    assert sorted(answer.status_code for answer in answers) == [401] * 10 + [429] * 40


async def test_two_services_share_one_count(client_of: ClientOf, cast: Cast) -> None:
    address, _ = somewhere()
    replicas = [await client_of(address=address) for _ in range(2)]
    statuses = [
        (await sign_in(replica, cast.charlie.actor.email, WRONG)).status_code
        for _ in range(6)
        for replica in replicas
    ]
    assert statuses == [401] * 10 + [429] * 2


async def test_no_one_learns_by_it_whether_an_account_exists(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    known = [await sign_in(api, cast.charlie.actor.email, WRONG) for _ in range(11)]
    no_one = new_address()
    unknown = [await sign_in(api, no_one, WRONG) for _ in range(11)]

    assert [answer.status_code for answer in known] == [answer.status_code for answer in unknown]
    assert known[-1].json()["error"] == unknown[-1].json()["error"]
    assert set(known[-1].headers) == set(unknown[-1].headers)
    for left in (0, 5, 9):
        assert standing(known[left])["sign-in"] == standing(unknown[left])["sign-in"]


async def test_another_spelling_of_the_address_is_the_same_account(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    email = cast.charlie.actor.email
    for spelling in (email, email.upper()) * 5:
        await sign_in(api, spelling, WRONG)
    assert (await sign_in(api, email.title(), WRONG)).status_code == 429


async def test_what_is_no_address_is_counted_as_well(api: httpx2.AsyncClient) -> None:
    statuses = [(await sign_in(api, "nobody", WRONG)).status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]


async def test_renewing_is_not_counted(api: httpx2.AsyncClient, cast: Cast) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": "A" * 43}
    answers = [await api.post(f"{AUTH}/token", data=form) for _ in range(15)]
    assert {answer.status_code for answer in answers} == {400}
    assert "ratelimit" not in answers[0].headers


async def test_signing_up_is_counted_before_the_password_is_hashed(
    api: httpx2.AsyncClient,
) -> None:
    weak = {"email": new_address(), "password": "password1234"}
    answers = [await api.post(f"{AUTH}/sign-up", json=weak) for _ in range(31)]

    assert [answer.status_code for answer in answers] == [422] * 30 + [429]
    assert told(answers[-1]) == (429, "rate_limited")
    assert standing(answers[0]) == {"sign-up": (29, 120)}
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 120


async def test_who_sends_nonsense_is_told_so_and_not_counted(api: httpx2.AsyncClient) -> None:
    answer = await api.post(f"{AUTH}/sign-up", json={"email": "nonsense"})
    assert answer.status_code == 422
    assert "ratelimit" not in answer.headers


@pytest.mark.parametrize("exists", [True, False])
async def test_emails_for_a_new_password_are_few_whoever_asks(
    api: httpx2.AsyncClient, cast: Cast, exists: bool
) -> None:
    email = cast.charlie.actor.email if exists else new_address()
    answers = [await api.post(f"{AUTH}/password/forgot", json={"email": email}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [202] * 5 + [429]
    assert standing(answers[0])["password-forgot"] == (4, 720)


async def test_resets_are_counted_before_anything_is_hashed(api: httpx2.AsyncClient) -> None:
    body = {"token": "A" * 43, "password": GOOD_PASSWORD}
    answers = [await api.post(f"{AUTH}/password/reset", json=body) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [404] * 30 + [429]


async def test_who_holds_a_session_does_not_guess_the_password(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    body = {"current_password": WRONG, "new_password": GOOD_PASSWORD}
    answers = [
        await api.post(f"{AUTH}/password/change", json=body, headers=cast.charlie.headers)
        for _ in range(11)
    ]
    assert [answer.status_code for answer in answers] == [403] * 10 + [429]


async def test_the_email_that_proves_an_address_is_not_sent_for_ever(
    api: httpx2.AsyncClient, service: Service
) -> None:
    newcomer = await player(service, "Nora", verified=False)
    answers = [
        await api.post(f"{AUTH}/verify-email/resend", headers=newcomer.headers) for _ in range(6)
    ]
    assert [answer.status_code for answer in answers] == [204] * 5 + [429]


async def test_previews_are_counted_by_network(client_of: ClientOf, service: Service) -> None:
    address, body = new_ipv4(), {"token": "A" * 43}
    api = await client_of(address=address)
    all_but_one = Hit(policies.PREVIEW, address, policies.PREVIEW.most - 1)
    await service.rate_limiters.limiter_for(address).hit_first(service.database, [all_but_one])

    answers = [await api.post("/api/v1/invitations/preview", json=body) for _ in range(2)]

    assert [told(answer) for answer in answers] == [(404, "not_found"), (429, "rate_limited")]
    assert standing(answers[0])["invitation-preview"][0] == 0


async def test_off_means_off(client_of: ClientOf, cast: Cast) -> None:
    api = await client_of(rate_limits=False)
    answers = [await sign_in(api, cast.charlie.actor.email, WRONG) for _ in range(15)]
    assert {answer.status_code for answer in answers} == {401}
    assert "ratelimit" not in answers[0].headers


async def test_pages_of_other_origins_may_read_it(client_of: ClientOf, cast: Cast) -> None:
    shop = "https://shop.example"
    api = await client_of(allowed_origins=(shop,))
    form = {"grant_type": "password", "username": cast.bob.actor.email, "password": PASSWORD}
    answer = await api.post(f"{AUTH}/token", data=form, headers={"Origin": shop})
    exposed = answer.headers["access-control-expose-headers"].lower().split(", ")
    assert {"ratelimit", "ratelimit-policy", "retry-after"} <= set(exposed)


async def test_each_policy_is_told_once_however_many_addresses_were_counted(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    """Proxies take 4 kB of headers by default; fails, with 7 kB of them, where each address has an
    entry: tried."""
    body = {"invitations": [{"email": new_address()} for _ in range(60)]}
    answer = await api.post(
        f"{cast.acme_path}/invitations/batch", json=body, headers=cast.alice.headers
    )

    assert {each["status"] for each in answer.json()["results"]} == {"created"}
    names = re.findall(r'"([a-z-]+)";q=', answer.headers["ratelimit-policy"])
    assert len(names) == len(set(names)) > 1
    assert list(standing(answer)) == names
    assert sum(len(name) + len(value) + 4 for name, value in answer.headers.raw) < 1_000
