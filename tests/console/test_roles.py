"""Roles at the pages: a matrix, what a change would do, and roles that end."""

import re
from typing import Any

import httpx2
import psycopg
import pytest

from tenantry.authz.builtin_permissions import ADMIN, OFFERED
from tenantry.authz.permissions import actions as permissions
from tenantry.authz.roles.model import DEFAULT_ROLES
from tenantry.http.service import Service
from tenantry.kit.ids import Kind, show
from tests.console.hands import Hands
from tests.support.cast import Cast

SUPPORT = {
    "name": "Support",
    "key": "",
    "description": "Answers customers.",
    "permission:organization:read": "on",
    "permission:member:read": "on",
}


@pytest.fixture
async def alice(api: httpx2.AsyncClient, service: Service, cast: Cast) -> Hands:
    return await Hands.of(api, service, cast, cast.alice)


async def made(alice: Hands) -> str:
    """The path of a new role."""
    answer = await alice.send("/roles/new", SUPPORT)
    assert "Role Support created" in answer.text
    return f"/roles/{answer.url.path.rpartition('/')[2]}"


async def held(cast: Cast, path: str, api: httpx2.AsyncClient) -> None:
    """Let Dave hold the role."""
    member = f"{cast.acme_path}/members/{cast.dave.member_id}"
    role = {"role": path.rpartition("/")[2]}
    (await api.patch(member, json=role, headers=cast.alice.headers)).raise_for_status()


def permissions_in(admin: psycopg.Connection[Any], cast: Cast, key: str) -> list[str]:
    row = admin.execute(
        "select permissions from roles where org_id = %s and key = %s and retired_at is null",
        [cast.acme.organization.id, key],
    ).fetchone()
    assert row is not None
    return row[0]


def number_of_permissions(admin: psycopg.Connection[Any]) -> int:
    """Ours, and what other tests have declared."""
    row = admin.execute("select count(*) from permissions").fetchone()
    assert row is not None
    return len(OFFERED) + row[0]


async def test_the_matrix_has_a_column_for_each_role_and_a_row_for_each_permission(
    alice: Hands, admin: psycopg.Connection[Any]
) -> None:
    await made(alice)
    text = (await alice.see("/roles")).text
    for name in ("Admin", "Developer", "Viewer", "Support"):
        assert re.search(rf'<th scope="col"><a [^>]+>{name}</a></th>', text)
    for permission in OFFERED:
        assert f"<code>{permission.value}</code></th>" in text
    granted = [
        permission for role in DEFAULT_ROLES if role.key != ADMIN for permission in role.permissions
    ]
    assert text.count("✓") == number_of_permissions(admin) + len(granted) + 2


async def test_what_nothing_listens_to_yet_is_offered_to_no_one_and_kept_where_it_is(
    alice: Hands, cast: Cast, api: httpx2.AsyncClient
) -> None:
    """Fails, with the permission taken from the role, where the form forgets it: tried."""
    body = {"name": "Deputy", "permissions": ["organization:read", "webhook:manage"]}
    created = await api.post(f"{cast.acme_path}/roles", json=body, headers=cast.alice.headers)
    role = created.json()
    path = f"/roles/{role['id']}"

    for page in ("/roles", "/roles/new", path):
        assert "webhook" not in (await alice.see(page)).text.lower().partition("<pre")[0], page
    form = (await alice.see(f"{path}/edit")).text
    assert form.count("permission:webhook:manage") == 1
    ticked = {"permission:organization:read": "on", "permission:webhook:manage": "on"}
    seen = (await alice.send(f"{path}/edit", {"name": "Second", **ticked})).text
    assert "Removed permissions" not in seen
    assert 'type="hidden" name="permission:webhook:manage" value="on"' in form


async def test_a_role_may_hold_what_the_product_declares(
    alice: Hands, cast: Cast, service: Service, admin: psycopg.Connection[Any]
) -> None:
    async with service.database.transaction() as (tx, _):
        await permissions.declare_all(tx, {"invoice:approve": "Approve <b>invoices</b>."})
    try:
        text = (await alice.see("/roles")).text
        assert "Approve &lt;b&gt;invoices&lt;/b&gt;. <code>invoice:approve</code>" in text
        assert 'name="permission:invoice:approve"' in (await alice.see("/roles/new")).text
        await alice.send("/roles/new", {**SUPPORT, "permission:invoice:approve": "on"})
        assert "invoice:approve" in permissions_in(admin, cast, "support")
    finally:
        admin.execute("update roles set permissions = array_remove(permissions, 'invoice:approve')")
        admin.execute("delete from permissions where name = 'invoice:approve'")


async def test_a_new_role_may_be_like_another_one(
    alice: Hands, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    viewer = show(Kind.ROLE, cast.acme.membership.role.id)
    text = (await alice.see(f"/roles/new?like={viewer}")).text
    assert text.count(" checked") == number_of_permissions(admin)


async def test_what_does_not_fit_comes_again_with_all_that_was_filled_in(alice: Hands) -> None:
    answer = await alice.send("/roles/new", {**SUPPORT, "name": " ", "key": "role_x"})
    assert answer.status_code == 422
    assert answer.text.count('class="error"') == 3
    assert "Answers customers." in answer.text
    assert answer.text.count(" checked") == 2
    taken = await alice.send("/roles/new", {**SUPPORT, "key": "admin"})
    assert taken.status_code == 409
    assert "Another role of this organization already has this key." in taken.text


async def test_a_change_is_shown_before_it_is_saved(
    alice: Hands, cast: Cast, api: httpx2.AsyncClient, admin: psycopg.Connection[Any]
) -> None:
    path = await made(alice)
    await held(cast, path, api)
    wanted = {
        "name": "Support",
        "description": "Answers customers.",
        "permission:organization:read": "on",
        "permission:member:invite": "on",
    }
    preview = await alice.send(f"{path}/edit", wanted)
    assert preview.status_code == 200
    lost, _, gained = preview.text.partition("Added permissions")
    assert "View members" in lost
    assert "Invite people" in gained
    assert "Dave" in lost
    assert "<strong>1</strong> <span>member</span>" in lost
    assert permissions_in(admin, cast, "support") == ["organization:read", "member:read"]
    saved = await alice.send(f"{path}/edit", {**wanted, **confirmed(preview.text)})
    assert "Role Support updated" in saved.text
    assert permissions_in(admin, cast, "support") == ["organization:read", "member:invite"]


def confirmed(text: str) -> dict[str, str]:
    """What else the form of a preview says."""
    found = re.search(r'name="seen" value="([^"]+)"', text)
    assert found is not None
    return {"confirmed": "yes", "seen": found[1]}


async def test_what_was_changed_meanwhile_is_looked_at_again(alice: Hands) -> None:
    path = await made(alice)
    wanted = {"name": "Helpers", "description": ""}
    first = confirmed((await alice.send(f"{path}/edit", wanted)).text)
    await alice.send(f"{path}/edit", {**wanted, **first})
    again = await alice.send(f"{path}/edit", {**wanted, "name": "Others", **first})
    assert again.status_code == 409
    assert "Someone else changed this" in again.text


async def test_a_default_role_is_neither_changed_nor_deleted(alice: Hands, cast: Cast) -> None:
    path = f"/roles/{show(Kind.ROLE, cast.acme.membership.role.id)}"
    for way in ("edit", "delete"):
        page = await alice.see(f"{path}/{way}")
        assert "Admin cannot be changed" in page.text
        assert "<form" not in page.text
        answer = await alice.send(f"{path}/{way}", {"name": "x", "description": ""})
        assert answer.status_code == 409


async def test_a_role_ends_and_another_one_takes_its_place(
    alice: Hands, cast: Cast, api: httpx2.AsyncClient
) -> None:
    path = await made(alice)
    await held(cast, path, api)
    page = (await alice.see(f"{path}/delete")).text
    assert "Dave" in page
    refused = await alice.send(f"{path}/delete", {"role": "x"})
    assert refused.status_code == 409
    viewer = re.search(r'<option value="(role_\w+)">Viewer</option>', page)
    assert viewer is not None
    answer = await alice.send(f"{path}/delete", {"role": viewer[1]})
    assert "Role Support deleted" in answer.text
    member = f"{cast.acme_path}/members/{cast.dave.member_id}"
    read = await api.get(member, headers=cast.alice.headers)
    assert read.json()["role"]["key"] == "viewer"


async def test_who_does_not_manage_roles_sees_them_without_a_way_to_change_them(
    api: httpx2.AsyncClient, service: Service, cast: Cast
) -> None:
    vera = await Hands.of(api, service, cast, cast.vera)
    admin = show(Kind.ROLE, cast.acme.membership.role.id)
    assert "Create role" not in (await vera.see("/roles")).text
    assert "Duplicate" not in (await vera.see(f"/roles/{admin}")).text


async def test_who_changes_it_further_finds_all_that_was_chosen_in_the_form(
    alice: Hands, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    path = await made(alice)
    wanted = {
        "name": "Helpers",
        "description": "Help.",
        "permission:organization:read": "on",
        "permission:event:read": "on",
    }
    preview = (await alice.send(f"{path}/edit", wanted)).text
    assert re.search(r'<button [^>]+name="further"[^>]*>Keep editing</button>', preview)
    form = await alice.send(f"{path}/edit", {**wanted, "further": "yes"})
    assert form.status_code == 200
    assert 'value="Helpers"' in form.text
    assert "Help." in form.text
    ticked = re.findall(r'name="permission:([a-z_:]+)" checked', form.text)
    assert ticked == ["organization:read", "event:read"]
    assert permissions_in(admin, cast, "support") == ["organization:read", "member:read"]


async def test_keys_and_service_accounts_are_among_what_would_feel_it(alice: Hands) -> None:
    path = await made(alice)
    await alice.send("/keys/accounts/new", {"name": "Deployments", "role": "support"})
    await alice.send("/keys/new", {"name": "x", "role": "support", "bearer": "", "expires_at": ""})
    for page in (
        await alice.see(f"{path}/delete"),
        await alice.send(f"{path}/edit", {"name": "Help", "description": ""}),
    ):
        assert "<strong>1</strong> <span>API key</span>" in page.text
        assert "<strong>1</strong> <span>service account</span>" in page.text
        assert "This role is not in use." not in page.text
