"""ETag, If-None-Match and If-Match (RFC 9110, section 13)."""

import httpx2

from tests.http.responses import API, ORGANIZATIONS, told
from tests.support.cast import Cast


async def test_every_single_resource_has_a_tag_of_its_bytes(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    for path in (
        f"{API}/me",
        cast.acme_path,
        f"{cast.acme_path}/workspaces/{cast.workspace_id}",
        f"{cast.acme_path}/members/{cast.vera.member_id}",
    ):
        first, second = [await api.get(path, headers=cast.alice.headers) for _ in range(2)]
        assert first.headers["etag"] == second.headers["etag"]
        assert first.headers["etag"].startswith('"')
        assert first.headers["vary"] == "Authorization"
        assert first.headers["cache-control"] == "private, no-cache"


async def test_two_people_who_are_shown_different_bytes_are_given_different_tags(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    tags = {
        (await api.get(cast.acme_path, headers=who.headers)).headers["etag"]
        for who in (cast.alice, cast.dave, cast.vera)
    }
    assert len(tags) == 3


async def test_what_one_has_already_is_not_sent_again(api: httpx2.AsyncClient, cast: Cast) -> None:
    tag = (await api.get(cast.acme_path, headers=cast.alice.headers)).headers["etag"]

    async def status(given: str) -> int:
        headers = {**cast.alice.headers, "If-None-Match": given}
        answer = await api.get(cast.acme_path, headers=headers)
        if answer.status_code == 304:
            assert answer.content == b""
            assert answer.headers["etag"] == tag
            assert answer.headers["vary"] == "Authorization"
            assert "content-length" not in answer.headers
        return answer.status_code

    for same in (tag, f"W/{tag}", f'"other", {tag}', "*", f" {tag} "):
        assert await status(same) == 304, same
    for other in ('"other"', tag.strip('"'), "", tag.upper().replace("W/", "")):
        assert await status(other) == 200, other


async def test_after_a_change_the_tag_is_another(api: httpx2.AsyncClient, cast: Cast) -> None:
    before = (await api.get(cast.acme_path, headers=cast.alice.headers)).headers["etag"]

    changed = await api.patch(cast.acme_path, json={"name": "Renamed"}, headers=cast.alice.headers)

    now = await api.get(cast.acme_path, headers={**cast.alice.headers, "If-None-Match": before})
    assert now.status_code == 200
    assert changed.headers["etag"] == now.headers["etag"] != before


async def test_a_change_is_made_only_to_the_version_that_was_seen(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    async def change(name: str, match: str) -> httpx2.Response:
        headers = {**cast.alice.headers, "If-Match": match}
        return await api.patch(cast.acme_path, json={"name": name}, headers=headers)

    tag = (await api.get(cast.acme_path, headers=cast.alice.headers)).headers["etag"]
    for other in ('"other"', 'W/"other"', "", tag.strip('"'), f"{tag}x", f'{tag[:-1]}-zip"'):
        assert told(await change("Never", other)) == (412, "precondition_failed"), other
    for same in (tag, "*"):
        assert (await change("First", same)).status_code == 200
    assert (await change("Second", tag)).status_code == 412
    newest = (await api.get(cast.acme_path, headers=cast.alice.headers)).headers["etag"]
    assert (await change("Third", f'"other", {newest}')).status_code == 200


async def test_a_tag_that_a_proxy_has_changed_on_the_way_is_still_ours(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    tag = (await api.get(cast.acme_path, headers=cast.alice.headers)).headers["etag"]

    for changed in (
        f"W/{tag}",  # nginx, HAProxy
        f'{tag[:-1]}-gzip"',  # Apache
        f'W/{tag[:-1]}-br"',
        f'"other", W/{tag}',
        f'W/"other" ,W/{tag}, "another"',
    ):
        seen = await api.get(
            cast.acme_path, headers={**cast.alice.headers, "If-None-Match": changed}
        )
        assert seen.status_code == 304, changed
        answer = await api.patch(
            cast.acme_path, json={}, headers={**cast.alice.headers, "If-Match": changed}
        )
        assert answer.status_code == 200, changed


async def test_a_list_has_no_tag_since_it_is_no_single_thing(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    answer = await api.get(ORGANIZATIONS, headers={**cast.alice.headers, "If-None-Match": "*"})

    assert answer.status_code == 200
    assert "etag" not in answer.headers
