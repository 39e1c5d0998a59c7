"""Workspaces: made, seen, changed, put aside, ended; and who belongs to them."""

from html import escape

import pytest

from tests.console.conftest import SignedIn
from tests.console.visitor import Visitor
from tests.support.cast import Cast, Player
from tests.support.scene import Scene, new_address

HOSTILE = "<script>alert(1)</script><b>Lab & Sons</b>"


@pytest.fixture
def base(cast: Cast) -> str:
    return f"/organizations/{cast.acme.organization.slug}/workspaces"


@pytest.fixture
async def alice(sign_in: SignedIn, cast: Cast) -> Visitor:
    return await sign_in(cast.alice)


async def made(visitor: Visitor, base: str, name: str, **fields: str) -> str:
    """The path of a new workspace."""
    form = {"name": name, "slug": "", "description": "", "visibility": "organization", **fields}
    answer = await visitor.send(f"{base}/new", **form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def put(scene: Scene, path: str, player: Player, role: str) -> None:
    """Give someone a role in the workspace of a page."""
    workspace_id = path.rpartition("/")[2]
    where = f"{scene.cast.acme_path}/workspaces/{workspace_id}/members/{player.member_id}"
    answer = await scene.api.put(where, json={"role": role}, headers=scene.cast.alice.headers)
    assert answer.is_success, answer.text


async def test_a_workspace_is_made_and_leads_to_its_page(alice: Visitor, base: str) -> None:
    path = await made(alice, base, "Apollo", description="To the moon\r\nand back")
    text = (await alice.client.get(path)).text
    assert "Workspace Apollo created. You are its Admin." in text
    assert "To the moon\nand back" in text
    again = await alice.send(
        f"{base}/new", name="Other", slug="apollo", description="", visibility="private"
    )
    assert again.status_code == 409
    assert 'id="slug-error"' in again.text
    assert '<option value="private" selected>' in again.text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"slug": "Not A Slug"}, "slug"),
        ({"visibility": "secret"}, "visibility"),
        ({"description": "a" * 501}, "description"),
    ],
)
async def test_what_does_not_fit_is_shown_at_its_field(
    alice: Visitor, base: str, wrong: dict[str, str], field: str
) -> None:
    good = {"name": "Lab", "slug": "", "description": "", "visibility": "organization"}
    answer = await alice.send(f"{base}/new", **(good | wrong))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


async def test_a_private_one_is_seen_by_its_own_and_by_admins_alone(
    alice: Visitor, sign_in: SignedIn, scene: Scene, base: str
) -> None:
    path = await made(alice, base, "Hideout", visibility="private")
    dave = await sign_in(scene.cast.dave)
    assert "Hideout" not in (await dave.client.get(base)).text
    for each in (path, f"{path}/edit"):
        assert (await dave.client.get(each)).status_code == 404
    await put(scene, path, scene.cast.dave, "viewer")
    assert "Hideout" in (await dave.client.get(base)).text
    assert (await dave.client.get(path)).status_code == 200


async def test_who_makes_one_private_and_is_not_in_it_is_led_to_the_list(
    alice: Visitor, sign_in: SignedIn, scene: Scene, base: str
) -> None:
    path = await made(alice, base, "Commons")
    dave = await sign_in(scene.cast.dave)
    form = {"name": "Commons", "slug": "commons", "description": "", "visibility": "private"}
    done = await dave.fill(f"{path}/edit", **form)
    assert (done.status_code, done.headers["location"]) == (303, base)
    assert (await dave.client.get(base)).status_code == 200


async def test_a_workspace_is_changed(alice: Visitor, base: str) -> None:
    path = await made(alice, base, "Apollo")
    asked = await alice.client.get(f"{path}/edit")
    assert 'value="Apollo"' in asked.text
    noted = {"key-0": "crew", "value-0": "2\r\nmen", "key-1": "", "value-1": "nothing"}
    form = {"name": "Gemini", "slug": "gemini", "description": "Two", "visibility": "private"}
    done = await alice.fill(f"{path}/edit", **form, **noted)
    assert done.headers["location"] == path
    text = (await alice.client.get(path)).text
    assert "Workspace Gemini updated" in text
    assert "Only its members and Admins" in text
    assert "<dt><code>crew</code></dt><dd>2\nmen</dd>" in text
    assert "nothing" not in text
    overtaken = await alice.send(f"{path}/edit", **form, seen="2020-01-01T00:00:00+00:00")
    assert overtaken.status_code == 409
    assert "Someone else changed this" in overtaken.text


async def test_one_is_archived_and_taken_up_again_and_deleted(alice: Visitor, base: str) -> None:
    path = await made(alice, base, "Apollo")
    assert (await alice.send(f"{path}/archive")).headers["location"] == path
    text = (await alice.client.get(path)).text
    assert "Apollo archived" in text
    assert f'href="{path}/edit"' not in text
    assert f'href="{path}/unarchive"' in text
    assert "Apollo" not in (await alice.client.get(base)).text
    assert "Apollo" in (await alice.client.get(f"{base}?archived=true")).text
    form = {"name": "A", "slug": "apollo", "description": "", "visibility": "private"}
    refused = await alice.fill(f"{path}/edit", **form)
    assert refused.status_code == 409
    assert "The workspace is archived." in refused.text
    assert (await alice.send(f"{path}/unarchive")).headers["location"] == path
    asked = await alice.client.get(f"{path}/delete")
    assert "<h1>Delete Apollo?</h1>" in asked.text
    assert (await alice.send(f"{path}/delete")).headers["location"] == base
    assert "Workspace Apollo deleted" in (await alice.client.get(base)).text
    assert (await alice.client.get(path)).status_code == 404


async def test_the_default_one_can_be_neither_archived_nor_deleted(
    alice: Visitor, cast: Cast, base: str
) -> None:
    path = f"{base}/{cast.workspace_id}"
    text = (await alice.client.get(path)).text
    for deed in ("archive", "delete"):
        assert f'href="{path}/{deed}"' not in text
        refused = await alice.send(f"{path}/{deed}")
        assert refused.status_code == 409
        assert "The default workspace cannot be archived, deleted or made private" in refused.text


async def test_someone_is_put_in_gets_another_role_and_is_taken_out(
    alice: Visitor, scene: Scene, base: str
) -> None:
    vera = scene.cast.vera
    path = await made(alice, base, "Apollo", visibility="private")
    asked = await alice.client.get(f"{path}/members/add")
    assert f'<option value="{vera.actor.email}">' in asked.text
    email = vera.actor.email.upper()
    done = await alice.send(f"{path}/members/add", email=email, role="viewer")
    assert done.headers["location"] == path
    there = f"{path}/members/{vera.member_id}"
    text = (await alice.client.get(path)).text
    assert "Vera is now Viewer in Apollo" in text
    assert f'href="{there}"' in text
    assert '<option value="viewer" selected>' in (await alice.client.get(there)).text
    assert (await alice.send(there, role="developer")).headers["location"] == path
    assert "Vera is now Developer in Apollo" in (await alice.client.get(path)).text
    assert "Remove Vera from Apollo?" in (await alice.client.get(f"{there}/remove")).text
    assert (await alice.send(f"{there}/remove")).headers["location"] == path
    assert (await alice.client.get(there)).status_code == 404
    assert (await alice.send(f"{there}/remove")).status_code == 404


@pytest.mark.parametrize(
    ("email", "role", "field"),
    [
        ("nobody", "viewer", "email"),
        ("<new>", "viewer", "email"),
        ("<dave>", "no-such-role", "role"),
    ],
)
async def test_who_cannot_be_put_in_is_shown_at_the_field(
    alice: Visitor, cast: Cast, base: str, email: str, role: str, field: str
) -> None:
    path = f"{base}/{cast.workspace_id}/members/add"
    meant = {"<new>": new_address(), "<dave>": cast.dave.actor.email}
    answer = await alice.send(path, email=meant.get(email, email), role=role)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


async def test_who_is_admin_of_one_workspace_manages_that_one_alone(
    alice: Visitor, sign_in: SignedIn, scene: Scene, base: str
) -> None:
    hers, other = [await made(alice, base, name) for name in ("Hers", "Other")]
    await put(scene, hers, scene.cast.vera, "admin")
    vera = await sign_in(scene.cast.vera)
    assert f'href="{hers}/members/add"' in (await vera.client.get(hers)).text
    assert f'href="{other}/members/add"' not in (await vera.client.get(other)).text
    email = scene.cast.dave.actor.email
    assert (await vera.send(f"{hers}/members/add", email=email, role="viewer")).is_redirect
    assert (await vera.send(f"{other}/members/add", email=email, role="viewer")).status_code == 403


async def test_a_viewer_who_forges_it_changes_nothing(
    alice: Visitor, sign_in: SignedIn, scene: Scene, base: str
) -> None:
    path = await made(alice, base, "Apollo")
    member = f"{path}/members/{scene.cast.alice.member_id}"
    vera = await sign_in(scene.cast.vera)
    form = {"name": "Vera's", "slug": "veras", "description": "", "visibility": "private"}
    for each in (f"{base}/new", f"{path}/edit"):
        assert (await vera.send(each, **form)).status_code == 403
    for each in (f"{path}/archive", f"{path}/unarchive", f"{path}/delete", f"{member}/remove"):
        assert (await vera.send(each)).status_code == 403
    assert (await vera.send(member, role="viewer")).status_code == 403
    shown = (await vera.client.get(path)).text
    assert "<h1>Apollo</h1>" in shown
    assert "/edit" not in shown


async def test_names_of_workspaces_stay_words(alice: Visitor, scene: Scene, base: str) -> None:
    path = await made(alice, base, HOSTILE, description=HOSTILE, slug="hostile")
    await put(scene, path, scene.cast.dave, "viewer")
    there = f"{path}/members/{scene.cast.dave.member_id}"
    pages = [base, path, *(f"{path}/{deed}" for deed in ("edit", "archive", "delete")), there]
    pages += [f"{path}/members/add", f"{there}/remove"]
    for each in pages:
        text = (await alice.client.get(each)).text
        assert escape(HOSTILE) in text, each
        assert "<script>" not in text
        assert "<b>" not in text
