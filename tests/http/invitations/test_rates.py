"""How many emails of invitation leave: by inviter, by organization, and by whom they reach."""

from typing import Any

import httpx2
import psycopg

from tenantry.http.service import Service
from tenantry.kit.ids import Kind, show
from tenantry.platform.rate_limits import policies
from tenantry.platform.rate_limits.model import Hit
from tests.http.responses import told
from tests.support.cast import Player, found, player
from tests.support.scene import Scene, new_address

ADDRESS = policies.INVITATION_TO_ADDRESS.most


async def own(service: Service, someone: Player) -> str:
    """A path to invite to an organization that somebody has just founded."""
    organization = (await found(service, someone, "Umbrella")).organization
    return f"/api/v1/organizations/{show(Kind.ORGANIZATION, organization.id)}/members/invite"


async def invited(
    scene: Scene, path: str, by: Player, email: str = "", **headers: str
) -> httpx2.Response:
    body = {"email": email or new_address()}
    return await scene.api.post(path, json=body, headers={**by.headers, **headers})


def emails_to(admin: psycopg.Connection[Any], email: str) -> int:
    row = admin.execute("select count(*) from emails where recipient = %s", [email]).fetchone()
    assert row is not None
    return row[0]


async def test_an_invitation_tells_what_is_left(scene: Scene) -> None:
    alice = scene.cast.alice
    answer = await invited(scene, f"{scene.cast.acme_path}/members/invite", alice)

    assert answer.status_code == 201
    assert '"invite";q=300;w=86400' in answer.headers["ratelimit-policy"]
    assert answer.headers["ratelimit"].startswith('"invite-recipient";r=4')
    assert "invite-address" not in answer.headers["ratelimit"]


async def test_an_unproven_inviter_has_a_few_a_day(scene: Scene, service: Service) -> None:
    nora = await player(service, "Nora", verified=False)
    path = await own(service, nora)
    answers = [await invited(scene, path, nora) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [201] * 5 + [429]
    assert told(answers[-1]) == (429, "rate_limited")
    assert int(answers[-1].headers["retry-after"]) > 3600


async def test_another_organization_gives_an_unproven_inviter_no_more(
    scene: Scene, service: Service
) -> None:
    nora = await player(service, "Nora", verified=False)
    paths = [await own(service, nora) for _ in range(6)]
    statuses = [(await invited(scene, path, nora)).status_code for path in paths]
    assert statuses == [201] * 5 + [429]


async def test_what_is_refused_for_being_too_often_leaves_nothing_behind(
    scene: Scene, service: Service, admin: psycopg.Connection[Any]
) -> None:
    nora, email = await player(service, "Nora", verified=False), new_address()
    path = await own(service, nora)
    for _ in range(5):
        await invited(scene, path, nora)

    assert (await invited(scene, path, nora, email)).status_code == 429
    assert emails_to(admin, email) == 0
    row = admin.execute("select count(*) from invitations where email = %s", [email]).fetchone()
    assert row == (0,)


async def test_what_is_refused_by_rule_is_not_counted(scene: Scene, service: Service) -> None:
    nora, email = await player(service, "Nora", verified=False), new_address()
    path = await own(service, nora)
    answers = [await invited(scene, path, nora, email) for _ in range(10)]
    assert [answer.status_code for answer in answers] == [201] + [409] * 9
    assert (await invited(scene, path, nora)).status_code == 201


async def test_an_answer_given_again_is_not_counted_again(scene: Scene, service: Service) -> None:
    nora, email = await player(service, "Nora", verified=False), new_address()
    path = await own(service, nora)
    key = {"Idempotency-Key": "the-same-again"}
    answers = [await invited(scene, path, nora, email, **key) for _ in range(10)]
    assert [answer.status_code for answer in answers] == [201] * 10
    assert "ratelimit" in answers[0].headers
    assert "ratelimit" not in answers[1].headers


async def test_no_one_is_flooded_by_many_organizations(
    scene: Scene, service: Service, admin: psycopg.Connection[Any]
) -> None:
    email = new_address()
    rate_limiter = service.rate_limiters.limiter_for("192.0.2.1")
    hit = Hit(policies.INVITATION_TO_ADDRESS, email, ADDRESS - 1)
    await rate_limiter.hit_first(service.database, [hit])
    paths = [await own(service, scene.cast.bob) for _ in range(2)]

    first, second = [await invited(scene, path, scene.cast.bob, email) for path in paths]

    assert (first.status_code, second.status_code) == (201, 429)
    assert emails_to(admin, email) == 1


async def test_an_organization_cannot_send_the_same_person_email_after_email(
    scene: Scene,
) -> None:
    email, path = new_address(), f"{scene.cast.acme_path}/members/invite"
    statuses = list[int]()
    for _ in range(6):
        statuses.append((await invited(scene, path, scene.cast.alice, email)).status_code)
        if statuses[-1] == 201:
            scene.change_invitation(email, "status = 'revoked'")
            scene.admin.execute("update invitations set email = id || '' where email = %s", [email])
    assert statuses == [201] * 5 + [429]


async def test_strangers_use_up_nothing_of_an_organization(scene: Scene) -> None:
    path = f"{scene.cast.acme_path}/members/invite"
    for stranger in (scene.cast.bob, scene.cast.vera):
        answer = await invited(scene, path, stranger)
        assert answer.status_code in (403, 404)
        assert "ratelimit" not in answer.headers
