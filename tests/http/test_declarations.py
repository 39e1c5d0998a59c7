"""What cannot be declared: a call without its permission, or one that does not fit its path."""

from importlib import import_module
from pkgutil import walk_packages

import pytest

from tenantry.api import v1
from tenantry.api.context import ReadContext
from tenantry.api.routes import OPERATIONS
from tenantry.api.routing.declarations import Routes
from tenantry.api.routing.operations import Operation
from tenantry.api.routing.route_table import RouteTable
from tenantry.api.schemas.fields import RoleId
from tenantry.authz.builtin_permissions import Permission
from tenantry.http.access import Requirement
from tenantry.http.context import HttpContext

ROLE = "/organizations/{org_id}/roles/{role_id}"


async def get(ctx: ReadContext) -> None: ...


async def get_role(ctx: ReadContext, role_id: RoleId) -> None: ...


def test_a_call_needs_a_permission() -> None:
    with pytest.raises(TypeError, match="access"):
        Routes().get("/me", id="me.get")(get)  # pyright: ignore[reportCallIssue]


def test_a_handler_takes_every_id_of_its_path_that_authorization_does_not() -> None:
    route = Routes()
    route.get(ROLE, Permission.ROLE_READ, id="roles.get")(get_role)
    with pytest.raises(TypeError, match="role_id"):
        route.get(ROLE, Permission.ROLE_READ, id="roles.get")(get)
    with pytest.raises(TypeError, match="org_id"):
        route.get("/organizations/{org_id}", Requirement.SIGNED_IN, id="a")(get)


def test_a_handler_takes_the_context_of_a_call() -> None:
    async def broad(ctx: HttpContext) -> None: ...

    with pytest.raises(TypeError, match="none of the contexts"):
        Routes().get("/me", Requirement.SIGNED_IN, id="me.get")(broad)


def test_a_handler_takes_no_id_that_its_path_does_not_have() -> None:
    with pytest.raises(TypeError, match="role_id"):
        Routes().get("/me", Requirement.SIGNED_IN, id="me.get")(get_role)


def test_one_call_cannot_be_declared_twice() -> None:
    route = Routes()
    route.get("/me", Requirement.SIGNED_IN, id="me.get")(get)
    with pytest.raises(ValueError, match="declared twice"):
        RouteTable([*route, *route])


def test_every_declared_call_is_served() -> None:
    declared = list[Operation]()
    for module in walk_packages(v1.__path__, f"{v1.__name__}."):
        declared += getattr(import_module(module.name), "route", ())
    assert {each.id for each in declared} == {each.id for each in OPERATIONS}
    assert len(declared) == len(OPERATIONS)
