"""Where callers come from: each test from a network of its own, so that none slows another."""

import secrets


def new_network() -> str:
    """The first half of the addresses of a network (a /64, for documentation) of one's own."""
    return f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}"


def somewhere(network: str = "") -> tuple[str, int]:
    """An address and a port in a network, a new one where none is named."""
    return f"{network or new_network()}::{secrets.token_hex(2)}", 50_000


def new_ipv4() -> str:
    """An address of the network that is set aside for benchmarks (RFC 2544)."""
    return f"198.{18 + secrets.randbelow(2)}.{secrets.randbelow(256)}.{secrets.randbelow(256)}"
