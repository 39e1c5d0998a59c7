"""Leaving an organization: asked once more, and refused where no one would be left to manage it."""

from tests.console.conftest import SignedIn
from tests.support.scene import Scene


async def test_who_leaves_is_asked_first_and_then_is_a_stranger(
    sign_in: SignedIn, scene: Scene
) -> None:
    path = f"/organizations/{scene.cast.acme.organization.slug}"
    vera = await sign_in(scene.cast.vera)
    asked = await vera.client.get(f"{path}/people/leave")
    assert "<h1>Leave Acme?</h1>" in asked.text
    assert scene.role_of(scene.cast.vera.actor.email) == "viewer"
    left = await vera.send(f"{path}/people/leave")
    assert (left.status_code, left.headers["location"]) == (303, "/organizations")
    assert "You left Acme" in (await vera.client.get("/organizations")).text
    assert scene.role_of(scene.cast.vera.actor.email) is None
    assert (await vera.client.get(path)).status_code == 404


async def test_the_last_admin_stays_and_reads_why(sign_in: SignedIn, scene: Scene) -> None:
    cast = scene.cast
    alice = await sign_in(cast.alice)
    answer = await alice.send(f"/organizations/{cast.acme.organization.slug}/people/leave")
    assert answer.status_code == 409
    assert "An organization needs an active Admin" in answer.text
    assert "<h1>Leave Acme?</h1>" in answer.text
    assert scene.role_of(cast.alice.actor.email) == "admin"
