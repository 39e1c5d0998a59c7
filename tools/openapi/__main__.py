"""Writes openapi.json and the Python client's calls, or compares them with `--check`."""

import json
import sys

from tools.client.writing import stale, write
from tools.openapi.document import PATH, document


def main() -> None:
    made = document()
    if "--check" not in sys.argv[1:]:
        PATH.write_text(made)
        write(json.loads(made))
    elif not PATH.exists() or PATH.read_text() != made:
        sys.exit("openapi.json differs from the declarations: run `make openapi`.")
    elif stale(json.loads(made)):
        sys.exit("The Python client differs from openapi.json: run `make openapi`.")


if __name__ == "__main__":
    main()
