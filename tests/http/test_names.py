"""A name that no one can see is refused wherever a name is given."""

from collections.abc import Iterator

import httpx2
import pytest
from pydantic import BaseModel, ValidationError

from tenantry.api.schemas.fields import Body
from tests.http.responses import ORGANIZATIONS, told
from tests.support.cast import Cast

INVISIBLE = ["\u200b", "\u3164", "\u2800", "\u00ad", "\u200b\u2060 \ufe0f", "\U000e0041"]
_NOT_FOR_PEOPLE = {"PermissionDeclaration"}
"""Bodies whose name is a word for programs."""


def _kinds(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for each in kind.__subclasses__():
        yield each
        yield from _kinds(each)


NAMED = sorted(
    (
        kind
        for kind in _kinds(Body)
        if "name" in kind.model_fields and kind.__name__ not in _NOT_FOR_PEOPLE
    ),
    key=lambda kind: kind.__qualname__,
)


def test_the_bodies_with_a_name_are_found() -> None:
    assert len(NAMED) > 10


@pytest.mark.parametrize("kind", NAMED, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("name", INVISIBLE)
def test_no_body_takes_a_name_that_cannot_be_seen(kind: type[BaseModel], name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        kind.model_validate({"name": name})
    errors = {error["loc"]: error["msg"] for error in refused.value.errors()}
    assert errors["name",].endswith("must have at least one visible character")


@pytest.mark.parametrize("name", INVISIBLE)
async def test_an_invisible_name_is_answered_by_422(
    api: httpx2.AsyncClient, cast: Cast, name: str
) -> None:
    made = await api.post(ORGANIZATIONS, json={"name": name}, headers=cast.alice.headers)
    assert told(made) == (422, "validation_failed")
    assert made.json()["errors"][0]["pointer"] == "#/name"
    renamed = await api.patch("/api/v1/me", json={"name": name}, headers=cast.alice.headers)
    assert told(renamed) == (422, "validation_failed")
