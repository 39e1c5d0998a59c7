"""The console put together: every page that a module below declares, and the static files."""

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

import tenantry.console
from tenantry.console.assets import Assets
from tenantry.console.dispatch import Dispatcher
from tenantry.console.rendering import Pages
from tenantry.console.screens import Screen, Screens
from tenantry.http.service import Service
from tenantry.kit.refusals import Refusal


class Console(NamedTuple):
    routes: list[BaseRoute]
    """One for each page, and one for static files."""
    refuse: Callable[[Request, Refusal], Response]
    """The page for a request that no page answers."""


def console(service: Service, inbox: Path | None) -> Console:
    """The console; with a test inbox where emails are caught in a folder instead of sent."""
    assets = Assets()
    screens = Screens(each for each in _declared() if inbox or not each.is_for_development)
    dispatcher = Dispatcher(service, Pages(service.base_path, assets, inbox), screens)
    return Console([*map(dispatcher.route, screens.all), assets.route()], dispatcher.refuse)


def _declared() -> Iterator[Screen]:
    for module in walk_packages(tenantry.console.__path__, "tenantry.console."):
        if module.name != __name__:
            for value in vars(import_module(module.name)).values():
                if isinstance(value, Screen):
                    yield value


SCREENS = tuple(Screens(each for each in _declared() if not each.is_for_development).all)
"""Every page of a service that sends its emails."""
