"""The page that proves an address, by the headers and bytes."""

import httpx2
import pytest

from tests.console.visitor import Visitor
from tests.support.scene import Scene, new_address


async def test_looking_proves_nothing(visitor: Visitor, scene: Scene) -> None:
    email = new_address()
    token = await scene.signed_up(email)
    await visitor.open("/verify-email", token)
    for method in ("GET", "HEAD", "GET"):
        answer = await visitor.client.request(method, "/verify-email")
        assert answer.status_code == 200
    assert not scene.is_verified(email)
    answer = await visitor.post("/verify-email", token)
    assert answer.status_code == 200
    assert scene.is_verified(email)


async def test_a_token_works_once(visitor: Visitor, scene: Scene) -> None:
    token = await scene.signed_up(new_address())
    first = await visitor.post("/verify-email", token)
    again = await visitor.post("/verify-email", token)
    assert [first.status_code, again.status_code] == [200, 410]
    assert "This link is no longer valid" in again.text


async def test_a_token_for_something_else_is_unknown(visitor: Visitor, scene: Scene) -> None:
    for token in (
        await scene.forgot_password(scene.cast.charlie.actor.email),
        await scene.invited(new_address()),
    ):
        answer = await visitor.post("/verify-email", token)
        assert answer.status_code == 404
        assert answer.headers["x-request-id"] in answer.text


@pytest.mark.parametrize("query", ["", "?token=", "?token=a&token=b", "?token=%00", "?token=%F0"])
async def test_a_link_that_was_cut_off_is_explained(api: httpx2.AsyncClient, query: str) -> None:
    answer = await api.get(f"/verify-email{query}")
    assert answer.status_code == 404
    assert "It may be incomplete" in answer.text
