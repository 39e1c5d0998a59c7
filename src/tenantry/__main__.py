"""The `tenantry` command."""

import os

from tenantry.cli.main import app


def main() -> None:
    """Run the command line."""
    # Without it, a silent database host delays the next one by two minutes.
    os.environ.setdefault("PGCONNECT_TIMEOUT", "5")
    app()


if __name__ == "__main__":
    main()
