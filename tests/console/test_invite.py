"""Inviting one or many by pasted addresses, each with its own result."""

import pytest

from tenantry.console.invitations.invite import addresses_in
from tests.console.conftest import SignedIn
from tests.console.visitor import Visitor
from tests.support.cast import Cast
from tests.support.mail.mailbox import email_to, part
from tests.support.scene import Scene, new_address

GOOD = {"role": "viewer", "days": "7", "message": ""}


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/organizations/{cast.acme.organization.slug}/people/invite"


@pytest.fixture
async def alice(sign_in: SignedIn, cast: Cast) -> Visitor:
    return await sign_in(cast.alice)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        (" \n ", []),
        ("a@x.org", ["a@x.org"]),
        ("a@x.org,b@x.org;c@x.org\r\nd@x.org e@x.org", list("abcde")),
        ("Nora <a@x.org>, Otto B. <b@x.org>", list("ab")),
        ("a@x.org a@x.org\na@x.org", ["a@x.org"]),
        ("nonsense, b@x.org", ["nonsense", "b@x.org"]),
        ("< a@x.org >", ["a@x.org"]),
    ],
)
def test_addresses_are_found_however_they_were_copied(text: str, found: list[str]) -> None:
    known = {character: f"{character}@x.org" for character in "abcde"}
    assert addresses_in(text) == [known.get(each, each) for each in found]


async def test_three_are_invited_at_once(alice: Visitor, scene: Scene, path: str) -> None:
    emails = [new_address() for _ in range(3)]
    message = "See you\r\nthere"
    form = {**GOOD, "role": "developer", "message": message}
    done = await alice.send(path, addresses="\n".join(emails), **form)
    listed = path.replace("/invite", "/invitations?status=pending")
    assert (done.status_code, done.headers["location"]) == (303, listed)
    page = (await alice.client.get(listed)).text
    assert "3 invitations sent" in page
    assert all(email in page for email in emails)
    for email in emails:
        assert scene.answers_to(email) == ["pending"]
        received = await email_to(scene.mailbox, email, subject="invites you")
        assert "See you" in part(received, "plain")


async def test_one_is_named(alice: Visitor, path: str) -> None:
    email = new_address()
    done = await alice.send(path, addresses=email, **GOOD)
    assert f"{email[:39]}" in (await alice.client.get(done.headers["location"])).text


async def test_each_address_has_its_result_and_the_refused_come_again(
    alice: Visitor, scene: Scene, path: str
) -> None:
    fresh, pending, member = new_address(), new_address(), scene.cast.dave.actor.email
    await scene.invited(pending)
    answer = await alice.send(path, addresses=f"{fresh}, {pending}, {member}, <b>nonsense", **GOOD)
    assert answer.status_code == 200
    for words in (
        "Invited",
        "This address already has a pending invitation.",
        "This person is already a member of the organization.",
        "Enter a valid email address, such as name@example.com.",
    ):
        assert words in answer.text
    left = answer.text.partition('<textarea id="addresses"')[2].partition("</textarea>")[0]
    assert fresh not in left
    assert pending in left
    assert member in left
    assert "&lt;b&gt;nonsense" in left
    assert "<b>nonsense" not in answer.text
    assert scene.answers_to(fresh) == ["pending"]


async def test_where_no_one_could_be_invited_the_form_is_refused(
    alice: Visitor, scene: Scene, path: str
) -> None:
    answer = await alice.send(path, addresses=scene.cast.dave.actor.email, **GOOD)
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"addresses": " "}, "addresses"),
        ({"addresses": "\n".join(f"n{n}@example.com" for n in range(101))}, "addresses"),
        ({"days": "400"}, "days"),
        ({"message": "a" * 501}, "message"),
    ],
)
async def test_what_does_not_fit_is_shown_at_its_field_and_no_one_is_invited(
    alice: Visitor, scene: Scene, path: str, wrong: dict[str, str], field: str
) -> None:
    email = new_address()
    answer = await alice.send(path, **({"addresses": email, **GOOD} | wrong))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert scene.answers_to(email) == []


async def test_a_role_that_is_not_there_is_shown_of_each(
    alice: Visitor, scene: Scene, path: str
) -> None:
    email = new_address()
    answer = await alice.send(path, addresses=email, **{**GOOD, "role": "no-such-role"})
    assert answer.status_code == 422
    assert "This organization has no such role." in answer.text
    assert scene.answers_to(email) == []


async def test_roles_in_workspaces_go_with_the_invitation(
    alice: Visitor, scene: Scene, path: str
) -> None:
    email = new_address()
    chosen = {f"workspace:{scene.cast.workspace_id}": "developer", "workspace:ws_none": "admin"}
    done = await alice.send(path, addresses=email, **GOOD, **chosen)
    assert done.status_code == 303
    listed = await scene.api.get(
        f"{scene.cast.acme_path}/invitations", headers=scene.cast.alice.headers
    )
    (made,) = [each for each in listed.json()["data"] if each["email"] == email]
    assert [(each["workspace_id"], each["role"]["key"]) for each in made["workspaces"]] == [
        (scene.cast.workspace_id, "developer")
    ]


async def test_no_one_is_offered_a_role_above_their_own(
    sign_in: SignedIn, scene: Scene, path: str
) -> None:
    cast = scene.cast
    inviter = {"key": "host", "name": "Host", "permissions": ["member:read", "member:invite"]}
    made = await scene.api.post(f"{cast.acme_path}/roles", json=inviter, headers=cast.alice.headers)
    assert made.status_code == 201, made.text
    changed = await scene.api.patch(
        f"{cast.acme_path}/members/{cast.vera.member_id}",
        json={"role": "host"},
        headers=cast.alice.headers,
    )
    assert changed.status_code == 200
    vera = await sign_in(cast.vera)
    text = (await vera.client.get(path)).text
    assert '<option value="admin"' not in text
    answer = await vera.send(path, addresses=new_address(), **{**GOOD, "role": "admin"})
    assert answer.status_code == 422
    assert "The role has permissions that you do not have yourself." in answer.text


async def test_a_forged_form_invites_no_one(sign_in: SignedIn, scene: Scene, path: str) -> None:
    email = new_address()
    vera = await sign_in(scene.cast.vera)
    assert (await vera.send(path, addresses=email, **GOOD)).status_code == 403
    unproven = {"form_token": "0" * 96, "addresses": email, **GOOD}
    assert (await vera.client.post(path, data=unproven)).status_code == 403
    assert scene.answers_to(email) == []


async def test_characters_are_counted_and_none_leaves_beyond(
    alice: Visitor, scene: Scene, path: str
) -> None:
    """As an inviter whose own address is unproven, who has five a day."""
    cast = scene.cast
    scene.admin.execute(
        "update users set email_verified_at = null where id = %s", [cast.alice.actor.id]
    )
    asked = await alice.client.get(path)
    assert "Not included until you confirm your own email address." in asked.text
    emails = [new_address() for _ in range(6)]
    answer = await alice.send(path, addresses=" ".join(emails), **GOOD)
    assert answer.status_code == 429
    assert all(scene.answers_to(email) == [] for email in emails)
