"""Private workspaces of Acme with everything that can be told of one, at each stage of its life."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import httpx2

from tenantry.authz.builtin_permissions import BUILT_IN
from tests.contracts.matrix import MATRIX
from tests.http.api_keys import keys
from tests.http.roles import custom
from tests.http.workspaces import calls as workspaces
from tests.support.api.invitations import offer
from tests.support.scene import Scene, new_address

SECRET = "zebra"
"""It is part of whatever a private workspace is called, or has."""
HIDDEN: dict[str, Any] = {
    "name": "Zebra vault",
    "slug": "zebra-vault",
    "description": "Where zebras are counted.",
    "metadata": {"zebra_budget": "zebra-4711"},
    "visibility": "private",
}
_GETS = [row for row in MATRIX if row.method == "GET" and not row.path.startswith("/operator/")]


@dataclass(frozen=True)
class Lives:
    """The private workspaces, by their stage, and what lies in Acme beside them."""

    workspaces: Mapping[str, dict[str, Any]]
    ids: Mapping[str, list[str]]
    """What a path may name, by the name that it has in paths."""

    def paths(self) -> list[str]:
        """Every GET of the API about Acme or oneself, with each combination of ids."""
        return [
            "/api/v1" + row.path.format(**dict(zip(names, chosen, strict=True)))
            for row in _GETS
            for names in [[name for name in self.ids if f"{{{name}}}" in row.path]]
            for chosen in product(*(self.ids[name] for name in names))
        ]

    def queries(self) -> list[dict[str, str]]:
        """What may stand behind a path; a call refuses what it does not know."""
        (org_id,) = self.ids["org_id"]
        whole = {"limit": "100"}
        ctx = {"organization_id": org_id}
        there = {"workspace_id": self.workspaces["live"]["id"]}
        return [{}, whole, {**whole, "archived": "true"}, ctx, {**ctx, **there}, there]


async def lived(scene: Scene) -> Lives:
    """A private workspace at each stage, each with a member, an invited person, a service account
    and a key; and an open one that was deleted."""
    api, cast = scene.api, scene.cast
    role = await custom.made(api, cast, name="Deputy", permissions=[str(each) for each in BUILT_IN])
    await custom.hold(api, cast, cast.dave, role)
    made = {
        "live": await _made(scene, "live"),
        "archived": await _made(scene, "archived"),
        "renamed": await _made(scene, "renamed"),
        "once open": await _made(scene, "once-open", visibility="organization"),
        "deleted": await _made(scene, "deleted"),
    }
    alice = cast.alice.headers
    there = {stage: workspaces.path(cast, workspace) for stage, workspace in made.items()}
    acts = [
        await api.post(f"{there['archived']}/archive", headers=alice),
        await api.patch(there["renamed"], json={"name": "Zebra two", "slug": "z2"}, headers=alice),
        await api.patch(there["once open"], json={"visibility": "private"}, headers=alice),
        await api.delete(there["deleted"], headers=alice),
        # With her go her roles in all of them: the event of her leaving names each.
        await api.delete(f"{cast.acme_path}/members/{cast.vera.member_id}", headers=alice),
    ]
    assert [act.status_code for act in acts] == [200, 200, 200, 204, 204]
    return Lives(made, await _ids(scene, [each["id"] for each in made.values()]))


async def _made(scene: Scene, name: str, **differently: Any) -> dict[str, Any]:
    """A workspace with everybody and everything that can be in one."""
    api, cast = scene.api, scene.cast
    slug = f"{HIDDEN['slug']}-{name}"
    workspace = await workspaces.made(api, cast, None, **{**HIDDEN, "slug": slug, **differently})
    member = f"{workspaces.path(cast, workspace)}/members/{cast.vera.member_id}"
    put = await api.put(member, json={"role": "developer"}, headers=cast.alice.headers)
    assert put.status_code == 201, put.text
    there = {"workspace_id": workspace["id"]}
    await offer(scene, new_address(), workspaces=[{**there, "role": "viewer"}])
    account = await keys.account(api, cast, name="Zebra robot", **there)
    robots = await keys.key(api, cast, name="Zebra robot's", service_account_id=account["id"])
    for what, id in (("api-keys", robots["id"]), ("service-accounts", account["id"])):
        renamed = await api.patch(
            f"{cast.acme_path}/{what}/{id}", json={"name": "Zebra"}, headers=cast.alice.headers
        )
        assert renamed.status_code == 200, renamed.text
    await keys.key(api, cast, name="Zebra deploy", **there)
    return workspace


async def _ids(scene: Scene, workspace_ids: list[str]) -> dict[str, list[str]]:
    api, cast = scene.api, scene.cast

    async def listed(what: str, **query: str) -> list[str]:
        params = {"limit": "100", **query}
        answer = await api.get(
            f"{cast.acme_path}/{what}", params=params, headers=cast.alice.headers
        )
        return [each["id"] for each in answer.json()["data"]]

    return {
        "org_id": [cast.acme_path.rpartition("/")[2]],
        "workspace_id": [cast.workspace_id, *workspace_ids],
        "role_id": await listed("roles"),
        "member_id": await listed("members"),
        "invitation_id": await listed("invitations"),
        "key_id": await listed("api-keys"),
        "service_account_id": await listed("service-accounts"),
        "permission": ["workspace:read", "workspace:update"],
    }


def leaks(answer: httpx2.Response, lives: Lives) -> list[str]:
    """What a response says of private workspaces, apart from what its path named."""
    text = answer.text.lower()
    told = [workspace["id"] for workspace in lives.workspaces.values()]
    return [each for each in [SECRET, *told] if each in text and each not in str(answer.url)]
