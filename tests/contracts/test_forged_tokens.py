"""Forged tokens, and each kind of token in place of another: the service takes none of them."""

from collections.abc import AsyncGenerator

import httpx2
import pytest

from tenantry.app import Parts
from tests.authz.forged_tokens import forgeries, only_ours_refuse
from tests.conftest import AUDIENCE
from tests.http.token_exchange import exchange, organization_token
from tests.support.api.signed_in import Tokens, sign_in
from tests.support.issuer import bearer, running
from tests.support.scene import Scene, new_address

ME = "/api/v1/me"


@pytest.fixture
async def others(scene: Scene, parts: Parts) -> AsyncGenerator[dict[str, str]]:
    """Every token that is no access token of ours, by what it is."""
    api, cast = scene.api, scene.cast
    acme, token = cast.acme.organization.slug, cast.alice.token
    with running() as issuer:
        yield {
            **forgeries(parts.signing_keys, token, issuer.url),
            **only_ours_refuse(parts.signing_keys, token, issuer.url),
            "an organization token": await organization_token(api, token, acme),
            "a refresh token": Tokens.of(await sign_in(api, cast.alice.actor.email)).refresh,
            "an email's token": await scene.signed_up(new_address()),
            "an invitation": await scene.invited(cast.charlie.actor.email),
            "an issuer's token": issuer.token(),
            "an issuer's token, for our audience": issuer.token(aud=AUDIENCE),
            "a key": "tnt_sk_" + "0" * 49,
            "a service key": "tnt_service_" + "0" * 49,
        }
        assert issuer.looks == 0  # no one went where a header pointed to


async def test_nothing_else_is_an_access_token(scene: Scene, others: dict[str, str]) -> None:
    taken = list[str]()
    for name, token in others.items():
        answer = await scene.api.get(ME, headers=bearer(token))
        if (answer.status_code, answer.json().get("code")) != (401, "invalid_token"):
            taken.append(name)
    assert taken == []
    assert (await scene.api.get(ME, headers=scene.cast.alice.headers)).status_code == 200


async def test_nothing_else_is_exchanged_for_an_organization_token(
    scene: Scene, others: dict[str, str]
) -> None:
    acme = scene.cast.acme.organization.slug
    answers = {name: await exchange(scene.api, token, acme) for name, token in others.items()}
    assert {
        name: answer.text
        for name, answer in answers.items()
        if (answer.status_code, answer.json()["error"]) != (400, "invalid_request")
    } == {}


async def test_nothing_but_a_refresh_token_is_refreshed(
    api: httpx2.AsyncClient, scene: Scene, others: dict[str, str]
) -> None:
    for name, token in {**others, "an access token": scene.cast.alice.token}.items():
        form = {"grant_type": "refresh_token", "refresh_token": token}
        answer = await api.post("/api/v1/auth/token", data=form)
        expected = 200 if name == "a refresh token" else 400
        assert answer.status_code == expected, name


async def test_nothing_but_its_own_token_opens_an_emails_door(
    scene: Scene, others: dict[str, str]
) -> None:
    for name in ("an organization token", "a refresh token", "an invitation"):
        answer = await scene.api.post("/api/v1/auth/verify-email", json={"token": others[name]})
        assert answer.status_code in (404, 422), name
