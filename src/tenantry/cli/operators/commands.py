"""`tenantry users` and `tenantry organizations`."""

from typing import Annotated

import typer

from tenantry.cli.exit_status import run

users = typer.Typer(no_args_is_help=True, help="Users: sign out, disable, enable, delete.")
organizations = typer.Typer(
    no_args_is_help=True, help="Organizations: disable, enable, delete, restore, name an Admin."
)

Email = Annotated[str, typer.Argument(help="The email address of an account.")]
Organization = Annotated[str, typer.Argument(help="Slug or id (org_…).")]
By = Annotated[str, typer.Option("--as", help="Your address, as an operator.")]
Reason = Annotated[str, typer.Option(help="The reason, recorded with the event.")]
Orphan = Annotated[
    bool,
    typer.Option("--orphan-organizations", help="Leave organizations without an Admin."),
]


@users.command("end-sessions")
def end_sessions(email: Email, by: By, reason: Reason) -> None:
    """Sign a user out everywhere; they can sign in again."""
    from tenantry.cli.operators import users as acts

    run(lambda settings: acts.end_sessions(settings, email, by=by, reason=reason))


@users.command("disable")
def disable_user(email: Email, by: By, reason: Reason, orphan: Orphan = False) -> None:
    """Disable a user, who cannot sign in until they are enabled."""
    from tenantry.cli.operators import users as acts

    run(lambda settings: acts.disable(settings, email, by=by, reason=reason, orphan=orphan))


@users.command("enable")
def enable_user(email: Email, by: By, reason: Reason) -> None:
    """Enable a disabled user, who can then sign in again."""
    from tenantry.cli.operators import users as acts

    run(lambda settings: acts.enable(settings, email, by=by, reason=reason))


@users.command("delete")
def delete_user(
    email: Email,
    by: By,
    reason: Reason,
    orphan: Orphan = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
) -> None:
    """Delete an account for good, with the personal organization."""
    from tenantry.cli.operators import users as acts

    if not yes:
        typer.confirm(f"Delete {email} for good?", abort=True)
    run(lambda settings: acts.delete(settings, email, by=by, reason=reason, orphan=orphan))


@organizations.command("disable")
def disable_organization(organization: Organization, by: By, reason: Reason) -> None:
    """Disable an organization; its members have no access until it is enabled."""
    from tenantry.cli.operators import organizations as acts

    run(lambda settings: acts.change(settings, "disable", organization, by=by, reason=reason))


@organizations.command("enable")
def enable_organization(organization: Organization, by: By, reason: Reason) -> None:
    """Enable a disabled organization."""
    from tenantry.cli.operators import organizations as acts

    run(lambda settings: acts.change(settings, "enable", organization, by=by, reason=reason))


@organizations.command("delete")
def delete_organization(organization: Organization, by: By, reason: Reason) -> None:
    """Delete an organization; it can be restored for 30 days."""
    from tenantry.cli.operators import organizations as acts

    run(lambda settings: acts.change(settings, "delete", organization, by=by, reason=reason))


@organizations.command("restore")
def restore_organization(organization: Organization, by: By, reason: Reason) -> None:
    """Restore a deleted organization as it was."""
    from tenantry.cli.operators import organizations as acts

    run(lambda settings: acts.change(settings, "restore", organization, by=by, reason=reason))


@organizations.command("name-admin")
def name_admin(organization: Organization, email: Email, by: By, reason: Reason) -> None:
    """Name an Admin for an organization that has none who can sign in."""
    from tenantry.cli.operators import organizations as acts

    run(lambda settings: acts.name_admin(settings, organization, email, by=by, reason=reason))
