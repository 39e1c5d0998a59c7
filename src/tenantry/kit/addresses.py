"""Addresses in settings: of services, pages, origins and mailboxes.

Each function returns the normalized form, or raises ValueError with what is expected.
"""

import re
from collections.abc import Sequence
from email.headerregistry import Group
from email.policy import default
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from tenantry.kit.text import is_line

_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?"
_LETTERS = r"A-Za-z0-9\-._~!$&'()*+,;=:@%"
_BASE = re.compile(rf"https?://{_HOST}(?:/[{_LETTERS}]+)*/?")
_PAGE = re.compile(
    rf"https?://{_HOST}(?:/[{_LETTERS}/]*)?(?:\?[{_LETTERS}/?]*)?(?:#[{_LETTERS}/?]*)?"
)
_ORIGIN = re.compile(rf"[a-z][a-z0-9+.-]*://{_HOST}", re.IGNORECASE)
_USUAL_PORTS = {"http": 80, "https": 443}

# Names that are not public (RFC 6761, RFC 6762, RFC 8375), or are assigned within a network.
_LOCAL = ("localhost", "local", "internal", "test", "lan", "home.arpa")


def base_address(text: str) -> str:
    """A service's address, without a trailing slash: scheme, host, optionally port and path.

    >>> base_address("https://example.com/tenants/")
    'https://example.com/tenants'
    """
    if _BASE.fullmatch(text) is None or not _has_port(text):
        raise ValueError(
            "expected https://host, perhaps with a port and a path: no blank, user, query or"
            " fragment, and a host name in ASCII (xn--…)"
        )
    return text.rstrip("/")


def page_address(text: str) -> str:
    """A page: an absolute address, optionally with a query and a fragment."""
    if _PAGE.fullmatch(text) is None or not _has_port(text):
        raise ValueError(
            "expected an absolute address, such as https://app.example.com/verify: no blank or user"
        )
    return text


def origin(text: str) -> str:
    """An origin as browsers send it (RFC 6454): in lower case, without the default port."""
    if _ORIGIN.fullmatch(text) is None or not _has_port(text):
        raise ValueError(
            "expected origins, such as https://app.example.com: a scheme and a host, perhaps a"
            " port, no path or slash at the end, no pattern; or * alone"
        )
    parts = urlsplit(text.lower())
    usual = _USUAL_PORTS.get(parts.scheme)
    return text.lower().removesuffix(f":{usual}") if parts.port == usual else text.lower()


def mailbox(text: str) -> str:
    """The sender of emails (RFC 5322, section 3.4): one address, optionally with a name."""
    header: Any = default.header_factory("from", text) if is_line(text) else None
    if header is None or header.defects or not _is_one_mailbox(header.groups):
        raise ValueError("expected one address, such as Acme <no-reply@acme.example>")
    return text


def is_private_or_encrypted(url: str) -> bool:
    """Whether traffic to an address is encrypted, or stays in a private network."""
    parts = urlsplit(url)
    return parts.scheme == "https" or _is_local(parts.hostname or "")


def is_loopback(host: str) -> bool:
    """Whether a host is a loopback address; other names may resolve to anything."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _is_local(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or any(host.endswith(f".{name}") for name in _LOCAL)


def _has_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:  # past 65535, or no address in the brackets
        return False


def _is_one_mailbox(groups: Sequence[Group]) -> bool:
    """Whether a header has exactly one address, and no group."""
    addresses = [each for group in groups for each in group.addresses]
    if len(addresses) != 1 or groups[0].display_name is not None:
        return False
    only = addresses[0]
    return bool(only.username and only.domain) and only.addr_spec.isascii()
