"""Who may make a call or open a page, and the ids in its path."""

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from tenantry.authz.builtin_permissions import NAME_PATTERN, Permission
from tenantry.kit.ids import Kind, parse


class Requirement(Enum):
    """Who may make a call, or open a page, that needs no permission in an organization."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    BEARER = "signed in, or a key"
    OPERATOR = "an operator"


Access = Requirement | Permission

PATH_IDS: Mapping[str, Kind] = {
    "org_id": Kind.ORGANIZATION,
    "workspace_id": Kind.WORKSPACE,
    "role_id": Kind.ROLE,
    "member_id": Kind.MEMBERSHIP,
    "invitation_id": Kind.INVITATION,
    "event_id": Kind.EVENT,
    "session_id": Kind.SESSION,
    "user_id": Kind.USER,
    "key_id": Kind.API_KEY,
    "service_account_id": Kind.SERVICE_ACCOUNT,
    "service_key_id": Kind.SERVICE_KEY,
    "email_id": Kind.EMAIL,
}
PATH_NAMES = {"permission": f"^{NAME_PATTERN}$"}
"""Path values that are names instead of ids, with their patterns."""

PathValues = dict[str, Any]
"""The values in a path by name: ids as UUIDs, and names as text."""


def path_values(texts: Iterable[tuple[str, str]]) -> PathValues | None:
    """The values in a path; None if one of them is malformed, so that nothing can match."""
    values: PathValues = {}
    for name, text in texts:
        kind = PATH_IDS.get(name)
        values[name] = _name(name, text) if kind is None else parse(kind, text)
        if values[name] is None:
            return None
    return values


def _name(name: str, text: str) -> str | None:
    pattern = PATH_NAMES.get(name)
    return text if pattern is None or re.fullmatch(pattern.strip("^$"), text) else None
