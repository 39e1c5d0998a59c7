"""What an organization sees of its invitations."""

from typing import Any

from tests.support.api.invitation_responses import decline, revoke, seen
from tests.support.api.invitations import accept, offer, offered
from tests.support.scene import Scene, new_address


async def listed(scene: Scene, **query: Any) -> dict[str, Any]:
    """What Alice sees."""
    answer = await scene.api.get(
        f"{scene.cast.acme_path}/invitations", params=query, headers=scene.cast.alice.headers
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_each_is_listed_under_the_status_that_it_has(unbroken: None, scene: Scene) -> None:
    charlie = scene.cast.charlie
    emails = {name: new_address() for name in ("pending", "past", "expired", "revoked", "declined")}
    tokens = {name: await offered(scene, email) for name, email in emails.items()}
    accepted = await offered(scene, charlie.actor.email)
    await accept(scene, charlie, accepted)
    await decline(scene, tokens["declined"])
    await revoke(scene, emails["revoked"])
    scene.change_invitation(emails["past"], "expires_at = now()")
    scene.change_invitation(emails["expired"], "expires_at = now()")
    await offer(scene, emails["expired"])  # which makes room by noting that the first has expired

    found = {
        status: [each["email"] for each in (await listed(scene, status=status))["data"]]
        for status in ("pending", "expired", "revoked", "declined", "accepted")
    }

    assert found == {
        "pending": [emails["pending"], emails["expired"]],
        "expired": [emails["past"], emails["expired"]],
        "revoked": [emails["revoked"]],
        "declined": [emails["declined"]],
        "accepted": [charlie.actor.email],
    }
    everything = (await listed(scene))["data"]
    assert sorted(each["email"] for each in everything) == sorted(
        email for some in found.values() for email in some
    )
    for each in everything:
        assert each["email"] in found[each["status"]]
    assert (await seen(scene, emails["past"]))["status"] == "expired"


async def test_a_filtered_list_is_paged(scene: Scene) -> None:
    emails = [new_address() for _ in range(5)]
    for email in emails:
        assert (await offer(scene, email)).status_code == 201
    await revoke(scene, emails[1])

    first = await listed(scene, status="pending", limit=2)
    rest = await listed(scene, status="pending", limit=2, after=first["list_metadata"]["after"])

    assert [each["email"] for each in (*first["data"], *rest["data"])] == [
        email for email in emails if email != emails[1]
    ]


async def test_an_email_that_was_sent_is_shown_as_sent(scene: Scene) -> None:
    email = new_address()
    assert (await offer(scene, email)).json()["delivery"] == "queued"

    while (shown := await seen(scene, email))["delivery"] == "queued":
        pass

    assert shown["delivery"] == "sent"
    assert "token" not in str(shown)
