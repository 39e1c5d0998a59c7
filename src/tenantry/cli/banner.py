"""What `tenantry dev` says when it is up: where everything is, and what to try first."""

from rich.console import Console
from rich.markup import escape

from tenantry import __version__
from tenantry.settings import Settings

INDENT = " " * 12
"""Where values begin, for those of more than one line."""


def show(base_url: str, database: str, email: str, password: str, settings: Settings) -> None:
    """Print the banner."""
    console = Console(highlight=False, soft_wrap=True)
    mail = "SMTP" if settings.smtp_url else f"{base_url}/dev/mail"
    curl = (
        f"curl -s {base_url}/api/v1/auth/token -d grant_type=password"
        f" -d username={email} -d password={password}"
    )
    console.print(f"\n[bold]Tenantry {__version__}[/bold]  development, this machine only\n")
    for name, value in (
        ("Console", f"{base_url}/"),
        ("API", f"{base_url}/api/v1"),
        ("Try it", f"{base_url}/docs#/organizations"),
        ("Mail", mail),
        ("Database", database),
        ("Sign in", f"{email}  {password}"),
    ):
        console.print(f"  [dim]{name:<9}[/dim] {escape(value)}")
    console.print(f"\n  [dim]A first token:[/dim]\n  {escape(curl)}\n")
    console.print("  [dim]Ctrl-C stops it; `tenantry dev --reset` starts over.[/dim]\n")
