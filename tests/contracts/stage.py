"""What replaces the `<…>` of the matrix, and a whole request of a row."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tenantry.kit.ids import Kind, new_id, show
from tests.contracts.matrix import IN_SECOND_WORKSPACE, SENDS, TAKEN_AWAY, Row
from tests.support.cast import PASSWORD, Player
from tests.support.scene import GOOD_PASSWORD, Scene, new_address, new_permission

_KEY, _ROBOT = {"name": "Deploy", "role": "viewer"}, {"name": "Robot", "role": "viewer"}


@dataclass(frozen=True)
class Stage:
    """Makes ready what a row of the matrix needs, and sends its request."""

    scene: Scene
    service_key: dict[str, str] = field(default_factory=dict[str, str])

    def caller(self, name: str) -> Player | None:
        """Somebody by the name of a column; None for no one."""
        return getattr(self.scene.cast, name, None)

    def path(self, row: Row, **others: str) -> str:
        """The path of a row, with the ids of Acme in it, or with others."""
        cast = self.scene.cast
        ids = {
            "org_id": cast.acme_path.rpartition("/")[2],
            "workspace_id": cast.workspace_id,
            "member_id": cast.vera.member_id,
            "user_id": cast.vera.id,
            "session_id": show(Kind.SESSION, cast.alice.actor.session_id),
        }
        return "/api/v1" + row.path.format_map({**ids, **others})

    async def request(self, row: Row, name: str, *, method: str = "", **ids: str) -> httpx2.Request:
        """The request of a row, by one of its callers."""
        caller = self.caller(name)
        if row.call in TAKEN_AWAY:
            await self._give_vera_a_role_there()
        if row.call in IN_SECOND_WORKSPACE:
            ids = {"workspace_id": await self.workspace("organization"), **ids}
        if "{permission}" in row.path:
            ids = {"permission": await self._permission(), **ids}
        if "{role_id}" in row.path:
            ids = {"role_id": await self._role(), **ids}
        if "{key_id}" in row.path:
            ids = {"key_id": await self._kept("api-keys", _KEY), **ids}
        if "{service_key_id}" in row.path:
            ids = {"service_key_id": await self.service_key_id(), **ids}
        if "{email_id}" in row.path:
            ids = {"email_id": self.failed_email(), **ids}
        if "{service_account_id}" in row.path:
            ids = {"service_account_id": await self._kept("service-accounts", _ROBOT), **ids}
        sent: dict[str, Any] = {
            kind: {field: await self._meant(value) for field, value in fields.items()}
            for kind, fields in SENDS.get(row.call, {}).items()
        }
        headers = {**(caller.headers if caller else {}), **sent.pop("headers", {})}
        if "{invitation_id}" in row.path:
            ids = {"invitation_id": await self._invitation_id(), **ids}
        return self.scene.api.build_request(
            method or row.method, self.path(row, **ids), headers=headers, **sent
        )

    def sent_by(self, name: str, request: httpx2.Request) -> httpx2.Request:
        """The same request by a caller; `request` has none."""
        caller = self.caller(name)
        return sent_with(request, caller.headers if caller else {})

    async def _give_vera_a_role_there(self) -> None:
        cast = self.scene.cast
        place = f"{cast.acme_path}/workspaces/{cast.workspace_id}/members/{cast.vera.member_id}"
        put = await self.scene.api.put(place, json={"role": "viewer"}, headers=cast.alice.headers)
        assert put.is_success, put.text

    async def workspace(self, visibility: str) -> str:
        """The id of Alice's workspace that is not the default one."""
        body = {"name": "Lab", "visibility": visibility}
        return await self._made("workspaces", body)

    async def _role(self) -> str:
        cast = self.scene.cast
        listed = await self.scene.api.get(f"{cast.acme_path}/roles", headers=cast.alice.headers)
        for role in listed.json()["data"]:
            if role["key"] == "auditor":
                return role["id"]
        return await self._made("roles", {"name": "Auditor", "permissions": ["event:read"]})

    async def _permission(self) -> str:
        name = "thing:do_it"
        made = await self.scene.api.post(
            "/api/v1/operator/permissions",
            json={"name": name},
            headers=self.scene.cast.olga.headers,
        )
        assert made.status_code in (201, 409), made.text  # it is there already
        return name

    async def _made(self, what: str, body: dict[str, Any]) -> str:
        cast = self.scene.cast
        made = await self.scene.api.post(
            f"{cast.acme_path}/{what}", json=body, headers=cast.alice.headers
        )
        assert made.status_code == 201, made.text
        return made.json()["id"]

    async def _kept(self, what: str, body: dict[str, Any]) -> str:
        """The same, made once."""
        cast = self.scene.cast
        listed = await self.scene.api.get(
            f"{cast.acme_path}/{what}", headers=cast.alice.headers, params={"limit": "100"}
        )
        for kept in listed.json()["data"]:
            if kept["name"] == body["name"]:
                return kept["id"]
        return await self._made(what, body)

    def failed_email(self) -> str:
        """The id of an email of Acme's that could not be sent; the same as long as it is failed."""
        org_id, admin = self.scene.cast.acme.organization.id, self.scene.admin
        row = admin.execute(
            "select id from emails where org_id = %s and state = 'failed'", [org_id]
        ).fetchone()
        email_id = row[0] if row else new_id()
        if row is None:
            admin.execute(
                """insert into emails (org_id, id, recipient, state, attempts, sealed, created_at,
                                        next_attempt_at, settled_at)
                   values (%s, %s, 'vera@acme.example', 'failed', 8, 'x', now(), now(), now())""",
                [org_id, email_id],
            )
        return show(Kind.EMAIL, email_id)

    async def service_key_id(self) -> str:
        """The id of a key of the product's, which Olga made; one for each stage."""
        if "id" not in self.service_key:
            self.service_key.update(await self.issue_service_key())
        return self.service_key["id"]

    async def issue_service_key(self) -> dict[str, str]:
        """A new key of the product's."""
        made = await self.scene.api.post(
            "/api/v1/operator/service-keys",
            json={"name": "Billing"},
            headers=self.scene.cast.olga.headers,
        )
        assert made.status_code == 201, made.text
        return made.json()

    async def _meant(self, value: Any) -> Any:
        made = self._props.get(value) if isinstance(value, str) else None
        return await made() if made else value

    async def _invitation_id(self) -> str:
        """Charlie's invitation, once its email was sent: until then it is not shown the same."""
        while (found := self._sent_invitation()) is None:
            with suppress(AssertionError):  # it is there already
                await self.scene.invited(self.scene.cast.charlie.actor.email)
            await asyncio.sleep(0.01)
        return found

    def _sent_invitation(self) -> str | None:
        cast = self.scene.cast
        row = self.scene.admin.execute(
            """select i.id from invitations i
                 join emails l on l.org_id = i.org_id and l.id = i.email_id and l.state = 'sent'
                where i.org_id = %s and i.email = %s""",
            [cast.acme.organization.id, cast.charlie.actor.email],
        ).fetchone()
        return show(Kind.INVITATION, row[0]) if row else None

    @property
    def _props(self) -> dict[str, Callable[[], Awaitable[str]]]:
        scene = self.scene
        charlie = scene.cast.charlie.actor.email
        return {
            "<new address>": _known(new_address()),
            "<Acme>": _known(scene.cast.acme_path.rpartition("/")[2]),
            "<new permission>": _known(new_permission()),
            "<password>": _known(PASSWORD),
            "<new password>": _known(GOOD_PASSWORD),
            "<Charlie's address>": _known(charlie),
            "<Charlie's invitation>": lambda: scene.invited(charlie),
            "<Charlie's reset>": lambda: scene.forgot_password(charlie),
            "<newcomer's verification>": lambda: scene.signed_up(new_address()),
        }


def _known(value: str) -> Callable[[], Awaitable[str]]:
    async def known() -> str:
        return value

    return known


def sent_with(request: httpx2.Request, headers: dict[str, str]) -> httpx2.Request:
    """The same request with more headers."""
    return httpx2.Request(
        request.method,
        request.url,
        headers={**request.headers, **headers},
        content=request.content,
    )
