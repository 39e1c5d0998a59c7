"""The files of Swagger UI that the service serves: copied from the wheel `fastapi-swagger`, which
follows each release of Swagger UI, but needs FastAPI wherever it is installed."""

from importlib.util import find_spec
from pathlib import Path
from shutil import copyfile

from tenantry.api.docs import SWAGGER_UI

_FILES = ("swagger-ui.css", "swagger-ui-bundle.js")


def _folder() -> Path:
    spec = find_spec("fastapi_swagger")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("fastapi-swagger is not installed: run `make .venv/.installed`.")
    return Path(spec.origin).parent / "resources"


def write() -> None:
    """Copy the files of the installed release."""
    for name in _FILES:
        copyfile(_folder() / name, SWAGGER_UI / name)


def is_stale() -> bool:
    """Whether the copies are of another release than the installed one."""
    return any(
        (_folder() / name).read_bytes() != (SWAGGER_UI / name).read_bytes() for name in _FILES
    )
