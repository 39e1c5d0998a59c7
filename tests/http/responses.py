"""What answers of the API say, in short; and values that must be refused everywhere alike."""

from typing import Any

import httpx2

from tenantry.api.routing.operations import Operation
from tenantry.http.access import PATH_IDS
from tests.support.cast import Cast

API = "/api/v1"
ORGANIZATIONS = f"{API}/organizations"

BAD_NAMES = ["", "   ", "x" * 101, "two\nlines", "turned\u202eround", "a\u2028b", 7, None]
BAD_SLUGS = ["a", "Acme", "-acme", "acme-", "ac--me", "acme!", "x" * 49, "Ünter", "admin", "api"]
BAD_METADATA: list[Any] = [
    {f"key_{number}": "" for number in range(51)},
    {"k" * 41: "value"},
    {"": "value"},
    {"two\nlines": "value"},
    {"key": "v" * 501},
    {"key": 5},
    {"key": {"deeper": "value"}},
    [],
    "text",
]


def path_of(operation: Operation, cast: Cast) -> str:
    """The path of a call in Acme; other ids in it are well formed and do not exist."""
    nothing = {name: f"{kind}_{'0' * 26}" for name, kind in PATH_IDS.items()}
    known = {
        "org_id": cast.acme_path.rpartition("/")[2],
        "workspace_id": cast.workspace_id,
        "member_id": cast.vera.member_id,
        "permission": "nothing:of_it",
    }
    return operation.path.format_map({**nothing, **known})


def told(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


def pointers(answer: httpx2.Response) -> list[str]:
    """Which values were invalid."""
    assert told(answer) == (422, "validation_failed"), answer.text
    return [error["pointer"] for error in answer.json()["errors"]]


def ids(answer: httpx2.Response) -> list[str]:
    """What a page lists, by id."""
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["data"]]
