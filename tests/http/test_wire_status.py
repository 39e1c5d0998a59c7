"""What load balancers and verifiers of tokens ask: health, version, keys, discovery."""

import httpx2
import psycopg
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from tenantry import __version__
from tenantry.api.v1.credentials.token_requests import EXCHANGE
from tenantry.app import Parts
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tests.conftest import BASE_URL, ClientOf
from tests.http.responses import ORGANIZATIONS
from tests.support.api.signed_in import Tokens, sign_in
from tests.support.cast import Cast
from tests.support.postgres import TestPostgres


async def test_a_healthy_service_says_so(api: httpx2.AsyncClient) -> None:
    health, readiness = await api.get("/healthz"), await api.get("/readyz")

    assert (health.status_code, health.json()) == (200, {"status": "ok"})
    assert (readiness.status_code, readiness.json()) == (200, {"status": "ok", "failing": []})
    assert (await api.get("/version")).json() == {"name": "tenantry", "version": __version__}


async def test_a_service_whose_database_is_not_migrated_is_not_ready(
    client_of: ClientOf, postgres: TestPostgres
) -> None:
    bare = postgres.fresh_database(migrated=False)
    behind = postgres.fresh_database()
    with psycopg.connect(behind.owner, autocommit=True) as owner:
        owner.execute("delete from schema_parts where name = 'functions/authorize.sql'")

    for database_url in (bare.service, behind.service):
        client = await client_of(database_url=database_url)
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json() == {"status": "unavailable", "failing": ["migrations"]}
        assert answer.headers["retry-after"] == "1"
        assert (await client.get("/healthz")).status_code == 200


async def test_everybody_can_verify_a_token_by_the_keys_that_are_shown(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    shown = await api.get("/.well-known/jwks.json")

    token = jwt.decode(cast.alice.token, KeySet.import_key_set(shown.json()))
    assert token.header["typ"] == "at+jwt"
    assert token.claims["iss"] == BASE_URL
    assert token.claims["sub"] == cast.alice.id
    assert token.claims["exp"] - token.claims["iat"] == 900
    assert shown.headers["cache-control"] == "public, max-age=300"


async def test_no_private_part_of_a_key_is_shown(client_of: ClientOf) -> None:
    keys = [ECKey.generate_key("P-256", auto_kid=False), RSAKey.generate_key(2048, auto_kid=False)]
    client = await client_of(signing_keys=SigningKeys(list(keys)))

    elliptic, rsa = (await client.get("/.well-known/jwks.json")).json()["keys"]

    assert set(elliptic) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert set(rsa) == {"kty", "n", "e", "kid", "use", "alg"}
    assert (elliptic["alg"], rsa["alg"], rsa["use"]) == ("ES256", "RS256", "sig")


async def test_after_a_change_of_keys_older_tokens_still_count(
    client_of: ClientOf, parts: Parts, cast: Cast
) -> None:
    old = parts.signing_keys.signing_key
    new = RSAKey.generate_key(2048, auto_kid=False)
    client = await client_of(signing_keys=SigningKeys([new, old]))

    fresh = Tokens.of(await sign_in(client, cast.alice.actor.email))

    for headers in (cast.alice.headers, fresh.headers):
        assert (await client.get(ORGANIZATIONS, headers=headers)).status_code == 200
    without = await client_of(signing_keys=SigningKeys([new]))
    assert (await without.get(ORGANIZATIONS, headers=fresh.headers)).status_code == 200
    assert (await without.get(ORGANIZATIONS, headers=cast.alice.headers)).status_code == 401


async def test_discovery_names_places_that_answer(api: httpx2.AsyncClient) -> None:
    told = (await api.get("/.well-known/oauth-authorization-server")).json()

    assert told["issuer"] == BASE_URL
    assert told["grant_types_supported"] == ["password", "refresh_token", EXCHANGE]
    for place in ("jwks_uri", "service_documentation"):
        assert (await api.get(told[place])).status_code == 200
    for place in ("token_endpoint", "introspection_endpoint", "revocation_endpoint"):
        assert (await api.options(told[place])).headers["allow"] == "OPTIONS, POST"


async def test_discovery_has_what_rfc_8414_wants(api: httpx2.AsyncClient) -> None:
    """Sections 2 and 3.2: some members are required, and none is an empty list."""
    told = (await api.get("/.well-known/oauth-authorization-server")).json()

    assert told.keys() >= {"issuer", "token_endpoint", "response_types_supported"}
    assert [name for name, value in told.items() if value in ([], "", None)] == []
    assert "authorization_endpoint" not in told


async def test_nothing_says_that_openid_connect_is_here(api: httpx2.AsyncClient) -> None:
    answer = await api.get("/.well-known/openid-configuration")
    told = (await api.get("/.well-known/oauth-authorization-server")).json()

    assert answer.status_code == 404
    assert [
        name for name in told if name.startswith(("id_token_", "subject_types", "userinfo"))
    ] == []


async def test_all_urls_are_of_the_configured_base_whatever_host_is_asked_for(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    liar = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil"}

    found = await api.get("/.well-known/oauth-authorization-server", headers=liar)
    listed = await api.get(f"{ORGANIZATIONS}?limit=1", headers={**cast.alice.headers, **liar})

    assert "evil" not in found.text
    assert listed.headers["link"].startswith(f"<{BASE_URL}/")
