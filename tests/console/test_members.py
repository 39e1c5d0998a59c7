"""The list of people, and what is done with one of them."""

from html import escape

import pytest

from tenantry.kit.ids import Kind, show
from tests.console.conftest import SignedIn
from tests.console.visitor import Visitor
from tests.support.cast import Cast, Player
from tests.support.scene import Scene, new_address

HOSTILE = "<script>alert(1)</script><b>Mallory & Sons</b>"


@pytest.fixture
def base(cast: Cast) -> str:
    return f"/organizations/{cast.acme.organization.slug}"


@pytest.fixture
async def alice(sign_in: SignedIn, cast: Cast) -> Visitor:
    return await sign_in(cast.alice)


async def test_members_and_open_invitations_stand_in_one_list(
    alice: Visitor, scene: Scene, base: str
) -> None:
    email = new_address()
    await scene.invited(email)
    text = (await alice.client.get(f"{base}/people")).text
    for player in (scene.cast.alice, scene.cast.dave, scene.cast.vera):
        assert player.actor.email in text
        assert f'href="{base}/people/{player.member_id}"' in text
    assert text.index(email) < text.index(scene.cast.dave.actor.email)


async def test_what_narrows_the_list_down_is_shown_in_the_address(
    alice: Visitor, cast: Cast, base: str
) -> None:
    found = await alice.client.get(f"{base}/people", params={"role": "developer"})
    assert cast.dave.actor.email in found.text
    assert cast.vera.actor.email not in found.text
    found = await alice.client.get(
        f"{base}/people", params={"email": f" {cast.vera.actor.email.upper()} "}
    )
    assert cast.vera.actor.email in found.text
    assert cast.dave.actor.email not in found.text
    no_one = await alice.client.get(f"{base}/people", params={"email": '"><b>'})
    assert "No members match" in no_one.text
    assert '"><b>' not in no_one.text


async def test_the_list_goes_on_page_by_page_and_stays_narrowed_down(
    alice: Visitor, scene: Scene, base: str
) -> None:
    organization = scene.cast.acme.organization
    scene.admin.execute(
        """with people as (
             insert into users (id, email, name, created_at, updated_at)
             select gen_random_uuid(), 'crowd.' || gen_random_uuid() || '@example.com', 'C ' || n,
                    now(), now()
               from generate_series(1, 25) n returning id)
           insert into memberships (org_id, id, user_id, role_id, status, created_at, updated_at)
           select %s, uuidv7(), p.id, r.id, 'active', now(), now()
             from people p, roles r where r.org_id = %s and r.key = 'viewer'""",
        [organization.id, organization.id],
    )
    first = await alice.client.get(f"{base}/people?role=viewer")
    assert 'href="?role=viewer&amp;after=mem_' in first.text
    after = first.text.partition("after=")[2].partition('"')[0]
    second = await alice.client.get(f"{base}/people?role=viewer&after={after}")
    assert 'href="?role=viewer&amp;before=mem_' in second.text
    shown = first.text.count('class="item"') + second.text.count('class="item"')
    assert shown == 26


async def test_who_may_not_invite_sees_no_invitation_and_no_way_to_one(
    sign_in: SignedIn, scene: Scene, base: str
) -> None:
    email = new_address()
    await scene.invited(email)
    text = (await (await sign_in(scene.cast.vera)).client.get(f"{base}/people")).text
    assert scene.cast.dave.actor.email in text
    assert email not in text
    assert "/people/invit" not in text


async def test_who_is_alone_is_led_to_invite(sign_in: SignedIn, cast: Cast) -> None:
    charlie = await sign_in(cast.charlie)
    own = show(Kind.ORGANIZATION, cast.charlie.personal_id)
    text = (await charlie.client.get(f"/organizations/{own}/people")).text
    assert "just you so far" in text
    assert "/people/invite" in text


async def test_a_member_gets_another_role_an_end_and_a_rest(
    alice: Visitor, scene: Scene, base: str
) -> None:
    dave = scene.cast.dave
    path = f"{base}/people/{dave.member_id}"
    form = {"role": "viewer", "status": "suspended", "expires_at": "2100-01-31T12:30"}
    done = await alice.fill(f"{path}/edit", **form)
    assert (done.status_code, done.headers["location"]) == (303, path)
    text = (await alice.client.get(path)).text
    assert "Dave updated" in text
    assert "Suspended: no access, roles are kept" in text
    assert "31 January 2100, 12:30 UTC" in text
    assert scene.role_of(dave.actor.email) == "viewer"
    again = await alice.client.get(f"{path}/edit")
    assert 'value="2100-01-31T12:30"' in again.text
    assert '<option value="suspended" selected>' in again.text


async def test_an_end_that_is_shown_as_it_stood_is_not_set_again(
    alice: Visitor, scene: Scene, base: str
) -> None:
    """It may be over by now, and only the role shall change."""
    dave = scene.cast.dave
    assert dave.membership is not None
    scene.admin.execute(
        "update memberships set expires_at = '2020-01-31T12:30:17Z' where id = %s",
        [dave.membership.id],
    )
    form = {"role": "viewer", "status": "active", "expires_at": "2020-01-31T12:30"}
    done = await alice.fill(f"{base}/people/{dave.member_id}/edit", **form)
    assert done.status_code == 303
    assert scene.role_of(dave.actor.email) == "viewer"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("expires_at", "2020-01-31T12:30", "Choose a time in the future."),
        ("expires_at", "2030-02-30T12:30", "Enter a date and time, such as 2030-01-31T12:00."),
        ("expires_at", "tomorrow", "Enter a date and time, such as 2030-01-31T12:00."),
        ("role", "no-such-role", "This organization has no such role."),
        ("status", "asleep", "Choose an option."),
    ],
)
async def test_what_does_not_fit_is_shown_at_its_field(
    alice: Visitor, scene: Scene, base: str, field: str, value: str, words: str
) -> None:
    form = {"role": "viewer", "status": "active", "expires_at": "", field: value}
    answer = await alice.fill(f"{base}/people/{scene.cast.dave.member_id}/edit", **form)
    assert answer.status_code == 422
    assert f'id="{field}-error" role="alert">{words}' in answer.text
    assert scene.role_of(scene.cast.dave.actor.email) == "developer"


async def test_who_comes_second_is_shown_what_the_first_has_made_of_it(
    alice: Visitor, scene: Scene, base: str
) -> None:
    form = {"role": "viewer", "status": "active", "expires_at": ""}
    answer = await alice.send(
        f"{base}/people/{scene.cast.dave.member_id}/edit", seen="2020-01-01T00:00:00+00:00", **form
    )
    assert answer.status_code == 409
    assert "Someone else changed this" in answer.text
    assert scene.role_of(scene.cast.dave.actor.email) == "developer"


async def test_a_membership_that_has_ended_says_so(alice: Visitor, scene: Scene, base: str) -> None:
    dave = scene.cast.dave
    assert dave.membership is not None
    scene.admin.execute(
        "update memberships set expires_at = '2020-01-31T12:30Z' where id = %s",
        [dave.membership.id],
    )
    for path in (f"{base}/people", f"{base}/people/{dave.member_id}"):
        assert '<span class="tag warning">Expired</span>' in (await alice.client.get(path)).text


async def test_the_last_admin_is_not_demoted(alice: Visitor, scene: Scene, base: str) -> None:
    form = {"role": "viewer", "status": "active", "expires_at": ""}
    answer = await alice.fill(f"{base}/people/{scene.cast.alice.member_id}/edit", **form)
    assert answer.status_code == 409
    assert "An organization needs an active Admin" in answer.text
    assert scene.role_of(scene.cast.alice.actor.email) == "admin"


async def test_a_member_is_removed_after_a_question_that_names_them(
    alice: Visitor, scene: Scene, base: str
) -> None:
    dave = scene.cast.dave
    path = f"{base}/people/{dave.member_id}/remove"
    asked = await alice.client.get(path)
    assert "<h1>Remove Dave?</h1>" in asked.text
    assert dave.actor.email in asked.text
    assert scene.role_of(dave.actor.email) == "developer"
    done = await alice.send(path)
    assert (done.status_code, done.headers["location"]) == (303, f"{base}/people")
    assert scene.role_of(dave.actor.email) is None
    assert (await alice.client.get(f"{base}/people/{dave.member_id}")).status_code == 404


@pytest.mark.parametrize("player", ["vera", "dave"])
async def test_who_may_not_change_members_is_refused_when_they_forge_it(
    sign_in: SignedIn, scene: Scene, base: str, player: str
) -> None:
    forger: Player = getattr(scene.cast, player)
    visitor = await sign_in(forger)
    path = f"{base}/people/{forger.member_id}"
    before = scene.role_of(forger.actor.email)
    form = {"role": "admin", "status": "active", "expires_at": ""}
    assert (await visitor.send(f"{path}/edit", **form)).status_code == 403
    assert (await visitor.send(f"{path}/remove")).status_code == 403
    assert scene.role_of(forger.actor.email) == before
    text = (await visitor.client.get(path)).text
    assert "/edit" not in text
    assert "/remove" not in text


async def test_names_of_people_stay_words(alice: Visitor, scene: Scene, base: str) -> None:
    dave = scene.cast.dave
    scene.admin.execute("update users set name = %s where id = %s", [HOSTILE, dave.actor.id])
    path = f"{base}/people/{dave.member_id}"
    for each in (f"{base}/people", path, f"{path}/edit", f"{path}/remove"):
        text = (await alice.client.get(each)).text
        assert escape(HOSTILE) in text
        assert "<script>" not in text
        assert "<b>" not in text
    done = await alice.send(f"{path}/remove")
    said = (await alice.client.get(done.headers["location"])).text
    assert "&lt;script&gt;" in said
    assert "<script>" not in said
