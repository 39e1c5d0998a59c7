"""openapi.json, and what the Python client has of it: written from the running declarations.

`python -m tests.house.openapi` writes them; with `--check` it only compares.
"""

import json
import sys
from pathlib import Path

from tenantry.access.keys import SigningKeys
from tenantry.api.application import Application
from tenantry.app import Parts, create_app
from tenantry.mail.carriers import Mailbox
from tenantry.mail.model import Links
from tests.house.client.writing import stale, write

PATH = Path(__file__).parents[2] / "openapi.json"


def document() -> str:
    """The document as the service serves it, in a form whose differences can be read."""
    base_url = "http://127.0.0.1:8000"
    app = create_app(
        Parts(
            database_url="postgresql://nobody@127.0.0.1:1/nowhere",
            base_url=base_url,
            signing_keys=SigningKeys.generate(),
            secret_key="a secret key that seals nothing",
            carrier=Mailbox(Path("nowhere"), "Tenantry <no-reply@example.com>"),
            links=Links(base_url, base_url, base_url, base_url),
        )
    )
    assert isinstance(app, Application)
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"


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
