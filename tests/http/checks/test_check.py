"""POST /api/v1/check: may this person do this, there, and why?"""

from typing import Any

import httpx2
import psycopg
import pytest

from tenantry.kit.ids import Kind, new_id, show
from tests.http.checks.requests import CHECK, STRANGER, acme, ask, missing, told
from tests.http.permissions.declarations import declared
from tests.http.responses import pointers
from tests.http.responses import told as refusal
from tests.http.roles.custom import end, hold, made
from tests.support.api.operator_calls import org_path, turn, user_path
from tests.support.cast import Cast, Player


async def _workspace(api: httpx2.AsyncClient, cast: Cast, visibility: str = "private") -> str:
    answer = await api.post(
        f"{cast.acme_path}/workspaces",
        json={"name": "Vault", "visibility": visibility},
        headers=cast.alice.headers,
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def _place(
    api: httpx2.AsyncClient, cast: Cast, workspace: str, who: Player, role: str
) -> None:
    path = f"{cast.acme_path}/workspaces/{workspace}/members/{who.member_id}"
    answer = await api.put(path, json={"role": role}, headers=cast.alice.headers)
    assert answer.is_success, answer.text


async def _change(api: httpx2.AsyncClient, cast: Cast, who: Player, **terms: Any) -> None:
    path = f"{cast.acme_path}/members/{who.member_id}"
    answer = await api.patch(path, json=terms, headers=cast.alice.headers)
    assert answer.status_code == 200, answer.text


async def test_the_explanation_names_membership_and_role(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    decision = await told(api, cast.dave, acme(cast), "workspace:create")

    revision = decision.pop("revision")
    role = decision["explanation"].pop("role")
    assert revision >= 1
    assert role["key"] == "developer"
    assert decision == {
        "allowed": True,
        "explanation": {
            "allowed_by": ["role"],
            "missing": None,
            "membership": {"id": cast.dave.member_id, "status": "active"},
            "workspace": None,
        },
    }
    assert await missing(api, cast.dave, acme(cast), "member:remove") == "permission"


async def test_the_role_in_a_workspace_adds_what_counts_there(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    vault, org = await _workspace(api, cast), acme(cast)
    product = await declared(api, cast)
    role = await made(
        api, cast, name="Keeper", permissions=["workspace:delete", "member:remove", product]
    )
    await _place(api, cast, vault, cast.vera, role["id"])

    def there(permission: str) -> Any:
        return told(api, cast.vera, org, permission, workspace_id=vault)

    deletes, approves, reads = [
        await there(each) for each in ("workspace:delete", product, "workspace:read")
    ]

    assert deletes["explanation"]["allowed_by"] == ["workspace_role"]
    assert approves["explanation"]["allowed_by"] == ["workspace_role"]
    assert reads["explanation"]["allowed_by"] == ["role"]
    assert deletes["explanation"]["workspace"]["id"] == vault
    assert deletes["explanation"]["workspace"]["archived"] is False
    assert deletes["explanation"]["workspace"]["role"]["id"] == role["id"]
    assert (await there("member:remove"))["explanation"]["missing"] == "permission"
    assert await missing(api, cast.vera, org, product) == "permission"
    default = {"workspace_id": cast.workspace_id}
    assert await missing(api, cast.vera, org, "workspace:delete", **default) == "permission"
    both = await told(api, cast.alice, org, "workspace:read", workspace_id=vault)
    assert both["explanation"]["allowed_by"] == ["role", "workspace_role"]


async def test_strangers_are_told_the_same_of_what_is_there_and_what_is_not(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    nowhere = show(Kind.ORGANIZATION, new_id())
    for by in (cast.bob, cast.charlie, cast.olga):
        for org in (acme(cast), nowhere):
            for more in (
                {},
                {"user_id": cast.alice.id},
                {"user_id": show(Kind.USER, new_id())},
                {"workspace_id": cast.workspace_id, "user_id": cast.alice.id},
                {"at_least_as_fresh": 10**9},
            ):
                for permission in ("workspace:read", "never:declared"):
                    assert await told(api, by, org, permission, **more) == STRANGER


@pytest.mark.parametrize("act", ["suspend", "expire", "disable", "delete", "remove", "lock out"])
async def test_whoever_is_no_member_any_more_is_a_stranger_to_themselves(
    api: httpx2.AsyncClient, cast: Cast, admin: psycopg.Connection[Any], act: str
) -> None:
    org, vera = acme(cast), cast.vera
    alice = cast.alice.headers
    assert await missing(api, vera, org, "workspace:read") is None
    if act == "suspend":
        await _change(api, cast, vera, status="suspended")
    if act == "expire":
        ended = "update memberships set expires_at = now() where user_id = %s"
        admin.execute(ended, [vera.actor.id])
    if act == "remove":
        await api.delete(f"{cast.acme_path}/members/{vera.member_id}", headers=alice)
    if act == "delete":
        await api.delete(cast.acme_path, headers=alice)
    if act == "disable":
        await turn(api, org_path(cast), "disable", cast.olga)
    if act == "lock out":
        await turn(api, user_path(vera), "disable", cast.olga)
        assert refusal(await ask(api, vera, org, "workspace:read")) == (401, "unauthenticated")
        return
    assert await told(api, vera, org, "workspace:read") == STRANGER


async def test_who_may_see_members_is_told_what_is_amiss_with_one(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    org = acme(cast)

    async def of(who: Player) -> Any:
        return await told(api, cast.dave, org, "workspace:read", user_id=who.id)

    assert (await of(cast.vera))["allowed"] is True
    await _change(api, cast, cast.vera, status="suspended")
    suspended = (await of(cast.vera))["explanation"]
    await turn(api, user_path(cast.vera), "disable", cast.olga)
    disabled = (await of(cast.vera))["explanation"]
    stranger = await of(cast.bob)

    assert suspended["missing"] == "active_membership"
    assert suspended["membership"] == {"id": cast.vera.member_id, "status": "suspended"}
    assert disabled["missing"] == "account"
    assert stranger["explanation"] == STRANGER["explanation"]
    assert stranger["revision"] >= 1


async def test_a_member_who_may_not_see_members_asks_about_no_one_but_themselves(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    blind = await made(api, cast, name="Blind", permissions=["workspace:read"])
    await hold(api, cast, cast.vera, blind)

    about_others = await ask(api, cast.vera, acme(cast), "workspace:read", user_id=cast.dave.id)

    assert refusal(about_others) == (403, "permission_denied")
    assert about_others.json()["required_permission"] == "member:read"
    own = {"user_id": cast.vera.id}
    assert await missing(api, cast.vera, acme(cast), "workspace:read", **own) is None


async def test_a_private_workspace_is_unknown_to_who_does_not_see_it_whomever_they_ask_about(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    vault, org = await _workspace(api, cast), acme(cast)
    unknown = show(Kind.WORKSPACE, new_id())

    def asked(by: Player, about: Player, workspace: str) -> Any:
        return told(api, by, org, "workspace:read", user_id=about.id, workspace_id=workspace)

    assert await asked(cast.dave, cast.alice, vault) == await asked(cast.dave, cast.alice, unknown)
    assert (await asked(cast.dave, cast.dave, vault))["explanation"]["missing"] == "workspace"
    assert (await asked(cast.alice, cast.alice, vault))["allowed"] is True
    not_dave = (await asked(cast.alice, cast.dave, vault))["explanation"]
    assert not_dave["missing"] == "workspace"
    assert not_dave["workspace"]["id"] == vault
    await _place(api, cast, vault, cast.dave, "viewer")
    assert (await asked(cast.dave, cast.alice, vault))["allowed"] is True


async def test_an_archived_workspace_is_said_to_be_one(api: httpx2.AsyncClient, cast: Cast) -> None:
    lab = await _workspace(api, cast, "organization")
    path = f"{cast.acme_path}/workspaces/{lab}"
    await api.post(f"{path}/archive", headers=cast.alice.headers)

    decision = await told(api, cast.dave, acme(cast), "workspace:update", workspace_id=lab)

    assert decision["allowed"] is True
    assert decision["explanation"]["workspace"]["archived"] is True
    change = await api.patch(path, json={"name": "Late"}, headers=cast.dave.headers)
    assert refusal(change) == (409, "workspace_archived")


async def test_what_no_one_declared_no_one_may(api: httpx2.AsyncClient, cast: Cast) -> None:
    assert await missing(api, cast.alice, acme(cast), "never:declared") == "declaration"
    name = await declared(api, cast)
    assert await missing(api, cast.alice, acme(cast), name) is None
    assert await missing(api, cast.dave, acme(cast), name) == "permission"


async def test_a_check_knows_of_every_change_that_it_is_told_of(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    role = await made(api, cast, permissions=["event:read"])
    await hold(api, cast, cast.vera, role)
    gone = await end(api, cast, role, {"id": (await made(api, cast, name="No"))["id"]})
    revision = int(gone.headers["tenantry-revision"])

    decision = await told(api, cast.vera, acme(cast), "event:read", at_least_as_fresh=revision)
    beyond = await ask(api, cast.vera, acme(cast), "event:read", at_least_as_fresh=revision + 1)

    assert decision["revision"] == revision
    assert refusal(beyond) == (409, "revision_unknown")


BAD: list[tuple[str, Any]] = [
    *(("organization_id", bad) for bad in ("acme", "user_01h455vb4pex5vsknk084sn02q", 5, None)),
    *(("workspace_id", bad) for bad in ("", "org_01h455vb4pex5vsknk084sn02q", 5, False)),
    *(("user_id", bad) for bad in ("", "me", 0, "mem_01h455vb4pex5vsknk084sn02q")),
    *(("permission", bad) for bad in ("", "read", "a:b:c", "workspace:paint", "A:b", None, 5)),
    *(("at_least_as_fresh", bad) for bad in (0, -1, 1.5, "5", 2**53)),
    ("surprise", 5),
]


@pytest.mark.parametrize(("field", "value"), BAD)
async def test_what_is_malformed_is_refused_by_name(
    api: httpx2.AsyncClient, cast: Cast, field: str, value: Any
) -> None:
    more = {"organization_id": acme(cast), "permission": "workspace:read", field: value}
    answer = await api.post(CHECK, json=more, headers=cast.alice.headers)
    assert pointers(answer) == [f"#/{field}"]


async def test_no_one_keeps_an_answer_that_holds_for_a_moment(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    answer = await ask(api, cast.alice, acme(cast), "workspace:read")
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    unsigned = await api.post(CHECK, content=b"{")
    assert refusal(unsigned) == (401, "unauthenticated")
