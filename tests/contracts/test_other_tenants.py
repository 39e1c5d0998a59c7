"""What belongs to Acme, the Admin of another organization never sees, on no way round."""

import httpx2
import pytest

from tenantry.kit.ids import Kind, new_id, show
from tests.contracts.matrix import MATRIX, Row
from tests.contracts.stage import Stage

# What operators see is theirs alone: others are told so before an organization is looked for.
TENANTS = [row for row in MATRIX if not row.path.startswith("/operator/")]
IN_ACME = [row for row in TENANTS if "{org_id}" in row.path]
# A permission belongs to no organization: by its name alone nothing of Acme's is asked for.
DEEPER = [row for row in IN_ACME if row.path.replace("{permission}", "").count("{") == 2]
LISTS = [row for row in TENANTS if row.method == "GET" and row.path.endswith("s")]
# These answer as a whole, and have no pages.
WHOLE = {
    "/me/permissions",
    "/organizations/{org_id}/members/{member_id}/permissions",
    "/permissions",
}


def _named(rows: list[Row]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=lambda row: row.call)


def _words(answer: httpx2.Response) -> dict[str, object]:
    return {name: told for name, told in answer.json().items() if name != "request_id"}


@_named(IN_ACME)
async def test_a_foreign_organization_is_answered_as_one_that_does_not_exist(
    row: Row, stage: Stage
) -> None:
    nowhere = show(Kind.ORGANIZATION, new_id())
    acme, none = [await stage.request(row, "nobody", **ids) for ids in ({}, {"org_id": nowhere})]
    for name in ("charlie", "bob"):
        foreign = await stage.scene.api.send(stage.sent_by(name, acme))
        unknown = await stage.scene.api.send(stage.sent_by(name, none))

        assert foreign.status_code == unknown.status_code == 404
        assert _words(foreign) == _words(unknown)


@_named(DEEPER)
async def test_what_lies_in_another_organization_is_not_found_by_way_of_the_own_one(
    row: Row, stage: Stage
) -> None:
    own = stage.scene.cast.bobs_path.rpartition("/")[2]
    answer = await stage.scene.api.send(await stage.request(row, "bob", org_id=own))
    assert answer.status_code == 404, answer.text


@_named(LISTS)
async def test_no_list_shows_the_other_admin_anything_of_acme(row: Row, stage: Stage) -> None:
    cast = stage.scene.cast
    await stage.scene.invited("somebody@acme.example")
    await _acme_has_keys(stage)
    filters = await _filters_that_name_acme(row, stage)

    for query in [{}, *filters]:
        answer = await stage.scene.api.get(
            stage.path(row, **_bobs_own(stage)),
            params={**_needed(row, stage), **query},
            headers=cast.bob.headers,
        )
        assert answer.status_code == 200, answer.text
        for secret in await _what_is_acmes(stage):
            assert secret not in answer.text


def _bobs_own(stage: Stage) -> dict[str, str]:
    """What Bob has in the place of what the paths name of Acme's."""
    cast = stage.scene.cast
    return {
        "org_id": cast.bobs_path.rpartition("/")[2],
        "workspace_id": show(Kind.WORKSPACE, cast.bobs.workspace.id),
        "member_id": cast.bob.member_id,
        "permission": "workspace:read",
    }


def _needed(row: Row, stage: Stage) -> dict[str, str]:
    """What a list is asked with, so that it answers, and with as much as it can."""
    if row.path == "/me/permissions":
        return {"organization_id": _bobs_own(stage)["org_id"]}
    return {} if row.path in WHOLE else {"limit": "100"}


async def _acme_has_keys(stage: Stage) -> None:
    """A service account, and a key of Alice's own."""
    cast = stage.scene.cast
    for path in ("service-accounts", "api-keys"):
        made = await stage.scene.api.post(
            f"{cast.acme_path}/{path}",
            json={"name": "Of Acme", "role": "viewer"},
            headers=cast.alice.headers,
        )
        assert made.status_code == 201, made.text


async def _what_is_acmes(stage: Stage) -> list[str]:
    """Ids and addresses that only people of Acme may see."""
    cast, scene = stage.scene.cast, stage.scene
    org_id = cast.acme.organization.id
    found = [player.actor.email for player in (cast.alice, cast.dave, cast.vera)]
    found += [player.id for player in (cast.alice, cast.dave, cast.vera)]
    found += [cast.acme_path.rpartition("/")[2], "somebody@acme.example"]
    for kind, table in (
        (Kind.WORKSPACE, "workspaces"),
        (Kind.ROLE, "roles"),
        (Kind.MEMBERSHIP, "memberships"),
        (Kind.INVITATION, "invitations"),
        (Kind.EVENT, "events"),
        (Kind.API_KEY, "api_keys"),
        (Kind.SERVICE_ACCOUNT, "service_accounts"),
    ):
        query = f"select id from {table} where org_id = %s".encode()
        found += [show(kind, each) for (each,) in scene.admin.execute(query, [org_id])]
    return found


async def _filters_that_name_acme(row: Row, stage: Stage) -> list[dict[str, str]]:
    """Parameters by which somebody might reach beyond their own organization."""
    cast = stage.scene.cast
    org_id = cast.acme.organization.id
    (role_id,) = stage.scene.admin.execute(
        "select id from roles where org_id = %s limit 1", [org_id]
    ).fetchone() or (org_id,)
    by_list = {
        "/organizations": [
            {"slug": cast.acme.organization.slug},
            {"after": show(Kind.ORGANIZATION, org_id)},
            {"before": show(Kind.ORGANIZATION, org_id), "order": "desc"},
        ],
        "/organizations/{org_id}/members": [
            {"email": cast.alice.actor.email},
            {"role": show(Kind.ROLE, role_id)},
            {"role": "admin"},
            {"after": cast.alice.member_id},
        ],
        "/organizations/{org_id}/workspaces": [{"archived": "true"}, {"after": cast.workspace_id}],
        "/organizations/{org_id}/workspaces/{workspace_id}/members": [
            {"after": cast.alice.member_id}
        ],
        "/organizations/{org_id}/roles": [{"after": show(Kind.ROLE, role_id)}],
        "/organizations/{org_id}/invitations": [{"status": "pending"}, {"status": "expired"}],
        "/organizations/{org_id}/events": [{"action": "organization.created"}],
        "/organizations/{org_id}/permissions/{permission}/members": [
            {"workspace_id": cast.workspace_id},
            {"after": cast.alice.member_id},
        ],
    }
    return by_list.get(row.path, [])
