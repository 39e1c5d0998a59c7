"""Interfaces charge no rate: use cases do, so that API, console and command line cannot differ."""

import re
from pathlib import Path

import tenantry

SOURCE = Path(tenantry.__file__).parent
INTERFACES = ("api", "console", "cli", "worker", "http")
CHARGING = re.compile(
    r"rate_limits(\.| import )policies"
    r"|\.(hit|hit_first|ensure_within|exceeded|counting_misses|opening)\("
)
# Answering an invitation is still charged where it is answered.
REMAINING = {
    "api/v1/tenancy/invitations.py",
    "console/invitations/accept.py",
}


def test_no_interface_charges_a_rate() -> None:
    charging = {
        str(path.relative_to(SOURCE))
        for interface in INTERFACES
        for path in (SOURCE / interface).rglob("*.py")
        if CHARGING.search(path.read_text())
    }
    assert charging - REMAINING == set()
