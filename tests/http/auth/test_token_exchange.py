"""POST /api/v1/auth/token with an access token, for an organization token (RFC 8693)."""

import time
from typing import Any

import httpx2
import pytest

from tenantry.api.v1.credentials.token_requests import ACCESS, EXCHANGE
from tenantry.authz.authorization import Authorization
from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.claims import Claims
from tenantry.authz.roles.model import DEFAULT_ROLES
from tenantry.http.service import Service
from tenantry.kit.ids import Kind, new_id, parse, show
from tenantry.kit.refusals import NotFound, PermissionDenied
from tests.authz.token_forge import opened
from tests.conftest import AUDIENCE, BASE_URL, ClientOf
from tests.http.token_exchange import exchange, exchanged, organization_token
from tests.support.api.signed_in import TOKEN, Tokens, sign_in
from tests.support.cast import Cast, Player
from tests.support.issuer import bearer

SECOND = "https://reports.test"


def told(answer: httpx2.Response) -> tuple[int, str]:
    """Status and error, in OAuth's shape."""
    return answer.status_code, answer.json()["error"]


async def test_it_says_who_where_and_what_they_may_do_there(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    org_id, asked = cast.acme_path.rpartition("/")[2], time.time()

    answer = await exchange(api, cast.dave.token, org_id)

    given = answer.json()
    header, payload = opened(given.pop("access_token"), 0), opened(answer.json()["access_token"], 1)
    assert given == {
        "issued_token_type": ACCESS,
        "token_type": "Bearer",
        "expires_in": 300,
        "audience": AUDIENCE,
        "organization_id": org_id,
        "workspace_id": None,
    }
    assert answer.headers["cache-control"] == "no-store"
    assert header["typ"] == "at+jwt"
    assert int(asked) <= payload["iat"] <= time.time()
    assert payload.pop("jti")
    assert payload.pop("exp") - payload.pop("iat") == 300
    developer = next(role for role in DEFAULT_ROLES if role.key == "developer")
    assert payload == {
        "iss": BASE_URL,
        "aud": AUDIENCE,
        "client_id": "tenantry",
        "sub": cast.dave.id,
        "sid": show(Kind.SESSION, cast.dave.actor.session_id),
        "org_id": org_id,
        "role": "developer",
        "permissions": sorted(developer.permissions),
    }


async def test_organization_and_workspace_may_be_named_by_slug(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    made = await api.post(
        f"{cast.acme_path}/workspaces", json={"name": "Lab"}, headers=cast.alice.headers
    )
    by_id = await exchanged(
        api, cast.vera.token, cast.acme_path.rpartition("/")[2], workspace=made.json()["id"]
    )
    by_slug = await exchanged(
        api, cast.vera.token, cast.acme.organization.slug, workspace=made.json()["slug"]
    )
    assert by_id["workspace_id"] == by_slug["workspace_id"] == made.json()["id"]
    assert by_id["org_id"] == by_slug["org_id"]


async def test_its_permissions_are_what_authorization_decides(
    api: httpx2.AsyncClient, cast: Cast, service: Service
) -> None:
    """Every user in every kind of workspace, each permission authorized by itself."""
    alice = cast.alice.headers
    role = {"name": "Keeper", "permissions": ["workspace:delete", "member:remove", "event:read"]}
    keeper = (await api.post(f"{cast.acme_path}/roles", json=role, headers=alice)).json()["id"]
    places: list[str | None] = [None, cast.workspace_id]
    for visibility in ("organization", "private"):
        body = {"name": visibility, "visibility": visibility}
        made = await api.post(f"{cast.acme_path}/workspaces", json=body, headers=alice)
        places.append(made.json()["id"])
        for player, given in ((cast.dave, "viewer"), (cast.vera, keeper)):
            path = f"{cast.acme_path}/workspaces/{made.json()['id']}/members/{player.member_id}"
            if (player, visibility) != (cast.dave, "private"):
                put = await api.put(path, json={"role": given}, headers=alice)
                assert put.status_code == 201, put.text

    for player in (cast.alice, cast.dave, cast.vera, cast.bob):
        for place in places:
            decided = await _decided(service, cast, player, place)
            assert await _exchanged(api, cast, player, place) == decided


async def _exchanged(
    api: httpx2.AsyncClient, cast: Cast, player: Player, place: str | None
) -> set[str] | None:
    more = {"workspace": place} if place else {}
    answer = await exchange(api, player.token, cast.acme.organization.slug, **more)
    if answer.status_code == 400:
        return None
    return {*opened(answer.json()["access_token"], 1)["permissions"]} & {*Permission}


async def _decided(
    service: Service, cast: Cast, player: Player, place: str | None
) -> set[str] | None:
    claims = Claims(player.actor.id, player.actor.session_id)
    workspace_id = parse(Kind.WORKSPACE, place) if place else None
    allowed = set[str]()
    for permission in Permission:
        authorization = Authorization(claims, permission, cast.acme.organization.id, workspace_id)
        (answer,) = await service.database.execute([authorization.statement()])
        try:
            authorization.authority(answer)
        except NotFound:
            return None
        except PermissionDenied:
            continue
        allowed.add(permission.value)
    return allowed


async def test_a_products_own_permissions_are_in_it(api: httpx2.AsyncClient, cast: Cast) -> None:
    """By name where a role holds them; all that are declared for an Admin."""
    noun = f"n{new_id().hex[-12:]}"
    for verb in ("read", "approve"):
        body = {"name": f"{noun}:{verb}", "description": "Of invoices"}
        declared = await api.post(
            "/api/v1/operator/permissions", json=body, headers=cast.olga.headers
        )
        assert declared.status_code == 201, declared.text
    role = {"name": "Clerk", "permissions": [f"{noun}:read"]}
    made = await api.post(f"{cast.acme_path}/roles", json=role, headers=cast.alice.headers)
    place = f"{cast.acme_path}/workspaces/{cast.workspace_id}/members/{cast.vera.member_id}"
    await api.put(place, json={"role": made.json()["id"]}, headers=cast.alice.headers)
    acme, there = cast.acme.organization.slug, {"workspace": cast.workspace_id}

    async def held(player: Player, **more: str) -> list[str]:
        said = await exchanged(api, player.token, acme, **more)
        return [each for each in said["permissions"] if each.startswith(noun)]

    assert await held(cast.alice) == [f"{noun}:approve", f"{noun}:read"]
    assert (await held(cast.vera), await held(cast.vera, **there)) == ([], [f"{noun}:read"])
    assert await held(cast.dave, **there) == []


async def test_what_is_unknown_and_what_is_foreign_are_refused_alike(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    alice = cast.alice.headers
    hidden = {"name": "Hidden", "visibility": "private"}
    private = await api.post(f"{cast.acme_path}/workspaces", json=hidden, headers=alice)
    acme, bobs = cast.acme.organization.slug, cast.bobs.organization.slug
    bobs_workspace = show(Kind.WORKSPACE, cast.bobs.workspace.id)

    refusals = [
        await exchange(api, cast.vera.token, *given)
        for given in (
            (bobs,),
            (show(Kind.ORGANIZATION, new_id()),),
            ("nobody-has-this",),
            (cast.workspace_id,),
            ("nul\0",),
            ("x" * 5000,),
        )
    ] + [
        await exchange(api, cast.vera.token, acme, workspace=workspace)
        for workspace in (private.json()["id"], private.json()["slug"], bobs_workspace, "none", "_")
    ]

    assert [told(each) for each in refusals] == [(400, "invalid_target")] * len(refusals)
    assert len({each.json()["error_description"] for each in refusals}) == 1


async def test_no_more_is_given_to_who_was_removed_suspended_or_signed_out(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    acme, member = cast.acme.organization.slug, f"{cast.acme_path}/members"
    path = f"{member}/{cast.dave.member_id}"
    await api.patch(path, json={"status": "suspended"}, headers=cast.alice.headers)
    await api.delete(f"{member}/{cast.vera.member_id}", headers=cast.alice.headers)
    session = Tokens.of(await sign_in(api, cast.alice.actor.email))
    await api.post("/api/v1/auth/sign-out", headers=session.headers)

    assert told(await exchange(api, cast.dave.token, acme)) == (400, "invalid_target")
    assert told(await exchange(api, cast.vera.token, acme)) == (400, "invalid_target")
    assert told(await exchange(api, session.access, acme)) == (400, "invalid_request")


async def test_a_demotion_is_in_the_very_next_token(api: httpx2.AsyncClient, cast: Cast) -> None:
    acme = cast.acme.organization.slug
    assert "workspace:create" in (await exchanged(api, cast.dave.token, acme))["permissions"]

    path = f"{cast.acme_path}/members/{cast.dave.member_id}"
    await api.patch(path, json={"role": "viewer"}, headers=cast.alice.headers)

    after = await exchanged(api, cast.dave.token, acme)
    assert after["role"] == "viewer"
    assert "workspace:create" not in after["permissions"]


async def test_a_disabled_organization_gives_no_tokens(api: httpx2.AsyncClient, cast: Cast) -> None:
    path = cast.acme_path.replace("/organizations", "/operator/organizations")
    await api.post(f"{path}/disable", json={"reason": "Unpaid"}, headers=cast.olga.headers)

    answer = await exchange(api, cast.alice.token, cast.acme.organization.slug)

    assert told(answer) == (400, "invalid_target")


async def test_only_a_registered_audience_is_given_a_token(
    client_of: ClientOf, cast: Cast, api: httpx2.AsyncClient
) -> None:
    acme = cast.acme.organization.slug
    one, none = api, await client_of(audiences=())
    several = await client_of(audiences=(AUDIENCE, SECOND))

    async def asked(client: httpx2.AsyncClient, **more: str) -> tuple[int, str]:
        answer = await exchange(client, cast.vera.token, acme, **more)
        return answer.status_code, answer.json().get("audience") or answer.json()["error"]

    assert await asked(one) == await asked(one, audience=AUDIENCE) == (200, AUDIENCE)
    assert await asked(several, audience=SECOND) == (200, SECOND)
    assert await asked(several) == (400, "invalid_target")
    for client in (one, several, none):
        assert await asked(client, audience=BASE_URL) == (400, "invalid_target")
        assert await asked(client, audience=f"{AUDIENCE}/") == (400, "invalid_target")
    assert await asked(none) == (400, "invalid_target")


async def test_what_is_no_access_token_is_exchanged_for_nothing(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    """An organization token above all: no one moves from one audience or place to another by it."""
    acme = cast.acme.organization.slug
    held = await organization_token(api, cast.vera.token, acme)
    refresh = Tokens.of(await sign_in(api, cast.vera.actor.email)).refresh
    for subject in (held, refresh, "x", "ü.ü.ü", f"{cast.vera.token}x", "nul\0"):
        assert told(await exchange(api, subject, acme)) == (400, "invalid_request")


@pytest.mark.parametrize(
    "change",
    [
        {"subject_token": ""},
        {"organization": ""},
        {"subject_token_type": ""},
        {"subject_token_type": "urn:ietf:params:oauth:token-type:refresh_token"},
        {"requested_token_type": "urn:ietf:params:oauth:token-type:refresh_token"},
        {"actor_token": "somebody"},
    ],
    ids=str,
)
async def test_what_cannot_be_meant_is_refused_in_oauths_words(
    api: httpx2.AsyncClient, cast: Cast, change: dict[str, str]
) -> None:
    form = {
        "grant_type": EXCHANGE,
        "subject_token": cast.vera.token,
        "subject_token_type": ACCESS,
        "organization": cast.acme.organization.slug,
    }
    assert told(await api.post(TOKEN, data={**form, **change})) == (400, "invalid_request")


async def test_the_type_that_is_asked_for_is_the_one_that_is_named(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    jwt = "urn:ietf:params:oauth:token-type:jwt"
    acme = cast.acme.organization.slug
    answer = await exchange(
        api, cast.vera.token, acme, requested_token_type=jwt, subject_token_type=jwt
    )
    assert answer.json()["issued_token_type"] == jwt


async def test_an_exchange_asks_the_database_once(
    api: httpx2.AsyncClient, cast: Cast, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = list[Any]()
    exchange_with = type(service.database).execute

    async def counted(self: Any, calls: Any) -> Any:
        messages.append(calls)
        return await exchange_with(self, calls)

    monkeypatch.setattr(type(service.database), "execute", counted)
    await exchanged(api, cast.vera.token, cast.acme.organization.slug)
    assert [len(calls) for calls in messages] == [1]


async def test_the_service_itself_takes_no_organization_token(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    held = await organization_token(api, cast.alice.token, cast.acme.organization.slug)
    for path in (cast.acme_path, "/api/v1/me", f"{cast.acme_path}/members"):
        answer = await api.get(path, headers=bearer(held))
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
