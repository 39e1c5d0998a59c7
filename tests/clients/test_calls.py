"""Calls by the client: what they give, how lists are read, and how refusals are told."""

import pytest

from tenantry_client import (
    AsyncTenantry,
    Conflict,
    Invalid,
    NotFound,
    PermissionDenied,
    PreconditionFailed,
    Tenantry,
    Unauthenticated,
    Unreachable,
    etag_of,
)
from tests.clients.conftest import Live, Signs
from tests.support.cast import Cast
from tests.support.processes import free_port
from tests.support.scene import new_address


def test_an_invitation_is_made_by_its_operations_name(signed_in: Signs, cast: Cast) -> None:
    alice, org_id, email = signed_in(cast.alice), cast.acme_path.rpartition("/")[2], new_address()

    made = alice.invitations.create(org_id, email=email, role="developer", idempotency_key="once")
    again = alice.invitations.create(org_id, email=email, role="developer", idempotency_key="once")

    assert made == again
    assert (made["email"], made["role"]["key"], made["status"]) == (email, "developer", "pending")
    assert alice.invitations.get(org_id, made["id"])["id"] == made["id"]
    alice.invitations.revoke(org_id, made["id"])
    assert [each["status"] for each in alice.invitations.list(org_id)] == ["revoked"]


def test_a_list_is_read_page_by_page(signed_in: Signs, cast: Cast) -> None:
    alice, org_id = signed_in(cast.alice), cast.acme_path.rpartition("/")[2]
    made = [alice.workspaces.create(org_id, name=f"Lab {n}")["id"] for n in range(4)]
    everything = [cast.workspace_id, *made]

    listing = alice.workspaces.list(org_id, limit=2)

    assert [each["id"] for each in listing] == everything
    assert [len(page) for page in listing.pages()] == [2, 2, 1]
    assert (first := listing.first()) is not None
    assert first["id"] == cast.workspace_id
    backwards = alice.workspaces.list(org_id, limit=3, order="desc")
    assert [each["id"] for each in backwards] == everything[::-1]
    assert [each["id"] for each in alice.workspaces.list(org_id, before=made[1])] == everything[:2]


async def test_the_same_calls_are_awaited(alice_awaiting: AsyncTenantry, cast: Cast) -> None:
    org_id = cast.acme_path.rpartition("/")[2]
    for n in range(3):
        await alice_awaiting.workspaces.create(org_id, name=f"Lab {n}")

    listing = alice_awaiting.workspaces.list(org_id, limit=2)

    assert len([each async for each in listing]) == 4
    assert [len(page) async for page in listing.pages()] == [2, 2]
    assert await listing.first() is not None
    assert await alice_awaiting.organizations.list(slug="nobody-has-this").first() is None
    with pytest.raises(NotFound):
        await alice_awaiting.organizations.get(cast.bobs_path.rpartition("/")[2])


def test_a_change_is_guarded_by_the_version_that_was_read(signed_in: Signs, cast: Cast) -> None:
    alice, org_id = signed_in(cast.alice), cast.acme_path.rpartition("/")[2]
    role = alice.roles.create(org_id, name="Auditor", permissions=["event:read"])

    changed = alice.roles.update(org_id, role["id"], name="Reviewer", if_match=etag_of(role))

    assert (changed["name"], changed["permissions"]) == ("Reviewer", ["event:read"])
    with pytest.raises(PreconditionFailed) as refused:
        alice.roles.update(org_id, role["id"], name="Late", if_match=etag_of(role))
    assert refused.value.code == "precondition_failed"


def test_null_takes_away_what_absence_leaves(signed_in: Signs, cast: Cast) -> None:
    alice, org_id = signed_in(cast.alice), cast.acme_path.rpartition("/")[2]
    alice.organizations.update(org_id, metadata={"plan": "gold", "seats": "7"})

    renamed = alice.organizations.update(org_id, name="Acme & Sons")
    assert renamed["metadata"] == {"plan": "gold", "seats": "7"}
    assert alice.organizations.update(org_id, metadata=None)["metadata"] == {}


def test_refusals_are_exceptions_of_their_own(signed_in: Signs, cast: Cast, live: Live) -> None:
    alice, vera = signed_in(cast.alice), signed_in(cast.vera)
    org_id = cast.acme_path.rpartition("/")[2]
    with pytest.raises(PermissionDenied) as denied:
        vera.workspaces.create(org_id, name="Mine")
    assert denied.value.required_permission == "workspace:create"
    assert denied.value.request_id.startswith("req_")
    with pytest.raises(Conflict) as taken:
        alice.organizations.create(name="X", slug=cast.acme.organization.slug)
    assert taken.value.code == "slug_taken"
    with pytest.raises(Invalid) as invalid:
        alice.workspaces.create(org_id, name="")
    assert [error["pointer"] for error in invalid.value.errors] == ["#/name"]
    with Tenantry(live.url) as no_one, pytest.raises(Unauthenticated) as refused:
        no_one.me.get()
    assert refused.value.code == "unauthenticated"
    assert no_one.with_token(live.access_token(cast.vera)) is not no_one


def test_at_the_token_endpoint_oauths_error_is_the_code(live: Live, cast: Cast) -> None:
    with Tenantry(live.url) as no_one, pytest.raises(Unauthenticated) as refused:
        no_one.auth.token(grant_type="password", username=cast.vera.actor.email, password="wrong")
    assert refused.value.code == "invalid_grant"


async def test_who_cannot_be_reached_is_told_apart(live: Live) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    with Tenantry(nowhere) as client, pytest.raises(Unreachable):
        client.me.get()
    async with AsyncTenantry(nowhere) as client:
        with pytest.raises(Unreachable):
            await client.me.get()


@pytest.mark.parametrize("identity", ["", ".", ".."])
def test_an_id_leads_nowhere_else(live: Live, identity: str) -> None:
    with Tenantry(live.url) as client, pytest.raises(ValueError, match="an id is needed"):
        client.organizations.get(identity)
    with Tenantry(live.url) as client, pytest.raises(NotFound):
        client.organizations.get("../me?x=1#")  # there is no such organization, and no such path
