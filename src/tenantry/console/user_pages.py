"""UserPage and OrganizationPage: what the handler of a signed-in user's page may use.

What a page reads and writes is authorized as a call of the API is: the permission that
its screen declares is checked with the first read, and in the transaction of every write.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from uuid import UUID

from starlette.responses import Response

from tenantry.authz.authority import Actor, Authority
from tenantry.authz.authorization import Authorization
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.claims import Claims
from tenantry.console.forms.form import Form
from tenantry.console.navigation import NavigationItem, account_entries, organization_entries
from tenantry.console.page_context import PageContext
from tenantry.console.screens import Screens
from tenantry.console.texts.curls import curl
from tenantry.http.access import Requirement
from tenantry.http.service import Service
from tenantry.kit.ids import Kind, show
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.organizations.model import Organization

T = TypeVar("T")


@dataclass(eq=False)
class UserPage:
    ctx: PageContext
    screens: Screens
    claims: Claims
    actor: Actor
    organizations: Sequence[Organization]
    """The user's first organizations, for the switcher."""
    is_operator: bool
    """Whether they are an operator, so that pages can hide what only operators may do."""

    @property
    def service(self) -> Service:
        return self.ctx.service

    @property
    def reading(self) -> AuthorizedReader:
        return AuthorizedReader(Authorization(self.claims), self.service.database.execute)

    async def write_as_self(self, act: Callable[[Tx, Actor], Awaitable[T]]) -> T:
        """Run one act as the signed-in user, who cannot be deleted meanwhile.

        Unauthenticated.
        """
        authorization = Authorization(self.claims, holds=True)
        return await self.ctx.run_authorized(
            authorization, lambda tx, result: act(tx, authorization.actor(result))
        )

    async def form(self) -> Form:
        return Form(await self.ctx.form())

    def render(self, template: str, status: int = 200, **context: Any) -> Response:
        return self.ctx.render(template, status, **context)

    def redirect(self, path: str, message: str = "", **values: str) -> Response:
        """A redirect to another page, which then shows the message `message`."""
        return self.ctx.redirect(path, message, **values)

    def curl(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        if_match: bool = False,
    ) -> str:
        """The API call that does the same."""
        return curl(self.service.base_url, method, path, body, if_match=if_match)

    def _may_go(self, path: str) -> bool:
        screen = self.screens.at(path)
        return screen is not None and (
            screen.access is not Requirement.OPERATOR or self.is_operator
        )

    def layout(self) -> dict[str, Any]:
        mine = account_entries(self.ctx.path, self._may_go)
        is_mine = any(item.is_current for item in mine)
        return {
            "page": self,
            "account_navigation": mine,
            "navigation": mine if is_mine else list[NavigationItem](),
            "organization": None,
            "base": "",
        }


class OrganizationPage(UserPage):
    def __init__(
        self,
        page: UserPage,
        organization: Organization,
        authorization: Authorization,
        ids: Mapping[str, UUID],
    ) -> None:
        super().__init__(**vars(page))
        self.organization = organization
        self.ids = ids
        """The ids of the path, by name."""
        self._reader = AuthorizedReader.with_permissions(
            authorization, self.service.database.execute
        )
        self._authorization = authorization

    @property
    def reading(self) -> AuthorizedReader:
        return self._reader

    @property
    def org_id(self) -> str:
        """The organization's id as the API shows it."""
        return show(Kind.ORGANIZATION, self.organization.id)

    @property
    def base(self) -> str:
        return f"/organizations/{self.organization.slug}"

    def may(self, permission: Permission | str) -> bool:
        """Whether the user has a permission, so that pages can hide what they may not do. False
        before the first read."""
        return self._reader.may(Permission(permission))

    def can_open(self, path: str) -> bool:
        """Whether the organization has such a page and the user may open it; `path` as declared,
        without the organization's own."""
        permission = self.screens.permission_of(path)
        return permission is not None and self.may(permission)

    def reading_with(
        self, permission: Permission, workspace_id: UUID | None = None
    ) -> AuthorizedReader:
        """A read with another permission than the page's own, or of a workspace; it is checked as
        strictly."""
        authorization = replace(
            self._authorization, permission=permission, workspace_id=workspace_id
        )
        return AuthorizedReader.with_permissions(authorization, self.service.database.execute)

    async def write(self, act: Callable[[Tx, Authority], Awaitable[T]]) -> T:
        """Run one act with the permission that the page declares.

        NotFound, PermissionDenied, Unauthenticated.
        """
        authorization = self._authorization
        return await self.ctx.run_authorized(
            authorization, lambda tx, result: act(tx, authorization.authority(result))
        )

    def render(self, template: str, status: int = 200, **context: Any) -> Response:
        """The page; never before a read has authorized the user."""
        if not self._reader.is_authorized:
            raise AssertionError("a page of an organization reads before it shows")
        return self.ctx.render(template, status, **context)

    def layout(self) -> dict[str, Any]:
        """The values of the layout, navigation included."""
        return {
            **super().layout(),
            "navigation": organization_entries(self.base, self.ctx.path, self.can_open),
            "organization": self.organization,
            "base": self.base,
        }
