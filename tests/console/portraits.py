"""What pictures show: an organization as people have them, and the pages to look at."""

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
class Portrait:
    """One picture: of which page, seen by whom, after what."""

    name: str
    path: str
    who: str = "nora"
    then: Callable[[Page], Awaitable[None]] | None = None


@dataclass
class Sitter:
    """An organization with people, roles and workspaces, made through the API."""

    url: str
    client: httpx2.AsyncClient
    sessions: dict[str, str] = field(default_factory=dict[str, str])
    ids: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    async def prepared(cls, url: str, postgres: TestPostgres) -> "Sitter":
        """Everything made, and everybody signed in."""
        async with httpx2.AsyncClient(base_url=f"{url}/api/v1", timeout=CEILING) as client:
            sitter = cls(url, client)
            await sitter._prepare(postgres)
            return sitter

    def cookie(self, who: str) -> Any:
        """The cookie of somebody's session; None for no one's."""
        if who not in self.sessions:
            return None
        return {"name": SESSION.name, "value": self.sessions[who], "url": self.url}

    async def _prepare(self, postgres: TestPostgres) -> None:
        nora = await self._signed_up("Nora Lind", "nora")
        made = await self._post("/organizations", nora, name="Northwind", slug="northwind")
        self.ids["org"] = made["id"]
        org = f"/organizations/{made['id']}"
        support = await self._post(
            f"{org}/roles",
            nora,
            name="Support",
            description="Answers customers, and changes nothing.",
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
        self._make_operator(postgres)
        await self._post("/operator/service-keys", nora, name="Billing")
        await self._post(
            "/operator/permissions", nora, name="invoice:approve", description="Approve invoices."
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


def portraits(sitter: Sitter) -> list[Portrait]:
    """Every picture there is."""
    role = f"{ORG}/roles/{sitter.ids['role']}"
    account = f"{ORG}/keys/accounts/{sitter.ids['account']}"
    return [
        Portrait("overview", ORG),
        Portrait("welcome", "/", who=""),
        Portrait("sign-up", "/sign-up", who=""),
        Portrait("sign-in", "/sign-in", who=""),
        Portrait("organizations", "/organizations"),
        Portrait("people", f"{ORG}/people"),
        Portrait("invite", f"{ORG}/people/invite"),
        Portrait("invitations", f"{ORG}/people/invitations"),
        Portrait("member", f"{ORG}/people", then=_followed("Theo Brandt")),
        Portrait("workspaces", f"{ORG}/workspaces"),
        Portrait("workspace", f"{ORG}/workspaces", then=_followed("Research")),
        Portrait("account", "/account"),
        Portrait("sessions", "/account/sessions"),
        Portrait("mail", "/dev/mail", who=""),
        Portrait("roles", f"{ORG}/roles"),
        Portrait("role", role),
        Portrait("new-role", f"{ORG}/roles/new"),
        Portrait("change-role", f"{role}/edit", then=_changed),
        Portrait("delete-role", f"{role}/delete"),
        Portrait("events", f"{ORG}/events"),
        Portrait("event", f"{ORG}/events", then=_followed("Role created")),
        Portrait("developer", f"{ORG}/developer"),
        Portrait("operator", "/operator"),
        Portrait("operator-organizations", "/operator/organizations"),
        Portrait("operator-users", "/operator/users"),
        Portrait("operator-user", "/operator/users", then=_followed("ida@example.com")),
        Portrait("keys", f"{ORG}/keys"),
        Portrait("new-key", f"{ORG}/keys/new"),
        Portrait("key-secret", f"{ORG}/keys/new", then=_made),
        Portrait("service-account", account),
        Portrait("delete-service-account", f"{account}/delete"),
        Portrait("operator-keys", "/operator/keys"),
        Portrait("operator-permissions", "/operator/permissions"),
        Portrait("settings", f"{ORG}/settings"),
        Portrait("delete-organization", f"{ORG}/settings/delete"),
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
