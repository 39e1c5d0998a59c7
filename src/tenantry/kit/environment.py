"""Reading the environment: our own variables, and secrets from files."""

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path

_PREFIX = "TENANTRY_"
_OF_TESTS = "TENANTRY_TEST_"
"""The prefix of the test suite's variables, which a contributor may have exported."""
_FILE = "_FILE"

# Variables that our guides use in programs that call Tenantry, possibly in the same environment.
_OF_CLIENTS = frozenset(["TENANTRY_URL", "TENANTRY_SERVICE_KEY"])

# Kubernetes sets such variables for services, including those named tenantry or tenantry-….
_LINK_NAME = re.compile(r"\w+_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_\w+)?)")
_LINK_VALUE = re.compile(r"(tcp|udp|sctp)://\S+")


class EnvironmentRefused(Exception):
    """A variable is invalid; the message says which and how to fix it, never its value."""


def read(
    environment: Mapping[str, str], *, known: Collection[str], secrets: Collection[str]
) -> dict[str, str]:
    """The variables that are set; a secret may be in the file that NAME_FILE names.

    EnvironmentRefused for an unknown TENANTRY_ variable, a secret that is set twice, or a file that
    cannot be read as text.
    """
    values = {
        name: value
        for name, value in environment.items()
        if value and not _is_service_link(name, value)
    }
    files = {f"{name}{_FILE}": name for name in secrets}
    faults = [
        *(_unknown(name, {*known, *files}) for name in values if _is_unknown(name, known, files)),
        *(_twice(name, file) for file, name in files.items() if {name, file} <= values.keys()),
    ]
    if faults:
        raise EnvironmentRefused("; ".join(faults))
    for file in files.keys() & values.keys():
        values[files[file]] = _text_of(file, files[file], values[file])
    return values


def _is_service_link(name: str, value: str) -> bool:
    if _LINK_NAME.fullmatch(name):
        return True
    return name.endswith("_PORT") and _LINK_VALUE.fullmatch(value) is not None


def _is_unknown(name: str, known: Collection[str], files: Mapping[str, str]) -> bool:
    ours = name.startswith(_PREFIX) and not name.startswith(_OF_TESTS)
    return ours and name not in known and name not in files and name not in _OF_CLIENTS


def _unknown(name: str, names: Collection[str]) -> str:
    nearest = [name.removeprefix(_PREFIX)] if name.removeprefix(_PREFIX) in names else []
    nearest = nearest or get_close_matches(name, names, n=1, cutoff=0.8)
    if nearest:
        return f"{name} is not a setting: did you mean {nearest[0]}?"
    return f"{name} is not a setting: unset it, or see docs/settings.md"


def _twice(name: str, file: str) -> str:
    return f"{name} and {file} are both set: unset one of them"


def _text_of(file: str, name: str, path: str) -> str:
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as unreadable:
        raise EnvironmentRefused(
            f"{file}: {path} cannot be read as text. Let this user read it, or set {name}."
        ) from unreadable
