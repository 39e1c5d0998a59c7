"""What prevents an invitation is said in plain words, with what to do."""

from dataclasses import replace

from tenantry.http.service import Service
from tests.conftest import ClientOf
from tests.console.visitor import Visitor
from tests.support.cast import PASSWORD
from tests.support.scene import GOOD_PASSWORD, Scene, new_address

SIGNING_UP = {"way": "sign-up", "name": "Nora", "password": GOOD_PASSWORD}
SIGNING_IN = {"way": "sign-in", "password": PASSWORD}


async def test_the_email_before_the_newest_leads_to_the_newest(
    visitor: Visitor, scene: Scene
) -> None:
    email = new_address()
    token = await scene.invited(email)
    path = f"{scene.cast.acme_path}/invitations"
    headers = scene.cast.alice.headers
    (listed,) = (await scene.api.get(f"{path}?status=pending", headers=headers)).json()["data"]
    resent = await scene.api.post(f"{path}/{listed['id']}/resend", headers=headers)
    assert resent.status_code == 200
    for answer in (
        await visitor.open("/invitation", token),
        await visitor.post("/invitation", token, SIGNING_UP),
        await visitor.post("/invitation/decline", token),
    ):
        assert answer.status_code == 410
        assert "This invitation was resent. Open the link in the newest email." in answer.text
    assert scene.answers_to(email) == ["pending"]


async def test_where_no_seat_is_left_the_invitation_stays_open(
    client_of: ClientOf, scene: Scene, service: Service
) -> None:
    full = Visitor(await client_of(limits=replace(service.limits, members=3)))
    email = new_address()
    token = await scene.invited(email)
    answer = await full.post("/invitation", token, SIGNING_UP)
    assert answer.status_code == 409
    assert "No seats left" in answer.text
    assert "your invitation stays open" in answer.text
    assert scene.answers_to(email) == ["pending"]
    assert not await scene.can_sign_in(email, GOOD_PASSWORD)


async def test_who_is_signed_in_as_someone_else_cannot_accept(
    visitor: Visitor, scene: Scene
) -> None:
    mine, another = scene.cast.charlie.actor.email, new_address()
    await visitor.post("/invitation", await scene.invited(mine), SIGNING_IN)
    answer = await visitor.post("/invitation", await scene.invited(another), {"way": "accept"})
    assert answer.status_code == 403
    assert "This invitation is for another account" in answer.text
    assert scene.answers_to(another) == ["pending"]


async def test_who_guesses_too_often_is_shown_when_to_come_again(
    visitor: Visitor, scene: Scene
) -> None:
    token = await scene.invited(scene.cast.charlie.actor.email)
    wrong = {**SIGNING_IN, "password": "a wrong one, alas"}
    answers = [await visitor.post("/invitation", token, wrong) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert "minutes, then open the link in the email again" in answers[-1].text
