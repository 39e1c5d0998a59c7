"""The commands; how they end is in `endings.py`, what operators do in `operator_commands.py`.

A command brings what it needs when it is called: `tenantry version` waits for no web server.
"""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tenantry import __version__
from tenantry.cli.endings import refuse, run
from tenantry.cli.operators.commands import organizations, users

app = typer.Typer(
    name="tenantry",
    help="Organizations, workspaces, roles, members and invitations for any product.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command("dev")
def dev_command(
    reset: Annotated[bool, typer.Option(help="Forget everything, and start over.")] = False,
) -> None:
    """Start for development: loopback only, an own PostgreSQL, a demo organization, mail caught."""
    from tenantry.cli.serving import dev

    run(lambda settings: dev.run(settings, reset=reset))


@app.command("serve")
def serve_command(
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer.")] = 1,
) -> None:
    """Start for production. Refuses what would not be safe, and says how to mend it."""
    from tenantry.cli.serving import serve

    run(lambda settings: serve.run(settings, workers=workers))


@app.command("worker", hidden=True)
def worker_command(bound: int, line: int) -> None:
    """Serve as one of several, with two sockets that `serve` hands down."""
    from tenantry.cli.serving import worker_process

    run(lambda _: worker_process.run(bound, line))


@app.command("migrate")
def migrate_command() -> None:
    """Bring the database's schema up to date, as its owner."""
    from tenantry.cli.maintenance import migrate

    run(migrate.run)


@app.command("doctor")
def doctor_command() -> None:
    """Look at all that production leans on: each line says that it is well, or what to do."""
    from tenantry.cli.maintenance import doctor

    if not doctor.run(os.environ):
        raise typer.Exit(1)


@app.command("backup")
def backup_command(
    file: Annotated[Path, typer.Argument(help="Where it is written to; must not be there yet.")],
) -> None:
    """Write everything into one file, as of one moment."""
    from tenantry.cli.maintenance import backup

    run(lambda settings: backup.backup(settings, file))


@app.command("restore")
def restore_command(
    file: Annotated[Path, typer.Argument(help="What `tenantry backup` wrote.")],
) -> None:
    """Bring a backup back, into an empty database alone."""
    from tenantry.cli.maintenance import restore

    run(lambda settings: restore.restore(settings, file))


people = typer.Typer(no_args_is_help=True, help="Who runs the service: add, list, remove.")
app.add_typer(people, name="operators")
Email = Annotated[str, typer.Argument(help="The address of an account.")]


@people.command("add")
def add_operator(email: Email) -> None:
    """Make a person with a proven address an operator."""
    from tenantry.cli.operators import operators

    run(lambda settings: operators.add(settings, email))


@people.command("list")
def list_operators() -> None:
    """Print who is an operator."""
    from tenantry.cli.operators import operators

    run(operators.show)


@people.command("remove")
def remove_operator(email: Email) -> None:
    """Make an operator an ordinary person again; the last one, too."""
    from tenantry.cli.operators import operators

    run(lambda settings: operators.remove(settings, email))


app.add_typer(users, name="users")
app.add_typer(organizations, name="organizations")

emails = typer.Typer(
    no_args_is_help=True, help="List emails that were not sent, and send failed ones again."
)
app.add_typer(emails, name="emails")


class EmailState(StrEnum):
    """The state of an email that was not sent."""

    QUEUED = "queued"
    FAILED = "failed"


@emails.command("list")
def list_emails(
    state: Annotated[EmailState | None, typer.Option(help="Only emails in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many at most.")] = 50,
) -> None:
    """Print emails that were not sent, newest first, and why their last attempt failed."""
    from tenantry.cli.operators import emails

    chosen = state.value if state else None
    run(lambda settings: emails.show_unsent(settings, state=chosen, limit=limit))


@emails.command("requeue")
def requeue_emails(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids of failed emails.")] = None,
    all_failed: Annotated[bool, typer.Option("--all-failed", help="Every failed one.")] = False,
) -> None:
    """Queue failed emails again, for example once the mail server accepts them."""
    from tenantry.cli.operators import emails

    if bool(ids) == all_failed:
        refuse("name emails by their ids, or give --all-failed.")
    run(emails.requeue_failed if all_failed else lambda each: emails.requeue(each, ids or []))


keys = typer.Typer(no_args_is_help=True, help="The key that encrypts emails: TENANTRY_SECRET_KEY.")
app.add_typer(keys, name="secret-key")


@keys.command("adopt")
def adopt_secret_key() -> None:
    """Make the configured key the one in use, if the previous key is lost."""
    from tenantry.cli import secret_key

    run(secret_key.adopt)


@app.command("version")
def version_command() -> None:
    """Print the version."""
    print(__version__)
