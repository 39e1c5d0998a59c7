"""What answers of the API say, in short; and values that must be refused everywhere alike."""

from typing import Any

import httpx2

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


def told(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


def pointers(answer: httpx2.Response) -> list[str]:
    """Which values were not acceptable."""
    assert told(answer) == (422, "validation_failed"), answer.text
    return [error["pointer"] for error in answer.json()["errors"]]


def ids(answer: httpx2.Response) -> list[str]:
    """What a page lists, by id."""
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["data"]]
