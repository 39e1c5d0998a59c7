"""Every screen with an address to visit it at, so that each new one is walked by itself."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx2
import psycopg

from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.roles.model import DEFAULT_ROLES
from tenantry.console.routes import SCREENS
from tenantry.console.screens import Screen
from tenantry.http.access import Requirement
from tenantry.http.service import Service
from tenantry.identity.sessions import actions as sessions
from tenantry.identity.sessions.model import Client
from tenantry.kit.ids import Kind, new_id, show
from tenantry.kit.secrets import Secret
from tests.support.cast import Cast, Player
from tests.support.scene import new_address

At = Callable[[str], str]

PATHS = [screen.path for screen in SCREENS]
PAGES = [screen.path for screen in SCREENS if not screen.is_file]
INSIDE = [
    screen for screen in SCREENS if isinstance(screen.access, Permission) and not screen.restores
]
"""Those of a live organization."""
VIEWER = next(role.permissions for role in DEFAULT_ROLES if role.key == "viewer")


def screen_at(path: str) -> Screen:
    """The screen that is declared with this path."""
    return next(screen for screen in SCREENS if screen.path == path)


def address(path: str, cast: Cast, **made: str) -> str:
    """The address of a screen in the cast's world: an id of Acme's for each name in its path."""
    known = {
        "org": cast.acme.organization.slug,
        "org_id": show(Kind.ORGANIZATION, cast.acme.organization.id),
        "workspace_id": cast.workspace_id,
        "role_id": show(Kind.ROLE, cast.acme.membership.role.id),
        "member_id": cast.dave.member_id,
        "user_id": cast.dave.id,
        "session_id": show(Kind.SESSION, cast.alice.actor.session_id),
    }
    return path.format_map({**known, **made})


async def furnished(api: httpx2.AsyncClient, cast: Cast, admin: psycopg.Connection[Any]) -> At:
    """Acme with somebody invited, and Dave in its workspace; Alice is invited elsewhere, and an
    email of Acme's has failed. The address of each screen then."""
    invited = await _invited(api, cast.acme_path, cast.alice, new_address())
    mine = await _invited(api, cast.bobs_path, cast.bob, cast.alice.actor.email)
    place = f"{cast.acme_path}/workspaces/{cast.workspace_id}/members/{cast.dave.member_id}"
    put = await api.put(place, json={"role": "developer"}, headers=cast.alice.headers)
    assert put.status_code == 201, put.text
    made = await api.post(
        f"{cast.acme_path}/api-keys",
        json={"name": "Nightly job", "role": "viewer"},
        headers=cast.alice.headers,
    )
    key_id = made.json()["id"]
    account = await api.post(
        f"{cast.acme_path}/service-accounts",
        json={"name": "Deployments", "role": "developer"},
        headers=cast.alice.headers,
    )
    service_account_id = account.json()["id"]
    (
        await api.post(
            f"{cast.acme_path}/api-keys",
            json={"name": "Releases", "service_account_id": service_account_id},
            headers=cast.alice.headers,
        )
    ).raise_for_status()
    product = await api.post(
        "/api/v1/operator/service-keys", json={"name": "Billing"}, headers=cast.olga.headers
    )
    service_key_id = product.json()["id"]
    role = await api.post(
        f"{cast.acme_path}/roles",
        json={"name": "Auditor", "permissions": ["event:read"]},
        headers=cast.alice.headers,
    )
    role_id = role.json()["id"]
    events = await api.get(f"{cast.acme_path}/events", headers=cast.alice.headers)
    event_id = events.json()["data"][-1]["id"]
    email_id = failed_email(admin, cast)

    def at(path: str) -> str:
        invitation_id = mine if path.startswith("/account") else invited
        return address(
            path,
            cast,
            invitation_id=invitation_id,
            event_id=event_id,
            key_id=key_id,
            service_account_id=service_account_id,
            service_key_id=service_key_id,
            role_id=role_id,
            email_id=email_id,
        )

    return at


def failed_email(admin: psycopg.Connection[Any], cast: Cast) -> str:
    """The id of an email of Acme's that could not be sent."""
    email_id = new_id()
    admin.execute(
        """insert into emails (org_id, id, recipient, state, attempts, sealed, created_at,
                                next_attempt_at, settled_at, last_error)
           values (%s, %s, 'vera@acme.example', 'failed', 1, 'x', now(), now(), now(),
                   '550 5.1.1 <vera@acme.example>: no such person')""",
        [cast.acme.organization.id, email_id],
    )
    return show(Kind.EMAIL, email_id)


async def _invited(api: httpx2.AsyncClient, path: str, by: Player, email: str) -> str:
    """The id of an invitation."""
    made = await api.post(f"{path}/members/invite", json={"email": email}, headers=by.headers)
    assert made.status_code == 201, made.text
    return made.json()["id"]


async def signed_in(service: Service, someone: Player) -> Secret:
    """The secret of a new session, as a browser has it."""
    async with service.database.transaction() as (tx, _):
        return sessions.open_session(tx, someone.actor.id, Client("tests", "")).refresh_token


def screen_of(url: str) -> Screen | None:
    """The screen that an address belongs to; those that name no ids come first."""
    path = url.partition("?")[0]
    for screen in sorted(SCREENS, key=lambda each: each.path.count("{")):
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", screen.path), path):
            return screen
    return None


@dataclass
class Found(HTMLParser):
    """The links of a page, and where its forms are sent."""

    links: list[str] = field(default_factory=list[str])
    forms: list[str] = field(default_factory=list[str])
    loaded: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a":
            self.links.append(given.get("href") or "")
        elif tag == "form":
            self.forms.append(given.get("action") or "")
        elif tag in ("link", "script", "img"):
            self.loaded.append(given.get("href") or given.get("src") or "")


def found_on(text: str) -> Found:
    """What is on a page."""
    found = Found()
    found.feed(text)
    return found


def needs(url: str) -> Permission | None:
    """What is needed where an address leads; None where signing in is enough, or not even that."""
    screen = screen_of(url)
    return screen.access if screen and not isinstance(screen.access, Requirement) else None
