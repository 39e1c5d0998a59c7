"""Cookies that only this service receives back (RFC 6265bis)."""

import re
from dataclasses import dataclass

_VALUE = re.compile("[A-Za-z0-9_-]{1,512}")


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie by name: for all of the service, or for a path of it; until the browser ends, or
    shorter."""

    name: str
    path: str = "/"
    seconds: int | None = None


SESSION = Cookie("tenantry-session")
"""The session's secret: who holds it is signed in."""
VISITOR = Cookie("tenantry-visitor")
"""Identifies a browser before sign-in, so that forms can be bound to it."""

LANGUAGE = Cookie("tenantry-language", seconds=365 * 86_400)
"""The language that somebody chose for pages, by its tag."""
FLASH = Cookie("tenantry-flash", seconds=60)
"""What the next page says of what was just done."""


class Jar:
    """The cookies of one request, and what its answer changes of them.

    Every one is HttpOnly and SameSite=Lax; under HTTPS also Secure, with a prefix to its name by
    which the browser refuses one that a neighbouring site, or plain HTTP, has planted. Where the
    service lives under a path of a larger site, its cookies are for that path alone.
    """

    def __init__(self, header: str, *, is_https: bool, base_path: str = "") -> None:
        self._is_https = is_https
        self._base_path = base_path
        self._values = _read(header)
        self._changes: dict[str, str] = {}

    @property
    def changes(self) -> list[str]:
        """The values of Set-Cookie that the answer needs: what came last of each cookie."""
        return list(self._changes.values())

    def get(self, cookie: Cookie) -> str:
        """What the browser sent, as this answer leaves it; empty where there is none of ours."""
        return self._values.get(self._name(cookie), "")

    def put(self, cookie: Cookie, value: str) -> None:
        """Let the browser keep it."""
        lifetime = "" if cookie.seconds is None else f"; Max-Age={cookie.seconds}"
        self._change(cookie, value, lifetime)

    def drop(self, cookie: Cookie) -> None:
        """Let the browser forget it."""
        self._change(cookie, "", "; Max-Age=0")

    def _change(self, cookie: Cookie, value: str, lifetime: str) -> None:
        name, secure = self._name(cookie), "; Secure" if self._is_https else ""
        self._values[name] = value
        self._changes[name] = (
            f"{name}={value}; Path={self._path(cookie)}{lifetime}; HttpOnly; SameSite=Lax{secure}"
        )

    def _name(self, cookie: Cookie) -> str:
        if not self._is_https:
            return cookie.name
        return f"{'__Host-' if self._path(cookie) == '/' else '__Secure-'}{cookie.name}"

    def _path(self, cookie: Cookie) -> str:
        return (self._base_path + cookie.path).rstrip("/") or "/"


def _read(header: str) -> dict[str, str]:
    """The cookies by name. One that comes twice was planted by somebody: neither counts."""
    values = dict[str, str]()
    for pair in header.split(";"):
        name, _, value = pair.strip().partition("=")
        usable = name not in values and _VALUE.fullmatch(value) is not None
        values[name] = value if usable else ""
    return values
