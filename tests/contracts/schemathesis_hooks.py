"""What the request generator must know beyond the document: see test_schemathesis.py."""

import json
import os
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen
from uuid import uuid4

import schemathesis
from hypothesis import strategies as st

# The generator's own types are open ones.
Case = Any
_generator: Any = schemathesis

_WORDS = ["lantern", "meadow", "quiet", "harbour", "drift", "copper", "window", "seven"]
_BY_RULE = (
    *("weak_password", "role_unknown", "workspace_unknown", "expiry_passed"),
    *("permission_unknown", "service_account_unknown", "user_unknown"),
)
"""Why a value that is written as the document says may be refused with 422 all the same."""
_TWICE = "The same workspace is listed twice."
"""No schema can say that items differ in one of their members."""

_generator.openapi.format(
    "email", st.uuids().map(lambda each: f"somebody.{each.hex[:12]}@example.com")
)
_generator.openapi.format(
    "password", st.lists(st.sampled_from(_WORDS), min_size=4, max_size=6, unique=True).map(" ".join)
)


@_generator.hook
def before_call(_: Any, case: Case, __: Any) -> None:
    """A key that is valid names one request alone: the same with another body is a fault (422)."""
    key = case.headers.get("Idempotency-Key") if case.headers else None
    if isinstance(key, str) and key.isascii() and key.isprintable() and 0 < len(key) < 200:
        case.headers["Idempotency-Key"] = uuid4().hex


@_generator.check
def good_data_is_refused_by_rule_alone(_: Any, response: Any, case: Case) -> None:
    """What the document calls valid is never refused for how it is written."""
    meant_well = case.meta is not None and case.meta.generation.mode.is_positive
    if meant_well and response.status_code == 422:
        problem = response.json()
        told = [error["detail"] for error in problem.get("errors", [])]
        assert problem["code"] in _BY_RULE or told == [_TWICE], response.text


class SignedIn:
    """The Admin's access token, by their password."""

    def get(self, case: Case, context: Any) -> str:
        """Sign in."""
        form = {
            "grant_type": "password",
            "username": os.environ["TENANTRY_TEST_USER"],
            "password": os.environ["TENANTRY_TEST_PASSWORD"],
        }
        url = f"{os.environ['TENANTRY_TEST_URL']}/api/v1/auth/token"
        with urlopen(url, urlencode(form).encode()) as answer:
            return json.load(answer)["access_token"]

    def set(self, case: Case, data: str, context: Any) -> None:
        """Bear it."""
        case.headers["Authorization"] = f"Bearer {data}"


# Of these calls some end the session that makes them: each is made in one of its own.
_ENDING = ["auth", "me"]

if "TENANTRY_TEST_USER" in os.environ:
    _generator.auth(refresh_interval=None).apply_to(tag=_ENDING)(SignedIn)
    _generator.auth(refresh_interval=60).skip_for(tag=_ENDING)(SignedIn)
