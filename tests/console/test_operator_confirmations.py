"""What operators do at night in the console: each act is confirmed, with a reason."""

from typing import Any

import httpx2
import psycopg
import pytest

from tenantry.http.service import Service
from tenantry.kit.ids import Kind, parse, show
from tests.console.hands import Hands
from tests.console.screens import failed_email
from tests.support.cast import Cast

Admin = psycopg.Connection[Any]
WHY = {"reason": "Asked by phone"}


@pytest.fixture
async def olga(api: httpx2.AsyncClient, service: Service, cast: Cast) -> Hands:
    return await Hands.of(api, service, cast, cast.olga)


def organization(cast: Cast) -> str:
    """Acme, as operators see it."""
    return f"//operator/organizations/{show(Kind.ORGANIZATION, cast.acme.organization.id)}"


def user(cast: Cast) -> str:
    """Dave, as operators see him."""
    return f"//operator/users/{cast.dave.id}"


def orphan(admin: Admin, cast: Cast) -> None:
    """Acme's only Admin cannot sign in any more."""
    admin.execute("update users set disabled_at = now() where id = %s", [cast.alice.actor.id])


async def test_a_person_is_signed_out_everywhere(olga: Hands, cast: Cast, admin: Admin) -> None:
    assert f'href="{user(cast)[1:]}/end-sessions"' in (await olga.see(user(cast))).text
    asked = await olga.see(f"{user(cast)}/end-sessions")
    assert f"Sign {cast.dave.actor.email} out everywhere?" in asked.text
    refused = await olga.send(f"{user(cast)}/end-sessions", {"reason": " "})
    assert refused.status_code == 422

    done = await olga.send(f"{user(cast)}/end-sessions", WHY)

    assert "signed out everywhere" in done.text
    assert "Asked by phone" in done.text
    live = "select count(*) from sessions where user_id = %s and ended_at is null"
    assert admin.execute(live, [cast.dave.actor.id]).fetchone() == (0,)


async def test_an_account_is_deleted(olga: Hands, cast: Cast, admin: Admin) -> None:
    asked = await olga.see(f"{user(cast)}/delete")
    assert "This permanently deletes the account and its personal organization." in asked.text

    done = await olga.send(f"{user(cast)}/delete", WHY)

    assert f"{cast.dave.actor.email} deleted" in done.text
    found = admin.execute("select count(*) from users where id = %s", [cast.dave.actor.id])
    assert found.fetchone() == (0,)
    assert (await olga.see(user(cast))).status_code == 404


async def test_the_only_admin_is_deleted_after_the_organizations_were_named(
    olga: Hands, cast: Cast
) -> None:
    path = f"//operator/users/{cast.alice.id}/delete"
    assert "orphan_organizations" not in (await olga.see(path)).text
    refused = await olga.send(path, WHY)
    assert refused.status_code == 409
    assert f'href="{organization(cast)[1:]}">Acme<' in refused.text
    assert 'name="orphan_organizations"' in refused.text
    done = await olga.send(path, {**WHY, "orphan_organizations": "on"})
    assert f"{cast.alice.actor.email} deleted" in done.text


async def test_operators_are_offered_no_deletion_of_themselves(olga: Hands, cast: Cast) -> None:
    mine = f"//operator/users/{cast.olga.id}"
    assert f"{mine[1:]}/delete" not in (await olga.see(mine)).text
    assert (await olga.send(f"{mine}/delete", WHY)).status_code == 409


async def test_an_organization_is_deleted_and_restored(olga: Hands, cast: Cast) -> None:
    path = organization(cast)
    assert f'href="{path[1:]}/delete"' in (await olga.see(path)).text
    assert "Delete Acme?" in (await olga.see(f"{path}/delete")).text

    deleted = await olga.send(f"{path}/delete", WHY)

    assert "Acme deleted. You can restore it for 30 days." in deleted.text
    assert f'href="{path[1:]}/restore"' in deleted.text
    assert f'href="{path[1:]}/admins"' not in deleted.text
    restored = await olga.send(f"{path}/restore", {"reason": "A mistake"})
    assert "Acme restored" in restored.text
    assert "A mistake" in restored.text


async def test_an_orphan_is_given_an_admin(olga: Hands, cast: Cast, admin: Admin) -> None:
    path, naming = f"{organization(cast)}/admins", {**WHY, "email": cast.vera.actor.email}
    refused = await olga.send(path, naming)
    assert refused.status_code == 409
    assert "has an Admin who can sign in" in refused.text
    orphan(admin, cast)
    unknown = await olga.send(path, {**WHY, "email": "nobody@example.com"})
    assert unknown.status_code == 422
    assert "No account has this email address." in unknown.text
    assert (await olga.send(path, {**WHY, "email": cast.olga.actor.email})).status_code == 409

    done = await olga.send(path, naming)

    assert "Acme has an Admin again" in done.text
    role = admin.execute(
        "select r.key from memberships m join roles r on r.org_id = m.org_id and r.id = m.role_id"
        " where m.org_id = %s and m.user_id = %s",
        [cast.acme.organization.id, cast.vera.actor.id],
    )
    assert role.fetchone() == ("admin",)


async def test_a_failed_email_is_shown_from_outside_and_queued_again(
    olga: Hands, cast: Cast, admin: Admin
) -> None:
    email_id = failed_email(admin, cast)
    listed = await olga.see("//operator/emails?state=failed")
    assert "…@acme.example" in listed.text
    assert "no such person" in listed.text
    assert "vera@acme.example" not in listed.text
    assert f'href="/operator/emails/{email_id}"' in listed.text
    asked = await olga.see(f"//operator/emails/{email_id}")
    assert "Resend the email to …@acme.example?" in asked.text

    done = await olga.send(f"//operator/emails/{email_id}")

    assert "queued" in done.text
    events = admin.execute(
        "select changes -> 0 ->> 'id' from account_events where action = 'email.requeued'"
        " and user_id = %s",
        [cast.olga.actor.id],
    )
    assert events.fetchall() == [(email_id,)]
    assert parse(Kind.EMAIL, email_id)


async def test_no_one_else_comes_near_it(
    api: httpx2.AsyncClient, service: Service, cast: Cast, admin: Admin
) -> None:
    alice = await Hands.of(api, service, cast, cast.alice)
    email = f"//operator/emails/{failed_email(admin, cast)}"
    for path in (
        *(f"{organization(cast)}/{act}" for act in ("delete", "restore", "admins")),
        *(f"{user(cast)}/{act}" for act in ("delete", "end-sessions")),
        *("//operator/emails", email),
    ):
        assert (await alice.see(path)).status_code == 403
        if path != "//operator/emails":
            fields = {**WHY, "email": cast.alice.actor.email}
            assert (await alice.send(path, fields)).status_code == 403
