"""What Tenantry's answers to a guard mean, its refusals too: whose mistake each is."""

import logging
import re
from typing import Any

from tenantry_client.decisions import Decision, Question
from tenantry_client.problems import (
    BadRequest,
    Invalid,
    Misconfigured,
    NotFound,
    Problem,
    Unauthenticated,
)

log = logging.getLogger("tenantry_client")

_MOST_NOTICES = 100
_WORKSPACE_ID = re.compile(r"ws_[0-7][0-9a-hjkmnp-tv-z]{25}")

ANYTHING = Question("org_" + "0" * 26, "user_" + "0" * 26, "organization:read")
"""What may be asked to see whether a service key is good: nobody, nowhere."""


class Notices:
    """Lines for the log that are written once, however often their cause comes."""

    def __init__(self) -> None:
        self._written = set[str]()

    def write(self, text: str) -> None:
        """Write it, unless it was."""
        if text not in self._written and len(self._written) < _MOST_NOTICES:
            self._written.add(text)
            log.error("%s", text)


def can_be_asked(question: Question) -> bool:
    """Whether there can be such a workspace at all: its id came from a caller, in a path."""
    return question.workspace_id is None or bool(_WORKSPACE_ID.fullmatch(question.workspace_id))


def decided(answer: Any, question: Question, notices: Notices) -> Decision:
    """What Tenantry answered; nothing but a plain yes is one."""
    try:
        decision = Decision(answer["allowed"] is True, answer["revision"])
        missing = answer["explanation"]["missing"]
    except (KeyError, TypeError) as broken:
        raise Misconfigured(_ELSEWHERE) from broken
    if missing == "declaration":
        notices.write(
            f"Tenantry knows no permission {question.permission!r}, so nobody has it: declare it"
            " (POST /api/v1/operator/permissions), or correct its name."
        )
    return decision


def refused(refusal: Problem, question: Question) -> Problem | Misconfigured:
    """What is raised where Tenantry refuses a question: Misconfigured where this service's own
    settings are the cause, else the refusal itself."""
    if isinstance(refusal, Invalid) and _is_about(refusal, "permission"):
        return Misconfigured(
            f"{question.permission!r} is no permission: expected a name such as invoice:read."
        )
    if isinstance(refusal, Unauthenticated):
        return Misconfigured(
            "Tenantry refuses the service key: it is unknown, expired or revoked. Create another"
            " (POST /api/v1/operator/service-keys) and pass it as `service_key`."
        )
    if isinstance(refusal, NotFound | BadRequest):
        return Misconfigured(_ELSEWHERE)
    return refusal


_ELSEWHERE = (
    "What answers at the issuer's address is not Tenantry's API: pass the address that Tenantry's"
    " TENANTRY_BASE_URL has."
)


def _is_about(refusal: Invalid, member: str) -> bool:
    pointers = [error.get("pointer", "") for error in refusal.errors]
    return bool(pointers) and all(pointer.endswith(f"/{member}") for pointer in pointers)
