"""The supervisor alone, where no worker starts: `python -m tests.cli.supervisor_process WHY`."""

import logging
import os
import sys
from pathlib import Path

from tenantry.cli.serving.listening_socket import bound_socket
from tenantry.cli.serving.supervisor import Supervisor


def main() -> None:
    """Serve by two workers on TENANTRY_PORT, none of which starts: `refused` or `died`."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    bound = bound_socket("127.0.0.1", int(os.environ["TENANTRY_PORT"]))
    if sys.argv[1] == "died":
        # Python runs it first of all in every process that is started from here.
        Path("sitecustomize.py").write_text("import os\nos._exit(7)\n")
        os.environ["PYTHONPATH"] = os.getcwd()
    sys.exit(Supervisor(bound, 2).run())


if __name__ == "__main__":
    main()
