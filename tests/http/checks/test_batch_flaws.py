"""A question that is refused by itself is refused in a batch, however quickly that is looked at."""

from typing import Any

import httpx2
import pytest

from tests.http.checks.requests import BATCH, CHECK, acme
from tests.http.responses import pointers
from tests.support.cast import Cast

NO_IDS: list[Any] = ["", 0, False, 0.0, [], {}, "x", 1, True, "ws_", "user_", "NULL"]


@pytest.mark.parametrize("given", NO_IDS, ids=repr)
@pytest.mark.parametrize("member", ["organization_id", "workspace_id", "user_id", "permission"])
async def test_what_is_no_id_is_not_taken_for_nothing(
    api: httpx2.AsyncClient, cast: Cast, member: str, given: object
) -> None:
    good: dict[str, Any] = {"organization_id": acme(cast), "permission": "workspace:read"}
    flawed = {**good, member: given}
    alone = await api.post(CHECK, json=flawed, headers=cast.alice.headers)
    assert (alone.status_code, pointers(alone)) == (422, [f"#/{member}"])
    for checks, place in (([flawed], 0), ([good, flawed, good], 1)):
        answer = await api.post(BATCH, json={"checks": checks}, headers=cast.alice.headers)
        assert (answer.status_code, pointers(answer)) == (422, [f"#/checks/{place}/{member}"])
