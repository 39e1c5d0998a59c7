"""The `tenantry` command. Each command imports what it needs when it is called."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tenantry import __version__
from tenantry.cli.exit_status import refuse, run
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
    reset: Annotated[bool, typer.Option(help="Delete all data and start over.")] = False,
) -> None:
    """Start for development: loopback only, embedded PostgreSQL, demo organization, test inbox."""
    from tenantry.cli.serving import dev

    run(lambda settings: dev.run(settings, reset=reset))


@app.command("serve")
def serve_command(
    workers: Annotated[int, typer.Option(min=1, max=64, help="Number of processes.")] = 1,
) -> None:
    """Start for production. Refuses unsafe settings, and says how to fix them."""
    from tenantry.cli.serving import serve

    run(lambda settings: serve.run(settings, workers=workers))


@app.command("worker", hidden=True)
def worker_command(bound: int, line: int) -> None:
    """Serve as one of several processes, with two sockets inherited from `serve`."""
    from tenantry.cli.serving import worker_process

    run(lambda _: worker_process.run(bound, line))


@app.command("migrate")
def migrate_command() -> None:
    """Bring the database's schema up to date, as its owner."""
    from tenantry.cli.maintenance import migrate

    run(migrate.run)


@app.command("doctor")
def doctor_command() -> None:
    """Check settings, database, mail server and clock; each line says ok, or what to fix."""
    from tenantry.cli.maintenance import doctor

    if not doctor.run(os.environ):
        raise typer.Exit(1)


@app.command("backup")
def backup_command(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")],
) -> None:
    """Back up the whole database into one file."""
    from tenantry.cli.maintenance import backup

    run(lambda settings: backup.backup(settings, file))


@app.command("restore")
def restore_command(
    file: Annotated[Path, typer.Argument(help="A file that `tenantry backup` wrote.")],
) -> None:
    """Restore a backup into an empty database."""
    from tenantry.cli.maintenance import restore

    run(lambda settings: restore.restore(settings, file))


operators = typer.Typer(no_args_is_help=True, help="Operators: add, list, remove.")
app.add_typer(operators, name="operators")
Email = Annotated[str, typer.Argument(help="The email address of an account.")]


@operators.command("add")
def add_operator(email: Email) -> None:
    """Make a user with a verified address an operator."""
    from tenantry.cli.operators import operators

    run(lambda settings: operators.add(settings, email))


@operators.command("list")
def list_operators() -> None:
    """List the operators."""
    from tenantry.cli.operators import operators

    run(operators.show)


@operators.command("remove")
def remove_operator(email: Email) -> None:
    """Remove an operator, even the last one."""
    from tenantry.cli.operators import operators

    run(lambda settings: operators.remove(settings, email))


app.add_typer(users, name="users")
app.add_typer(organizations, name="organizations")

emails = typer.Typer(
    no_args_is_help=True, help="List emails that were not sent, and send failed ones again."
)
app.add_typer(emails, name="emails")


class EmailState(StrEnum):
    QUEUED = "queued"
    FAILED = "failed"


@emails.command("list")
def list_emails(
    state: Annotated[EmailState | None, typer.Option(help="Only emails in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Maximum number of emails.")] = 50,
) -> None:
    """List emails that were not sent, newest first, and why their last attempt failed."""
    from tenantry.cli.operators import emails

    chosen = state.value if state else None
    run(lambda settings: emails.show_unsent(settings, state=chosen, limit=limit))


@emails.command("requeue")
def requeue_emails(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids of failed emails.")] = None,
    all_failed: Annotated[bool, typer.Option("--all-failed", help="All failed emails.")] = False,
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
