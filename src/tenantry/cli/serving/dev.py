"""`tenantry dev`: everything for a first look, with no setup."""

import asyncio
from contextlib import ExitStack
from dataclasses import replace
from shutil import rmtree

from typer import echo, style

from tenantry import __version__
from tenantry.app import Parts, create_app
from tenantry.cli import logs, secret_key
from tenantry.cli.errors import CannotStart
from tenantry.cli.operators import product_permissions
from tenantry.cli.provision import Connections, provision
from tenantry.cli.serving import demo, dev_secrets
from tenantry.cli.serving.assembly import assemble_parts
from tenantry.cli.serving.listening_socket import bound_socket
from tenantry.cli.serving.server import run_until_stopped, tune_garbage_collector
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.embedded.supervision import supervised
from tenantry.kit.addresses import is_loopback
from tenantry.kit.secrets import key_id
from tenantry.schema import migrate
from tenantry.settings import Settings

# Developers sign in and invite all day, from one address.
_RATE_MULTIPLIER = 100

_INDENT = " " * 12
"""Indents the further lines of a value."""


def run(settings: Settings, *, reset: bool) -> None:
    """Start, print the banner, and serve until stopped. CannotStart, EmbeddedError."""
    _ensure_loopback(settings.host)
    with bound_socket(settings.host, settings.port) as bound, ExitStack() as stack:
        base_url = settings.base_url or f"http://{settings.host}:{bound.getsockname()[1]}"
        with dev_secrets.exclusive_home(settings.home):
            connections, described = _database(settings, stack, reset=reset)
            migrate(connections.owner)
            password = dev_secrets.demo_password(settings.home)
            asyncio.run(demo.seed(connections.service, password))
            product_permissions.declare(settings, connections.service)
            parts = _parts(settings, base_url, connections)
            _join(settings, parts)
        app = create_app(parts)
        tune_garbage_collector()
        _show_banner(base_url, described, demo.EMAIL, password, settings)
        run_until_stopped(app, bound, keep_alive_seconds=settings.keep_alive_seconds)


def _database(settings: Settings, stack: ExitStack, *, reset: bool) -> tuple[Connections, str]:
    """The database to use, and its description. The embedded one runs until the stack ends."""
    if settings.database_url is not None:
        if reset:
            raise CannotStart("--reset deletes only the embedded database; unset DATABASE_URL.")
        url, owner = settings.database_url, settings.migration_database_url or settings.database_url
        return Connections(url.get_secret_value(), owner.get_secret_value()), "DATABASE_URL"
    server = stack.enter_context(supervised(settings.home))
    if reset:
        rmtree(settings.home / "mailbox", ignore_errors=True)
    described = f"PostgreSQL {server.version}, embedded, in {server.data_folder}"
    if server.notice:
        described += f"\n{_INDENT}{server.notice}"
    return provision(server, reset=reset), described


def _parts(settings: Settings, base_url: str, connections: Connections) -> Parts:
    home = settings.home
    keys, secret = settings.signing_keys, settings.secret_key
    parts = assemble_parts(
        settings,
        base_url=base_url,
        database_url=connections.service,
        signing_keys=(
            SigningKeys.load(keys.get_secret_value()) if keys else dev_secrets.signing_keys(home)
        ),
        secret_key=secret.get_secret_value() if secret else dev_secrets.secret_key(home),
        request_log=logs.configure(settings, level="warning", form="text"),
    )
    return replace(
        parts,
        shows_version=settings.show_version is not False,
        rate_multiplier=_RATE_MULTIPLIER,
        mailbox=None if settings.smtp_url else home / "mailbox",
    )


def _join(settings: Settings, parts: Parts) -> None:
    """Make the configured key the one in use; for the embedded database, whatever it is."""
    keys = [key_id(key) for key in (parts.secret_key, *parts.previous_secret_keys)]
    secret_key.join(parts.database_url, keys, even_if_unknown=settings.database_url is None)


def _ensure_loopback(host: str) -> None:
    if not is_loopback(host):
        raise CannotStart(
            f"`tenantry dev` serves only this machine, not {host}: its keys and emails are for"
            " development. Unset TENANTRY_HOST, or use `tenantry serve`."
        )


def _show_banner(
    base_url: str, database: str, email: str, password: str, settings: Settings
) -> None:
    mail = "SMTP" if settings.smtp_url else f"{base_url}/dev/mail"
    curl = (
        f"curl -s {base_url}/api/v1/auth/token -d grant_type=password"
        f" -d username={email} -d password={password}"
    )
    echo(f"\n{style(f'Tenantry {__version__}', bold=True)}  development, this machine only\n")
    for name, value in (
        ("Console", f"{base_url}/"),
        ("API", f"{base_url}/api/v1"),
        ("Try it", f"{base_url}/docs#/organizations"),
        ("Mail", mail),
        ("Database", database),
        ("Sign in", f"{email}  {password}"),
    ):
        echo(f"  {style(f'{name:<9}', dim=True)} {value}")
    echo(f"\n  {style('A first token:', dim=True)}\n  {curl}\n")
    echo(style("  Ctrl-C stops it; `tenantry dev --reset` starts over.\n", dim=True))
