"""From a request for a page to its handler; errors become pages as well."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tenantry.authz.authorization import Authorization
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.authz.builtin_permissions import Permission
from tenantry.console import failures
from tenantry.console.forms.errors import FormErrors
from tenantry.console.operator_page import OperatorPage
from tenantry.console.page_context import LONGEST_PATH, PageContext
from tenantry.console.rendering import Pages
from tenantry.console.screens import Screen, Screens
from tenantry.console.user_pages import OrganizationPage, UserPage
from tenantry.http.access import PathValues, Requirement, path_values
from tenantry.http.failures import status_of
from tenantry.http.request import Disconnected
from tenantry.http.request import Request as HttpRequest
from tenantry.http.service import Service
from tenantry.kit.ids import Kind, parse, show
from tenantry.kit.page import PageRequest
from tenantry.kit.refusals import NotFound, Refusal, Unauthenticated
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations import lifecycle
from tenantry.tenancy.organizations.model import Organization

_SWITCHER = 10


class Dispatcher:
    """Makes a route of each screen."""

    def __init__(self, service: Service, pages: Pages, screens: Screens) -> None:
        self._service = service
        self._pages = pages
        self._screens = screens

    def route(self, screen: Screen) -> Route:
        """One route for all that a path takes, so that the Allow of its 405 is complete."""

        async def endpoint(request: Request) -> Response:
            call = HttpRequest.of(request.scope)
            ctx = PageContext(
                self._service, self._pages, call, screen.link_token_path, screen.largest_form
            )
            try:
                return await self._answer(screen, ctx, request.method)
            except Disconnected:
                return Response(status_code=400)  # nothing is sent
            except Exception as failure:
                return failures.page(ctx, failure)

        methods = ["GET", "POST"] if screen.submit else ["GET"]
        return Route(screen.path, endpoint, methods=methods)

    def refuse(self, request: Request, refusal: Refusal) -> Response:
        """The page for a request without a screen."""
        return failures.page(
            PageContext(self._service, self._pages, HttpRequest.of(request.scope)), refusal
        )

    async def _answer(self, screen: Screen, ctx: PageContext, method: str) -> Response:
        posted = screen.submit if method == "POST" else None
        if posted is not None:
            await ctx.ensure_trusted()
        elif screen.is_linked and (token := ctx.token_in_link()) is not None:
            # The link's token is moved into a cookie, and the browser redirected to the URL without
            # it, so that it is in no history, screenshot or bookmark. Nothing else happens, because
            # mail scanners follow links.
            ctx.keep_link_token(token)
            return ctx.redirect(screen.path)
        try:
            page: Any = (
                ctx if screen.access is Requirement.ANYONE else await self._enter(screen, ctx)
            )
        except Unauthenticated:
            return ctx.redirect(_sign_in(ctx.path))
        if posted is None:
            return await screen.get(page)
        try:
            return await posted(page)
        except Refusal as refusal:
            return await _shown_again(screen, ctx, page, refusal)

    async def _enter(self, screen: Screen, ctx: PageContext) -> UserPage:
        """The page of the signed-in user. Unauthenticated; NotFound."""
        claims = await ctx.session.claims()
        if claims is None:
            raise Unauthenticated
        mine = AuthorizedReader(Authorization(claims), self._service.database.execute)
        listed = await organizations.list_mine(mine, PageRequest(_SWITCHER), slug=None)
        if mine.actor is None:
            raise Unauthenticated
        ctx.request.user_id = claims.user_id
        page = UserPage(
            ctx,
            self._screens,
            claims,
            mine.actor,
            listed.items,
            is_operator=mine.is_operator,
        )
        ctx.layout = page.layout
        if screen.access is Requirement.OPERATOR:
            ids = _ids(ctx.path_params)
            ctx.request.org_id = ids.get("org_id")
            operating = OperatorPage(page, ids)
            await operating.reading.authorize()
            return operating
        if not isinstance(screen.access, Permission):
            return page
        member = await self._member(screen, screen.access, page)
        ctx.layout = member.layout
        return member

    async def _member(
        self, screen: Screen, permission: Permission, page: UserPage
    ) -> OrganizationPage:
        ids = _ids(page.ctx.path_params)
        find = _deleted if screen.restores else _named
        organization = await find(page, page.ctx.path_params["org"])
        page.ctx.request.org_id = organization.id
        authorization = Authorization(
            page.claims,
            permission,
            organization.id,
            ids.get("workspace_id"),
            restores=screen.restores,
        )
        return OrganizationPage(page, organization, authorization, ids)


def _sign_in(next_path: str) -> str:
    """The page to sign in at, with the way back, unless that path is absurdly long."""
    path = quote(next_path, safe="/")
    return f"/sign-in?next={path}" if len(path) <= LONGEST_PATH else "/sign-in"


async def _shown_again(screen: Screen, ctx: PageContext, page: Any, refusal: Refusal) -> Response:
    errors = FormErrors.of(refusal, status_of(refusal))
    if errors is None or screen.link_token_path is not None:
        raise refusal
    ctx.errors = errors
    return await screen.get(page)


def _ids(path_params: Mapping[str, str]) -> PathValues:
    """The ids of the path. NotFound where one cannot be an id of its kind."""
    ids = path_values(path_params.items())
    if ids is None:
        raise NotFound
    return ids


async def _named(page: UserPage, name: str) -> Organization:
    """The user's organization with this slug or id. NotFound, whether or not it exists."""
    for each in page.organizations:
        if name in (each.slug, show(Kind.ORGANIZATION, each.id)):
            return each
    named = parse(Kind.ORGANIZATION, name)
    if named is not None:
        member = AuthorizedReader(_to_read(page, named), page.service.database.execute)
        return await organizations.get(member)
    found = await organizations.list_mine(page.reading, PageRequest(1), slug=name)
    if not found.items:
        raise NotFound
    return found.items[0]


async def _deleted(page: UserPage, name: str) -> Organization:
    """The organization with this id among those that the user may restore. NotFound."""
    deleted = await lifecycle.list_deleted(page.reading, PageRequest(100), slug=None)
    for each in deleted.items:
        if name == show(Kind.ORGANIZATION, each.id):
            return each
    raise NotFound


def _to_read(page: UserPage, org_id: UUID) -> Authorization:
    return Authorization(page.claims, Permission.ORGANIZATION_READ, org_id)
