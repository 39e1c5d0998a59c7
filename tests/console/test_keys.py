"""API keys at the pages: a secret is shown once, and kept by nothing that a browser keeps."""

import re

import httpx2
import pytest

from tenantry.web.service import Service
from tests.cast import Cast
from tests.console.hands import Hands

KEY = {"name": "Nightly job", "bearer": "", "role": "viewer", "expires_at": ""}


@pytest.fixture
async def alice(api: httpx2.AsyncClient, service: Service, cast: Cast) -> Hands:
    return await Hands.of(api, service, cast, cast.alice)


def secret_on(answer: httpx2.Response) -> str:
    found = re.search(r'class="copied"><code>([^<]+)</code>', answer.text)
    assert found is not None
    return found[1]


async def works(api: httpx2.AsyncClient, cast: Cast, secret: str) -> bool:
    bearer = {"Authorization": f"Bearer {secret}"}
    return (await api.get(cast.acme_path, headers=bearer)).status_code == 200


async def test_a_key_is_made_renewed_and_revoked_and_each_secret_shown_once(
    alice: Hands, cast: Cast, api: httpx2.AsyncClient
) -> None:
    made = await alice.send("/keys/new", KEY)
    assert made.headers["cache-control"] == "no-store"
    assert "set-cookie" not in made.headers
    first = secret_on(made)
    assert await works(api, cast, first)
    found = re.search(r"/keys/(key_\w+)", made.text)
    assert found is not None
    path = f"/keys/{found[1]}"
    for seen in ("/keys", path):
        page = await alice.see(seen)
        assert "Nightly job" in page.text
        assert first not in page.text
    second = secret_on(await alice.send(f"{path}/rotate"))
    assert second != first
    assert await works(api, cast, second)
    revoked = await alice.send(f"{path}/revoke")
    assert "The key Nightly job is revoked." in revoked.text
    assert not await works(api, cast, second)


async def test_a_service_account_has_keys_of_its_own(alice: Hands) -> None:
    answer = await alice.send("/keys/accounts/new", {"name": "Deployments", "role": "developer"})
    assert "The service account Deployments is made." in answer.text
    form = (await alice.see("/keys/new")).text
    found = re.search(r'<option value="(sa_\w+)">Deployments</option>', form)
    assert found is not None
    made = await alice.send("/keys/new", {**KEY, "bearer": found[1]})
    assert secret_on(made)


async def test_what_does_not_fit_comes_again(alice: Hands) -> None:
    answer = await alice.send("/keys/new", {**KEY, "name": "", "expires_at": "never"})
    assert answer.status_code == 422
    assert answer.text.count('class="problem"') == 3
    answer = await alice.send("/keys/new", {**KEY, "role": "no-such-role"})
    assert answer.status_code == 422
