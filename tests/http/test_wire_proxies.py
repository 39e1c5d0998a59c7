"""Whose address a request has: the last that no proxy of the operator's has invented."""

from ipaddress import ip_network
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from tenantry.http.proxies import Forwarded

TRUSTED = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
PROXY = "10.0.0.1"


async def asking(peer: str, *forwarded: str) -> str:
    """Who asks, where `peer` sends these headers."""
    seen = list[str]()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["client"][0])

    async def nothing(*_: Any) -> Any:
        return None

    headers = [(b"x-forwarded-for", value.encode("latin-1")) for value in forwarded]
    scope = {"type": "http", "client": (peer, 1), "headers": headers}
    await Forwarded(app, TRUSTED)(scope, nothing, nothing)
    return seen[0]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        (PROXY, ["192.0.2.7"], "192.0.2.7"),
        (PROXY, ["198.51.100.1, 192.0.2.7"], "192.0.2.7"),
        (PROXY, ["198.51.100.1", "192.0.2.7"], "192.0.2.7"),
        (PROXY, ["192.0.2.7, 10.0.0.2, 10.0.0.3"], "192.0.2.7"),
        (PROXY, ["192.0.2.7:4711"], "192.0.2.7"),
        (PROXY, ["[2001:db8::7]:4711"], "2001:db8::7"),
        (PROXY, ["2001:db8::7"], "2001:db8::7"),
        ("::ffff:10.0.0.1", ["192.0.2.7"], "192.0.2.7"),
        ("fd00::1", ["192.0.2.7"], "192.0.2.7"),
        (PROXY, ["10.0.0.9"], "10.0.0.9"),
    ],
)
async def test_a_trusted_proxy_is_believed(peer: str, forwarded: list[str], client: str) -> None:
    assert await asking(peer, *forwarded) == client


@pytest.mark.parametrize(
    ("peer", "forwarded"),
    [
        ("192.0.2.9", ["198.51.100.1"]),
        ("127.0.0.1", ["198.51.100.1"]),
        (PROXY, []),
        (PROXY, [""]),
        (PROXY, ["unknown"]),
        (PROXY, ["192.0.2.7, nonsense"]),
        (PROXY, ["192.0.2.7,"]),
        (PROXY, ["\xff" * 1000]),
        ("testclient", ["198.51.100.1"]),
    ],
)
async def test_no_one_else_is_and_nonsense_is_the_peer_itself(
    peer: str, forwarded: list[str]
) -> None:
    assert await asking(peer, *forwarded) == peer


async def test_a_header_without_end_is_read_from_its_end_only() -> None:
    assert await asking(PROXY, ", ".join(["10.0.0.2"] * 100_000)) == "10.0.0.2"
