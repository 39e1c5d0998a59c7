"""Bodies: their format, their size, and callers who go away before they have sent them."""

import httpx2
import pytest
from starlette.types import Message, Receive

from tenantry.api.application import Application
from tests.api.answers import ORGANIZATIONS, told
from tests.cast import Cast
from tests.console.scene import Scene
from tests.promises.stage import contents

BODY = b'{"name": "Umbrella"}'


async def create(
    api: httpx2.AsyncClient, cast: Cast, media: str | None, body: bytes = BODY
) -> httpx2.Response:
    """The answer to a body of some format."""
    headers = {"Content-Type": media} if media is not None else {}
    return await api.post(ORGANIZATIONS, content=body, headers={**cast.bob.headers, **headers})


async def test_json_is_taken_however_its_type_is_written(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    for media in ("application/json", "Application/JSON; charset=utf-8", " application/json ;x=y"):
        assert (await create(api, cast, media)).status_code == 201, media


async def test_every_other_format_is_refused(api: httpx2.AsyncClient, cast: Cast) -> None:
    for media in (
        None,
        "",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/merge-patch+json",
        "application/jsonx",
    ):
        assert told(await create(api, cast, media)) == (415, "unsupported_media_type"), media


async def test_a_body_has_at_most_a_megabyte(scene: Scene) -> None:
    before = contents(scene)

    answer = await create(scene.api, scene.cast, "application/json", BODY.ljust(1024 * 1024 + 1))

    assert told(answer) == (413, "payload_too_large")
    assert answer.headers["connection"] == "close"
    assert contents(scene) == before
    largest = await create(scene.api, scene.cast, "application/json", BODY.ljust(1024 * 1024))
    assert largest.status_code == 201


async def test_the_body_of_a_call_that_takes_none_is_not_looked_at(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    answer = await api.post(
        "/api/v1/auth/sign-out", content=b"\xff" * 2_000_000, headers=cast.bob.headers
    )

    assert answer.status_code == 204


@pytest.mark.parametrize("path", [ORGANIZATIONS, "/api/v1/auth/token"])
async def test_who_goes_away_is_answered_nothing_and_leaves_nothing(
    app: Application, scene: Scene, path: str
) -> None:
    before, answered = contents(scene), list[Message]()

    async def send(message: Message) -> None:
        answered.append(message)

    token = f"Bearer {scene.cast.bob.token}".encode()
    await app(
        {
            "type": "http",
            "method": "POST",
            "path": path,
            "query_string": b"",
            "headers": [(b"authorization", token), (b"content-type", b"application/json")],
        },
        _gone(b'{"name": "Umb'),
        send,
    )

    assert answered == []
    assert contents(scene) == before


def _gone(half: bytes) -> Receive:
    messages = iter(
        [{"type": "http.request", "body": half, "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> Message:
        return next(messages)

    return receive
