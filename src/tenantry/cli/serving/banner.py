"""The banner of `tenantry dev`: where everything is, and what to try first."""

from typer import echo, style

from tenantry import __version__
from tenantry.settings import Settings

INDENT = " " * 12
"""Indents the further lines of a value."""


def show(base_url: str, database: str, email: str, password: str, settings: Settings) -> None:
    """Print the banner."""
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
