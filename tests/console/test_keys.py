"""API keys at the pages: a secret is shown once, and kept by nothing that a browser keeps."""

import re

import httpx2
import pytest

from tenantry.http.service import Service
from tests.console.hands import Hands
from tests.support.cast import Cast

KEY = {"name": "Nightly job", "bearer": "", "role": "viewer", "expires_at": ""}


@pytest.fixture
async def alice(api: httpx2.AsyncClient, service: Service, cast: Cast) -> Hands:
    return await Hands.of(api, service, cast, cast.alice)


def secret_on(answer: httpx2.Response) -> str:
    found = re.search(r'class="copyable"><code>([^<]+)</code>', answer.text)
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
    assert "Key Nightly job revoked" in revoked.text
    assert not await works(api, cast, second)


async def test_a_service_account_has_keys_of_its_own(alice: Hands) -> None:
    answer = await alice.send("/keys/accounts/new", {"name": "Deployments", "role": "developer"})
    assert "Service account Deployments created." in answer.text
    form = (await alice.see("/keys/new")).text
    found = re.search(r'<option value="(sa_\w+)">Deployments</option>', form)
    assert found is not None
    made = await alice.send("/keys/new", {**KEY, "bearer": found[1]})
    assert secret_on(made)


async def test_what_does_not_fit_comes_again(alice: Hands) -> None:
    answer = await alice.send("/keys/new", {**KEY, "name": "", "expires_at": "never"})
    assert answer.status_code == 422
    assert answer.text.count('class="error"') == 3
    answer = await alice.send("/keys/new", {**KEY, "role": "no-such-role"})
    assert answer.status_code == 422


async def test_a_key_is_renamed_and_refused_without_a_name(
    alice: Hands, cast: Cast, api: httpx2.AsyncClient
) -> None:
    path = key_on(await alice.send("/keys/new", KEY))
    assert (await alice.send(f"{path}/rename", {"name": " "})).status_code == 422
    renamed = await alice.send(f"{path}/rename", {"name": "Weekly job"})
    assert "Key renamed to Weekly job" in renamed.text
    read = await api.get(f"{cast.acme_path}/api-{path[1:]}", headers=cast.alice.headers)
    assert read.json()["name"] == "Weekly job"


async def test_a_key_is_bound_to_a_workspace_that_its_maker_sees(
    alice: Hands, cast: Cast, api: httpx2.AsyncClient
) -> None:
    assert f'<option value="{cast.workspace_id}">' in (await alice.see("/keys/new")).text
    made = await alice.send("/keys/new", {**KEY, "workspace_id": cast.workspace_id})
    assert not await works(api, cast, secret_on(made))
    read = await api.get(f"{cast.acme_path}/api-{key_on(made)[1:]}", headers=cast.alice.headers)
    assert read.json()["workspace_id"] == cast.workspace_id
    unseen = cast.workspace_id[:-4] + "0000"
    for other in ("nowhere", unseen):
        refused = await alice.send("/keys/new", {**KEY, "workspace_id": other})
        assert refused.status_code == 422
        assert 'id="workspace_id-error"' in refused.text


async def test_no_key_of_a_service_account_reaches_elsewhere_than_the_account(
    alice: Hands, cast: Cast
) -> None:
    """Left out silently, the workspace that was chosen would bind nothing."""
    page = await account_of(alice)
    bearer = page.rpartition("/")[2]
    asked = {**KEY, "bearer": bearer, "workspace_id": cast.workspace_id}
    refused = await alice.send("/keys/new", asked)
    assert refused.status_code == 422
    assert "Keys of a service account have its scope" in refused.text
    assert (await alice.send("/keys/new", {**KEY, "bearer": "sa_other"})).status_code == 422


async def test_a_service_account_is_changed_and_who_comes_second_looks_again(
    alice: Hands, cast: Cast, api: httpx2.AsyncClient
) -> None:
    page = await account_of(alice)
    form = (await alice.see(f"{page}/edit")).text
    seen = re.search(r'name="seen" value="([^"]+)"', form)
    assert seen is not None
    wanted = {"name": "Releases", "role": "viewer", "seen": seen[1]}
    done = await alice.send(f"{page}/edit", wanted)
    assert "Service account Releases updated" in done.text
    again = await alice.send(f"{page}/edit", {**wanted, "role": "developer"})
    assert again.status_code == 409
    assert "Someone else changed this" in again.text
    path = f"{cast.acme_path}/service-accounts/{page.rpartition('/')[2]}"
    read = await api.get(path, headers=cast.alice.headers)
    assert (read.json()["name"], read.json()["role"]["key"]) == ("Releases", "viewer")


async def test_a_service_account_goes_with_the_keys_that_were_named(
    alice: Hands, cast: Cast, api: httpx2.AsyncClient
) -> None:
    page = await account_of(alice)
    assert "No API keys." in (await alice.see(f"{page}/delete")).text
    made = await alice.send("/keys/new", {**KEY, "bearer": page.rpartition("/")[2]})
    secret = secret_on(made)
    assert await works(api, cast, secret)
    assert "Nightly job" in (await alice.see(page)).text
    assert "Nightly job" in (await alice.see(f"{page}/delete")).text
    gone = await alice.send(f"{page}/delete")
    assert "Service account Deployments and its keys deleted" in gone.text
    assert not await works(api, cast, secret)
    assert (await alice.see(page)).status_code == 404


def key_on(answer: httpx2.Response) -> str:
    """The path of the key whose secret is shown."""
    found = re.search(r"/keys/(key_\w+)", answer.text)
    assert found is not None
    return f"/keys/{found[1]}"


async def account_of(alice: Hands) -> str:
    """The path of a new service account."""
    answer = await alice.send("/keys/accounts/new", {"name": "Deployments", "role": "developer"})
    return f"/keys/accounts/{answer.url.path.rpartition('/')[2]}"
