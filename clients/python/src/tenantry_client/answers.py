"""Interpreting Tenantry's answers to a guard: decisions, refusals and configuration mistakes."""

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
"""A check of unknown ids, which shows whether a service key is valid."""


class Notices:
    """Writes each log line once, however often its cause occurs."""

    def __init__(self) -> None:
        self._written = set[str]()

    def write(self, text: str) -> None:
        """Write the line, unless it was written before."""
        if text not in self._written and len(self._written) < _MOST_NOTICES:
            self._written.add(text)
            log.error("%s", text)


def can_be_asked(question: Question) -> bool:
    """Whether a workspace id is well formed: it came from a caller, in a path."""
    return question.workspace_id is None or bool(_WORKSPACE_ID.fullmatch(question.workspace_id))


def decided(answer: Any, question: Question, notices: Notices) -> Decision:
    """Tenantry's decision; only an explicit yes counts as one."""
    try:
        decision = Decision(answer["allowed"] is True, answer["revision"])
        missing = answer["explanation"]["missing"]
    except (KeyError, TypeError) as broken:
        raise Misconfigured(_ELSEWHERE) from broken
    if missing == "declaration":
        notices.write(
            f"Tenantry knows no permission {question.permission!r}, so no one has it: declare it"
            " (POST /api/v1/operator/permissions), or correct its name."
        )
    return decision


def refused(refusal: Problem, question: Question) -> Problem | Misconfigured:
    """The exception for a refused check: Misconfigured if this service's own settings are the
    cause, otherwise the refusal itself."""
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
