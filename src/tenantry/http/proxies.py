"""The client's address behind the operator's own proxies."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_FORWARDED_FOR = b"x-forwarded-for"
_MOST_HOPS = 32


class Forwarded:
    """ASGI 3: the client's address from X-Forwarded-For, if it comes from a `trusted` network.

    Each proxy appends its client's address at the right end. Everything left of the first untrusted
    address may be forged.
    """

    def __init__(self, app: ASGIApp, trusted: Iterable[Network]) -> None:
        self.app = app
        self._trusted = tuple(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and scope.get("client"):
            scope = {**scope, "client": (self._client(scope), scope["client"][1])}
        await self.app(scope, receive, send)

    def _client(self, scope: Scope) -> str:
        forwarded = [value for name, value in scope["headers"] if name == _FORWARDED_FOR]
        hops = b",".join(forwarded).decode("latin-1").split(",")
        nearest: str = scope["client"][0]
        for hop in reversed(hops[-_MOST_HOPS:]):
            address = _address(nearest)
            if address is None or not any(address in network for network in self._trusted):
                return nearest
            before = _address(hop)
            if before is None:
                return nearest
            nearest = str(before)
        return nearest


def _address(text: str) -> Address | None:
    """The address of a hop; some proxies append a port."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
