"""openapi.json, and what the Python client has of it: written from the running declarations.

`python -m tests.contracts.openapi` writes them; with `--check` it only compares.
"""

import json
import sys
from pathlib import Path

from tools.openapi import description

from tenantry.api.routes import OPERATIONS
from tests.contracts.client.writing import stale, write

PATH = Path(__file__).parents[2] / "openapi.json"


def document() -> str:
    """The document as the declarations say it, in a form whose differences can be read."""
    return json.dumps(description.document(OPERATIONS), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the document and what follows from it, or say whether the kept ones are still true."""
    made = document()
    if "--check" not in sys.argv[1:]:
        PATH.write_text(made)
        write(json.loads(made))
    elif not PATH.exists() or PATH.read_text() != made:
        sys.exit("openapi.json is not what the service says of itself: run `make openapi`.")
    elif stale(json.loads(made)):
        sys.exit("The Python client is not what openapi.json says: run `make openapi`.")


if __name__ == "__main__":
    main()
