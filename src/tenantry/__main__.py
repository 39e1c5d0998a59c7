"""The `tenantry` command."""

import os

from tenantry.cli.main import app


def main() -> None:
    """Run the command line."""
    # Without it a host of the database that is silent is waited for two minutes before the next.
    os.environ.setdefault("PGCONNECT_TIMEOUT", "5")
    app()


if __name__ == "__main__":
    main()
