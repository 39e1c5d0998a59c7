"""One's own account: name, password, sessions, invitations, and its end."""

from html import escape

import pytest

from tenantry.console.texts.devices import device
from tenantry.http.service import Service
from tenantry.kit.ids import Kind, show
from tests.console.conftest import SignedIn
from tests.console.screens import signed_in
from tests.console.visitor import Visitor
from tests.support.cast import PASSWORD, Cast
from tests.support.mail.mailbox import email_to
from tests.support.scene import GOOD_PASSWORD, GUESSABLE_PASSWORD, Scene, new_address

HOSTILE = "<script>alert(1)</script><b>Mallory & Sons</b>"


@pytest.fixture
async def alice(sign_in: SignedIn, cast: Cast) -> Visitor:
    return await sign_in(cast.alice)


@pytest.fixture
async def charlie(sign_in: SignedIn, cast: Cast) -> Visitor:
    return await sign_in(cast.charlie)


async def test_a_name_is_changed_and_stays_words(alice: Visitor) -> None:
    done = await alice.send("/account", name=f"  {HOSTILE} ")
    assert (done.status_code, done.headers["location"]) == (303, "/account")
    text = (await alice.client.get("/account")).text
    assert f'value="{escape(HOSTILE)}"' in text.replace("&#34;", "&quot;")
    assert "<script>" not in text
    assert "<b>" not in text
    refused = await alice.send("/account", name=" ")
    assert refused.status_code == 422
    assert 'id="name-error"' in refused.text


async def test_an_unproven_address_gets_its_email_again(charlie: Visitor, scene: Scene) -> None:
    person = scene.cast.charlie.actor
    assert "/account/verification" not in (await charlie.client.get("/account")).text
    scene.admin.execute("update users set email_verified_at = null where id = %s", [person.id])
    assert 'href="/account/verification"' in (await charlie.client.get("/account")).text
    done = await charlie.send("/account/verification")
    assert (done.status_code, done.headers["location"]) == (303, "/account")
    assert await email_to(scene.mailbox, person.email, subject="Confirm")


async def test_another_password_ends_the_other_sessions(
    charlie: Visitor, service: Service, scene: Scene
) -> None:
    person = scene.cast.charlie.actor
    await signed_in(service, scene.cast.charlie)
    assert scene.open_sessions(person.email) == 3
    form = {"current_password": PASSWORD, "new_password": GOOD_PASSWORD}
    done = await charlie.send("/account/password", **form)
    assert (done.status_code, done.headers["location"]) == (303, "/account")
    assert "Password changed." in (await charlie.client.get("/account")).text
    assert scene.open_sessions(person.email) == 1
    assert await scene.can_sign_in(person.email, GOOD_PASSWORD)
    assert not await scene.can_sign_in(person.email, PASSWORD)


@pytest.mark.parametrize(
    ("current", "new", "status", "field"),
    [
        ("a wrong one, alas", GOOD_PASSWORD, 403, "current_password"),
        (PASSWORD, "short", 422, "new_password"),
        (PASSWORD, GUESSABLE_PASSWORD, 422, "new_password"),
    ],
)
async def test_a_password_that_is_not_taken_is_shown_at_its_field(
    charlie: Visitor, scene: Scene, current: str, new: str, status: int, field: str
) -> None:
    answer = await charlie.send("/account/password", current_password=current, new_password=new)
    assert answer.status_code == status
    assert f'id="{field}-error"' in answer.text
    assert current not in answer.text
    assert new not in answer.text
    assert await scene.can_sign_in(scene.cast.charlie.actor.email, PASSWORD)


async def test_a_session_is_ended_and_no_one_elses(
    charlie: Visitor, scene: Scene, cast: Cast
) -> None:
    other = show(Kind.SESSION, cast.charlie.actor.session_id)
    text = (await charlie.client.get("/account/sessions")).text
    assert "This device" in text
    assert f'value="{other}"' in text
    done = await charlie.send("/account/sessions", session=other)
    assert (done.status_code, done.headers["location"]) == (303, "/account/sessions")
    assert scene.open_sessions(cast.charlie.actor.email) == 1
    for unknown in (other, show(Kind.SESSION, cast.alice.actor.session_id), "ses_none", ""):
        assert (await charlie.send("/account/sessions", session=unknown)).status_code == 404
    assert scene.open_sessions(cast.alice.actor.email) == 1


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
            "Firefox, Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/131 Safari/537 Edg/131",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18 like Mac OS X) Safari/604.1", "Safari, iPhone"),
        ("curl/8.5.0", "curl"),
        ("something else", "something else"),
        ("a" * 500, "a" * 80),
        ("", ""),
    ],
)
def test_a_device_is_shown_by_the_words_its_owner_knows(user_agent: str, name: str) -> None:
    assert device(user_agent) == name


async def test_an_invitation_is_accepted_without_its_email(charlie: Visitor, scene: Scene) -> None:
    email = scene.cast.charlie.actor.email
    await scene.invited(email, role="developer")
    text = (await charlie.client.get("/account/invitations")).text
    assert "Join Acme" in text
    invitation = text.partition('name="invitation" value="')[2].partition('"')[0]
    done = await charlie.send("/account/invitations", invitation=invitation)
    assert done.status_code == 303
    assert "You joined as Developer" in (await charlie.client.get(done.headers["location"])).text
    assert scene.role_of(email) == "developer"
    assert "No invitations" in (await charlie.client.get("/account/invitations")).text


async def test_an_invitation_is_declined_after_a_question(charlie: Visitor, scene: Scene) -> None:
    email = scene.cast.charlie.actor.email
    await scene.invited(email)
    text = (await charlie.client.get("/account/invitations")).text
    path = text.partition('<a href="/account/invitations/')[2].partition('"')[0]
    path = f"/account/invitations/{path}"
    assert "Decline invitation to Acme?" in (await charlie.client.get(path)).text
    assert scene.answers_to(email) == ["pending"]
    assert (await charlie.send(path)).headers["location"] == "/account/invitations"
    assert scene.answers_to(email) == ["declined"]
    assert (await charlie.client.get(path)).status_code == 404


async def test_invitations_to_others_and_to_unproven_addresses_are_not_there(
    charlie: Visitor, scene: Scene
) -> None:
    body = {"email": new_address(), "role": "viewer"}
    path, headers = f"{scene.cast.acme_path}/members/invite", scene.cast.alice.headers
    theirs = (await scene.api.post(path, json=body, headers=headers)).json()["id"]
    for invitation in (theirs, "inv_none", ""):
        answer = await charlie.send("/account/invitations", invitation=invitation)
        assert answer.status_code == 404
    assert (await charlie.send(f"/account/invitations/{theirs}/decline")).status_code == 404
    assert scene.answers_to(body["email"]) == ["pending"]
    person = scene.cast.charlie.actor
    await scene.invited(person.email)
    scene.admin.execute("update users set email_verified_at = null where id = %s", [person.id])
    text = (await charlie.client.get("/account/invitations")).text
    assert "Confirm your email address" in text
    assert "Acme" not in text


async def test_an_offer_that_no_longer_holds_is_shown_above_the_list(
    charlie: Visitor, scene: Scene
) -> None:
    email, cast = scene.cast.charlie.actor.email, scene.cast
    await scene.invited(email, role="admin")
    text = (await charlie.client.get("/account/invitations")).text
    invitation = text.partition('name="invitation" value="')[2].partition('"')[0]
    scene.admin.execute(
        """update memberships m set role_id = r.id from roles r
            where m.org_id = %s and m.user_id = %s and r.org_id = m.org_id and r.key = 'viewer'""",
        [cast.acme.organization.id, cast.alice.actor.id],
    )
    answer = await charlie.send("/account/invitations", invitation=invitation)
    assert answer.status_code == 409
    assert "may no longer grant these roles" in answer.text
    assert "No longer valid: ask for a new invitation." in answer.text
    assert "Join Acme" not in answer.text


async def test_an_account_is_deleted_with_its_password(charlie: Visitor, scene: Scene) -> None:
    email = scene.cast.charlie.actor.email
    asked = await charlie.client.get("/account/delete")
    assert email in asked.text
    wrong = await charlie.send("/account/delete", current_password="a wrong one, alas")
    assert wrong.status_code == 403
    assert 'id="current_password-error"' in wrong.text
    gone = await charlie.send("/account/delete", current_password=PASSWORD)
    assert gone.status_code == 200
    assert "Account deleted" in gone.text
    assert email not in gone.text
    assert (await charlie.client.get("/account")).status_code == 303
    assert not await scene.can_sign_in(email, PASSWORD)


async def test_who_has_no_password_is_asked_for_none(charlie: Visitor, scene: Scene) -> None:
    person = scene.cast.charlie.actor
    scene.admin.execute("update users set password_hash = null where id = %s", [person.id])
    asked = await charlie.client.get("/account/delete")
    assert "current_password" not in asked.text
    assert (await charlie.send("/account/delete")).status_code == 200
    assert scene.open_sessions(person.email) == 0


async def test_what_would_be_left_without_an_admin_is_listed(alice: Visitor, scene: Scene) -> None:
    acme = scene.cast.acme.organization
    answer = await alice.send("/account/delete", current_password=PASSWORD)
    assert answer.status_code == 409
    assert "You are the only permanent Admin of some organizations" in answer.text
    assert f'href="/organizations/{acme.slug}/people">{acme.name}</a>' in answer.text
    assert await scene.can_sign_in(scene.cast.alice.actor.email, PASSWORD)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/account", {"name": "Mallory"}),
        ("/account/password", {"current_password": PASSWORD, "new_password": GOOD_PASSWORD}),
        ("/account/verification", {}),
        ("/account/sessions", {}),
        ("/account/invitations", {}),
        ("/account/delete", {"current_password": PASSWORD}),
    ],
)
async def test_a_forged_form_changes_nothing(
    charlie: Visitor, scene: Scene, path: str, fields: dict[str, str]
) -> None:
    forged = {"form_token": "0" * 96, **fields}
    for headers in ({}, {"Origin": "https://evil.example"}):
        answer = await charlie.client.post(path, data=forged, headers=headers)
        assert answer.status_code == 403
        assert "Nothing was changed" in answer.text
    assert await scene.can_sign_in(scene.cast.charlie.actor.email, PASSWORD)
    assert "Mallory" not in (await charlie.client.get("/account")).text
