"""Bodies: their format, their size, and callers who go away before they have sent them."""

import gzip
import json
from typing import Any
from typing import cast as cast_to

import httpx2
import orjson
import pytest
from starlette.types import Message, Receive

from tenantry.api.application import Application
from tenantry.api.parsing import body_of
from tenantry.api.routes import OPERATIONS
from tenantry.api.v1.tenancy.invitation_batches import InvitationsCreate, Unreadable
from tenantry.http.access import Requirement
from tenantry.http.request import DOCUMENT_BODY, USUAL_BODY
from tests.http.responses import API, ORGANIZATIONS, path_of, pointers, told
from tests.support.cast import Cast
from tests.support.database.contents import contents
from tests.support.scene import Scene

BODY = b'{"name": "Umbrella"}'
JSON = "application/json"


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


async def test_every_call_says_how_large_its_body_may_be_and_reads_no_more(scene: Scene) -> None:
    before = contents(scene)
    for call in OPERATIONS:
        if call.body is None:
            continue
        media = "x-www-form-urlencoded" if call.form else "json"
        headers = {**scene.cast.bob.headers, "Content-Type": f"application/{media}"}
        path, body = path_of(call, scene.cast), b" " * (call.largest_body + 1)
        answer = await scene.api.request(call.method, path, content=body, headers=headers)

        assert told(answer) == (413, "payload_too_large"), call.id
        assert answer.headers["connection"] == "close"
        assert str(call.largest_body) in answer.json()["detail"]
    assert contents(scene) == before


def test_a_megabyte_is_for_batches_alone_and_who_is_no_one_sends_little() -> None:
    sizes = {call.id: call.largest_body for call in OPERATIONS if call.body is not None}

    batches = {"invitations.create_batch", "access.check_batch"}
    assert {id for id, size in sizes.items() if size > DOCUMENT_BODY} == batches
    for call in OPERATIONS:
        if call.access is Requirement.ANYONE and not call.form:
            assert call.largest_body == USUAL_BODY, call.id


async def test_all_the_metadata_that_there_may_be_fits_however_it_is_written(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    metadata = {f"{number:02}".ljust(40, "鍵"): "値" * 500 for number in range(50)}
    body = {"name": "Large", "metadata": metadata}
    for content in (orjson.dumps(body), json.dumps(body).encode()):
        assert (await create(api, cast, "application/json", content)).status_code == 201


async def test_of_many_unknown_keys_the_first_are_told(api: httpx2.AsyncClient, cast: Cast) -> None:
    """Fails, with one error for each key, where the model is shown all of them: tried."""
    many = {f"k{number}": 1 for number in range(1_000)}

    for path, body, headers in (
        (f"{API}/auth/verify-email", {"token": "x", **many}, {}),
        (ORGANIZATIONS, {"name": "x", **many}, cast.bob.headers),
        (ORGANIZATIONS, {"name": "x", "metadata": many}, cast.bob.headers),
        (f"{API}/check", many, cast.bob.headers),
    ):
        answer = await api.post(path, json=body, headers=headers)
        assert 1 <= len(pointers(answer)) <= 15, path
    batch = cast_to(Any, body_of(InvitationsCreate, {"invitations": [many]}))
    (item,) = batch.invitations
    assert isinstance(item, Unreadable)
    assert len(item.refusal.errors) <= 15


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity, gzip"])
async def test_a_compressed_body_is_refused_as_such(
    api: httpx2.AsyncClient, cast: Cast, encoding: str
) -> None:
    for path, media, headers in (
        (ORGANIZATIONS, "application/json", cast.bob.headers),
        (f"{API}/auth/token", "application/x-www-form-urlencoded", {}),
    ):
        answer = await api.post(
            path,
            content=gzip.compress(BODY),
            headers={**headers, "Content-Type": media, "Content-Encoding": encoding},
        )
        assert told(answer) == (415, "unsupported_media_type")
        assert answer.headers["accept-encoding"] == "identity"


async def test_a_body_that_says_that_it_is_not_encoded_is_read(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    headers = {**cast.bob.headers, "Content-Type": JSON, "Content-Encoding": "Identity"}
    assert (await api.post(ORGANIZATIONS, content=BODY, headers=headers)).status_code == 201


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
