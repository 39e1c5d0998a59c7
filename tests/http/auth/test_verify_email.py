"""POST /api/v1/auth/verify-email and /verify-email/resend."""

import httpx2

from tests.http.accounts.test_verification import VERIFY
from tests.http.responses import pointers, told
from tests.support.scene import Scene, new_address


async def test_the_token_of_the_email_is_all_that_it_takes(scene: Scene) -> None:
    token = await scene.signed_up(new_address())

    first = await scene.api.post(VERIFY, json={"token": token})
    second = await scene.api.post(VERIFY, json={"token": token})

    assert (first.status_code, first.content) == (204, b"")
    assert told(second) == (410, "token_spent")


async def test_what_is_no_token_is_refused(api: httpx2.AsyncClient) -> None:
    assert told(await api.post(VERIFY, json={"token": "A" * 43})) == (404, "not_found")
    assert pointers(await api.post(VERIFY, json={})) == ["#/token"]
    for token in ("", "x" * 201, None, 5, ["A" * 43]):
        assert pointers(await api.post(VERIFY, json={"token": token})) == ["#/token"]


async def test_another_email_is_sent_to_who_is_signed_in(scene: Scene) -> None:
    charlie = scene.cast.charlie

    no_one = await scene.api.post(f"{VERIFY}/resend")
    verified = await scene.api.post(f"{VERIFY}/resend", headers=charlie.headers)

    assert told(no_one) == (401, "unauthenticated")
    assert (verified.status_code, verified.content) == (204, b"")
