"""The servers that a connection string names: each is tried separately, with its own timeout.

libpq tries several hosts in one attempt, and a host that accepts connections but does not respond
(no power, a frozen process) would use up the time of the hosts after it.
"""

import asyncio
import random
import socket
import time
from ipaddress import ip_address
from itertools import cycle, islice
from typing import Any

from psycopg import OperationalError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

_LAST_SECONDS = 30.0
"""Seconds for which a server that did not respond is tried after the others."""


class Servers:
    """The servers, each as a connection string with one address."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._silent_at: dict[str, float] = {}

    async def in_order(self) -> list[str]:
        """In the order of the connection string, but recently silent ones come last.

        OperationalError if no name can be resolved.
        """
        parameters = conninfo_to_dict(self._conninfo)
        resolved = [await _addresses(host) for host in _hosts(parameters)]
        attempts = [address for addresses in resolved for address in addresses]
        if not attempts:
            raise OperationalError("no host of the database could be resolved")
        if parameters.get("load_balance_hosts") == "random":
            random.shuffle(attempts)
        if parameters.get("target_session_attrs") == "prefer-standby":
            first = [{**each, "target_session_attrs": "standby"} for each in attempts]
            attempts = first + [{**each, "target_session_attrs": "any"} for each in attempts]
        servers = [make_conninfo("", **attempt) for attempt in attempts]
        return sorted(servers, key=self._was_silent)

    def note_silent(self, server: str) -> None:
        self._silent_at[server] = time.monotonic()

    def _was_silent(self, server: str) -> bool:
        return time.monotonic() - self._silent_at.get(server, -_LAST_SECONDS) < _LAST_SECONDS


def _hosts(parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """The parameters of each host; a single port applies to all (PostgreSQL 18, 32.1.1.3)."""
    hosts, addresses, ports = (
        str(parameters.get(name) or "").split(",") for name in ("host", "hostaddr", "port")
    )
    count = max(len(hosts), len(addresses))
    return [
        {**parameters, "host": host or None, "hostaddr": address or None, "port": port or None}
        for host, address, port in zip(
            *(islice(cycle(each), count) for each in (hosts, addresses, ports)), strict=True
        )
    ]


async def _addresses(attempt: dict[str, Any]) -> list[dict[str, Any]]:
    """The parameters for each address of the host's name; none if it cannot be resolved."""
    host = attempt["host"]
    if not host or attempt["hostaddr"] or host.startswith(("/", "@")) or host[1:2] == ":":
        return [attempt]
    if _is_address(host):
        return [{**attempt, "hostaddr": host}]
    loop, port = asyncio.get_running_loop(), attempt["port"] or 5432
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [{**attempt, "hostaddr": address[0]} for *_, address in found]


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
