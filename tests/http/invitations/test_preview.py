"""POST /api/v1/invitations/preview."""

import httpx2
import pytest

from tests.http.responses import API, pointers, told
from tests.support.database.contents import contents
from tests.support.scene import Scene, new_address

PREVIEW = f"{API}/invitations/preview"


async def test_who_holds_the_token_learns_what_is_offered_and_no_more(scene: Scene) -> None:
    email = new_address()
    token = await scene.invited(email, role="developer", message="Come!")

    shown = (await scene.api.post(PREVIEW, json={"token": token})).json()

    assert set(shown) == {"organization", "email", "role", "invited_by", "expires_at"}
    assert shown["organization"] == {"name": "Acme"}
    assert shown["email"] == email
    assert shown["role"] == {"name": "Developer"}
    assert shown["invited_by"] == {"name": "Alice"}


async def test_looking_spends_nothing(scene: Scene) -> None:
    token = await scene.invited(new_address())
    before = contents(scene)

    first, second = [await scene.api.post(PREVIEW, json={"token": token}) for _ in range(2)]

    assert first.json() == second.json()
    assert contents(scene) == before


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("expires_at = now() - interval '1 second'", "invitation_expired"),
        ("status = 'expired'", "invitation_expired"),
        ("status = 'revoked'", "invitation_revoked"),
        ("status = 'declined'", "invitation_declined"),
    ],
)
async def test_a_spent_one_is_told_by_how_it_ended(scene: Scene, change: str, code: str) -> None:
    charlie = scene.cast.charlie
    token = await scene.invited(charlie.actor.email)
    scene.change_invitation(charlie.actor.email, change)

    shown = await scene.api.post(PREVIEW, json={"token": token})
    accepted = await scene.api.post(
        f"{API}/invitations/accept", json={"token": token}, headers=charlie.headers
    )

    assert told(shown) == told(accepted) == (410, code)


async def test_a_token_that_no_one_was_sent_is_not_found(api: httpx2.AsyncClient) -> None:
    for token in ("A" * 43, "x", "x" * 200, "ü"):
        assert told(await api.post(PREVIEW, json={"token": token})) == (404, "not_found")
    for token in ("", "x" * 201, None, 5):
        assert pointers(await api.post(PREVIEW, json={"token": token})) == ["#/token"]
