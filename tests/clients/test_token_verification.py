"""The guard takes nothing but an organization token that is for it, and good here and now."""

from collections.abc import Generator

import pytest

from tenantry.app import Parts
from tenantry_client import AsyncVerifier, TokenRefused, Verifier
from tests.authz.forged_tokens import forgeries, only_ours_refuse
from tests.authz.token_forge import opened
from tests.clients.conftest import Live
from tests.conftest import AUDIENCE
from tests.support.cast import Cast
from tests.support.issuer import FakeIssuer, running


@pytest.fixture
def evil() -> Generator[FakeIssuer]:
    """A server of the forger's, to which no one may be led."""
    with running() as issuer:
        yield issuer
        assert issuer.looks == 0


async def test_what_is_forged_is_refused_and_what_is_good_is_read(
    live: Live, cast: Cast, parts: Parts, evil: FakeIssuer
) -> None:
    good = live.organization_token(cast.dave, cast)
    table = {
        **forgeries(parts.signing_keys, good, evil.url),
        **only_ours_refuse(parts.signing_keys, good, evil.url),
        "an access token": live.access_token(cast.dave),
        "a refresh token": "A" * 43,
        "an issuer's token": evil.token(aud=AUDIENCE),
        "a key": "tnt_sk_" + "0" * 49,
        "nonsense": "é.é.é",
        "too long": "x" * 20_000,
    }
    verifier = Verifier(live.url, audience=AUDIENCE)
    awaited = AsyncVerifier(live.url, audience=AUDIENCE)

    for name, token in table.items():
        assert _is_refused(verifier, token), name
        with pytest.raises(TokenRefused):
            await awaited.verify(token)
    said = verifier.verify(good)

    assert said == await awaited.verify(good)
    assert (said.user_id, said.organization_id) == (cast.dave.id, cast.acme_path.rpartition("/")[2])
    assert (said.role, said.workspace_id) == ("developer", None)
    assert said.permissions == set(opened(good, 1)["permissions"])
    verifier.close()
    await awaited.close()


def test_a_token_for_another_service_is_refused(live: Live, cast: Cast) -> None:
    good = live.organization_token(cast.dave, cast)
    for issuer, audience in ((live.url, "reports"), ("http://localhost:1", AUDIENCE)):
        verifier = Verifier(issuer, audience=audience)
        with pytest.raises(Exception, match=r"another audience|cannot be fetched"):
            verifier.verify(good)
        verifier.close()


def test_an_issuer_that_anybody_could_speak_for_is_refused() -> None:
    with pytest.raises(ValueError, match="https"):
        Verifier("http://tenantry.example.com", audience=AUDIENCE)


def _is_refused(verifier: Verifier, token: str) -> bool:
    try:
        verifier.verify(token)
    except TokenRefused:
        return True
    return False
