"""An organization for the pictures of docs/console.md, and the pages that they show."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
from playwright.async_api import Page

from tenantry.http.cookies import SESSION
from tests.support.cast import PASSWORD
from tests.support.postgres import TestPostgres
from tests.support.processes import CEILING

ORG = "/organizations/northwind"


@dataclass(frozen=True, slots=True)
class Screenshot:
    """A page, and what to do there first."""

    name: str
    path: str
    width: int = 1280
    then: Callable[[Page], Awaitable[None]] | None = None


@dataclass
class Demo:
    """An organization with people, roles and workspaces, made through the API."""

    url: str
    client: httpx2.AsyncClient
    sessions: dict[str, str] = field(default_factory=dict[str, str])
    ids: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    async def prepared(cls, url: str, postgres: TestPostgres) -> "Demo":
        """Everything created, and everyone signed in."""
        async with httpx2.AsyncClient(base_url=f"{url}/api/v1", timeout=CEILING) as client:
            demo = cls(url, client)
            await demo._prepare(postgres)
            return demo

    def cookie(self) -> Any:
        """Of Nora's session, an Admin and operator."""
        return {"name": SESSION.name, "value": self.sessions["nora"], "url": self.url}

    async def _prepare(self, postgres: TestPostgres) -> None:
        nora = await self._signed_up("Nora Lind", "nora")
        made = await self._post("/organizations", nora, name="Northwind", slug="northwind")
        self.ids["org"] = made["id"]
        org = f"/organizations/{made['id']}"
        support = await self._post(
            f"{org}/roles",
            nora,
            name="Support",
            description="Answers customers. Read-only.",
            permissions=["organization:read", "member:read", "workspace:read", "event:read"],
        )
        self.ids["role"] = support["id"]
        await self._post(f"{org}/workspaces", nora, name="Website")
        await self._post(f"{org}/workspaces", nora, name="Research", visibility="private")
        account = await self._post(
            f"{org}/service-accounts", nora, name="Deployments", role="developer"
        )
        self.ids["account"] = account["id"]
        for name in ("Releases", "Rollbacks"):
            await self._post(f"{org}/api-keys", nora, name=name, service_account_id=account["id"])
        for name, role in (("Theo Brandt", "developer"), ("Ida Okafor", "support")):
            someone = await self._signed_up(name, name.partition(" ")[0].lower())
            await self._joined(postgres, org, nora, someone, role, name)
        for email in ("mira@example.com", "jonas@example.com"):
            await self._post(f"{org}/members/invite", nora, email=email, role="viewer")
        with postgres.admin() as admin:
            admin.execute("update users set email_verified_at = now()")
        self._make_operator(postgres)
        await self._post("/operator/service-keys", nora, name="Billing")
        await self._post(
            "/operator/permissions", nora, name="invoice:approve", description="Approve invoices"
        )

    async def _signed_up(self, name: str, who: str) -> dict[str, str]:
        answer = await self.client.post(
            "/auth/sign-up",
            json={"email": f"{who}@example.com", "password": PASSWORD, "name": name},
        )
        answer.raise_for_status()
        self.sessions[who] = answer.json()["refresh_token"]
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    async def _joined(
        self,
        postgres: TestPostgres,
        org: str,
        nora: dict[str, str],
        someone: dict[str, str],
        role: str,
        name: str,
    ) -> None:
        email = f"{name.partition(' ')[0].lower()}@example.com"
        with postgres.admin() as admin:
            admin.execute("update users set email_verified_at = now() where email = %s", [email])
        offered = await self._post(f"{org}/members/invite", nora, email=email, role=role)
        accept = f"/me/invitations/{offered['id']}/accept"
        (await self.client.post(accept, headers=someone)).raise_for_status()

    async def _post(self, path: str, headers: dict[str, str], **body: Any) -> Any:
        answer = await self.client.post(path, json=body, headers=headers)
        answer.raise_for_status()
        return answer.json()

    def _make_operator(self, postgres: TestPostgres) -> None:
        with postgres.admin() as admin:
            admin.execute(
                "insert into operators (user_id, added_at) select id, now() from users"
                " where email = 'nora@example.com'"
            )


def screenshots(demo: Demo) -> list[Screenshot]:
    """Every picture there is."""
    role = f"{ORG}/roles/{demo.ids['role']}"
    account = f"{ORG}/keys/accounts/{demo.ids['account']}"
    return [
        Screenshot("overview", ORG),
        Screenshot("people", f"{ORG}/people"),
        Screenshot("invite", f"{ORG}/people/invite"),
        Screenshot("account", "/account"),
        Screenshot("roles", f"{ORG}/roles"),
        Screenshot("roles-phone", f"{ORG}/roles", width=390),
        Screenshot("change-role", f"{role}/edit", then=_changed),
        Screenshot("events", f"{ORG}/events"),
        Screenshot("event", f"{ORG}/events", then=_followed("Role created")),
        Screenshot("developer", f"{ORG}/developer"),
        Screenshot("operator", "/operator"),
        Screenshot("operator-user", "/operator/users", then=_followed("ida@example.com")),
        Screenshot("keys", f"{ORG}/keys"),
        Screenshot("key-secret", f"{ORG}/keys/new", then=_made),
        Screenshot("service-account", account),
        Screenshot("delete-service-account", f"{account}/delete"),
        Screenshot("operator-keys", "/operator/keys"),
        Screenshot("operator-permissions", "/operator/permissions"),
        Screenshot("settings", f"{ORG}/settings"),
        Screenshot("delete-organization", f"{ORG}/settings/delete"),
    ]


async def _changed(page: Page) -> None:
    await page.locator("[name='permission:event:read']").uncheck()
    await page.locator("[name='permission:member:invite']").check()
    await page.get_by_role("button", name="Review changes").click()


def _followed(name: str) -> Callable[[Page], Awaitable[None]]:
    """Follow the link of this name."""

    async def then(page: Page) -> None:
        await page.get_by_role("link", name=name).first.click()
        await page.wait_for_load_state()

    return then


async def _made(page: Page) -> None:
    await page.get_by_label("Name").fill("Nightly job")
    await page.get_by_role("button", name="Create key").click()
    await page.wait_for_load_state()
