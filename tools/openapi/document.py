"""openapi.json: where it is, and what it has to be."""

import json
from pathlib import Path

from tools.openapi import description

from tenantry.api.routes import OPERATIONS

PATH = Path(__file__).parents[2] / "openapi.json"


def document() -> str:
    """The document of the declarations, in a form whose differences can be read."""
    return json.dumps(description.document(OPERATIONS), indent=2, ensure_ascii=False) + "\n"
