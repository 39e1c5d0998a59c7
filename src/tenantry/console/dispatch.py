"""The way every request for a page takes: to its handler, and whatever happens, to a page."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tenantry.authz.authorization import Entrance, Reading
from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.permission_readers import Recognizing
from tenantry.console import failures
from tenantry.console.forms.errors import Trouble
from tenantry.console.operator_page import OperatingGuest
from tenantry.console.page_context import LONGEST_PATH, Visit
from tenantry.console.rendering import Pages
from tenantry.console.screens import Open, Screen, Screens
from tenantry.console.user_pages import Guest, Member
from tenantry.http.request import Disconnected
from tenantry.http.service import Service
from tenantry.kit.ids import Kind, parse, show
from tenantry.kit.page import PageRequest
from tenantry.kit.refusals import NotFound, Refusal, Unauthenticated
from tenantry.postgres.retry import repeated
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations import lifecycle
from tenantry.tenancy.organizations.model import Organization

_SWITCHER = 10
_IDS: Mapping[str, Kind] = {
    "org_id": Kind.ORGANIZATION,
    "workspace_id": Kind.WORKSPACE,
    "role_id": Kind.ROLE,
    "member_id": Kind.MEMBERSHIP,
    "invitation_id": Kind.INVITATION,
    "key_id": Kind.API_KEY,
    "service_account_id": Kind.SERVICE_ACCOUNT,
    "service_key_id": Kind.SERVICE_KEY,
    "event_id": Kind.EVENT,
    "session_id": Kind.SESSION,
    "user_id": Kind.USER,
    "email_id": Kind.EMAIL,
}


class Door:
    """Makes a route of each screen."""

    def __init__(self, service: Service, pages: Pages, screens: Screens) -> None:
        self._service = service
        self._pages = pages
        self._screens = screens

    def route(self, screen: Screen) -> Route:
        """One route for all that a path takes, so that the Allow of its 405 is complete."""

        async def endpoint(request: Request) -> Response:
            visit = Visit(
                self._service, self._pages, request, screen.letter_path, screen.largest_form
            )
            try:
                return await self._answer(screen, visit, request.method)
            except Disconnected:
                return Response(status_code=400)  # nobody is there to read it
            except Exception as failure:
                return failures.page(visit, failure)

        methods = ["GET", "POST"] if screen.posted else ["GET"]
        return Route(screen.path, endpoint, methods=methods)

    def refuse(self, request: Request, refusal: Refusal) -> Response:
        """The page for a refusal that no screen can show."""
        return failures.page(Visit(self._service, self._pages, request), refusal)

    async def _answer(self, screen: Screen, visit: Visit, method: str) -> Response:
        posted = screen.posted if method == "POST" else None
        if posted is not None:
            await visit.must_be_ours()
        elif screen.is_linked and (token := visit.token_in_link()) is not None:
            # The link's token goes into a cookie first, and the browser to the address without it:
            # so it stands in no history, no screenshot and no bookmark. Nothing else is done with
            # it: scanners of mail follow links.
            visit.keep_letter(token)
            return visit.go_to(screen.path)
        try:
            here: Any = visit if screen.access is Open.ANYONE else await self._enter(screen, visit)
        except Unauthenticated:
            return visit.go_to(_sign_in(visit.path))
        if posted is None:
            return await screen.shown(here)
        try:
            return await repeated(lambda: posted(here), lambda: visit.has_kept)
        except Refusal as refusal:
            return await _shown_again(screen, visit, here, refusal)

    async def _enter(self, screen: Screen, visit: Visit) -> Guest:
        """Who is signed in, at this page. Unauthenticated; NotFound where they belong elsewhere."""
        claims = await visit.claims()
        if claims is None:
            raise Unauthenticated
        mine = Recognizing(Entrance(claims), self._service.database.exchange)
        listed = await organizations.list_mine(mine, PageRequest(_SWITCHER), slug=None)
        if mine.actor is None:
            raise Unauthenticated
        guest = Guest(visit, self._screens, claims, mine.actor, listed.items)
        guest.is_operator = mine.is_operator
        visit.frame = guest.shell
        if screen.access is Open.OPERATORS:
            operating = OperatingGuest(guest, _ids(visit.path_params))
            await operating.reading.enter()
            return operating
        if not isinstance(screen.access, Permission):
            return guest
        member = await self._member(screen, screen.access, guest)
        visit.frame = member.shell
        return member

    async def _member(self, screen: Screen, permission: Permission, guest: Guest) -> Member:
        ids = _ids(guest.visit.path_params)
        find = _deleted if screen.restores else _named
        organization = await find(guest, guest.visit.path_params["org"])
        entrance = Entrance(
            guest.claims,
            permission,
            organization.id,
            ids.get("workspace_id"),
            restores=screen.restores,
        )
        return Member(guest, organization, entrance, ids)


def _sign_in(way_back: str) -> str:
    """The page to sign in at, which leads back; not to a path that nobody could mean."""
    path = quote(way_back, safe="/")
    return f"/sign-in?next={path}" if len(path) <= LONGEST_PATH else "/sign-in"


async def _shown_again(screen: Screen, visit: Visit, here: Any, refusal: Refusal) -> Response:
    """The page of a form that was refused: with what was filled in, and why it was not taken."""
    trouble = Trouble.of(refusal, failures.status_of(refusal))
    if trouble is None or screen.letter_path is not None:
        raise refusal
    visit.trouble = trouble
    return await screen.shown(here)


def _ids(path_params: Mapping[str, str]) -> dict[str, UUID]:
    """The ids of the path. NotFound where one cannot be an id of its kind."""
    ids = dict[str, UUID]()
    for name, text in path_params.items():
        if name in _IDS:
            found = parse(_IDS[name], text)
            if found is None:
                raise NotFound
            ids[name] = found
    return ids


async def _named(guest: Guest, name: str) -> Organization:
    """The organization of theirs with this slug or id. NotFound, whether or not there is one."""
    for each in guest.organizations:
        if name in (each.slug, show(Kind.ORGANIZATION, each.id)):
            return each
    named = parse(Kind.ORGANIZATION, name)
    if named is not None:
        member = Reading(_to_know(guest, named), guest.service.database.exchange)
        return await organizations.get(member)
    found = await organizations.list_mine(guest.reading, PageRequest(1), slug=name)
    if not found.items:
        raise NotFound
    return found.items[0]


async def _deleted(guest: Guest, name: str) -> Organization:
    """The one of this id among those that they may restore. NotFound."""
    deleted = await lifecycle.list_deleted(guest.reading, PageRequest(100), slug=None)
    for each in deleted.items:
        if name == show(Kind.ORGANIZATION, each.id):
            return each
    raise NotFound


def _to_know(guest: Guest, org_id: UUID) -> Entrance:
    return Entrance(guest.claims, Permission.ORGANIZATION_READ, org_id)
