"""Cookies that only this service receives back (RFC 6265bis)."""

import re
from dataclasses import dataclass

_VALUE = re.compile("[A-Za-z0-9_-]{1,512}")


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie by name, path and lifetime; without one, it ends with the browser's session."""

    name: str
    path: str = "/"
    seconds: int | None = None


SESSION = Cookie("tenantry-session")
"""The session's secret."""
VISITOR = Cookie("tenantry-visitor")
"""Identifies a browser before sign-in, so that forms can be bound to it."""

LANGUAGE = Cookie("tenantry-language", seconds=365 * 86_400)
"""The tag of the language that was chosen for pages."""
FLASH = Cookie("tenantry-flash", seconds=60)
"""The message that the next page shows once."""


class Jar:
    """The cookies of one request, and the changes that its response makes.

    All are HttpOnly and SameSite=Lax; under HTTPS also Secure, with a name prefix by which the
    browser refuses cookies set by a neighbouring site or over plain HTTP. If the service is under a
    path of a larger site, its cookies are for that path only.
    """

    def __init__(self, header: str, *, is_https: bool, base_path: str = "") -> None:
        self._is_https = is_https
        self._base_path = base_path
        self._values = _read(header)
        self._changes: dict[str, str] = {}

    @property
    def changes(self) -> list[str]:
        """The values of Set-Cookie, the last one of each cookie."""
        return list(self._changes.values())

    def get(self, cookie: Cookie) -> str:
        """The present value; empty if there is none."""
        return self._values.get(self._name(cookie), "")

    def put(self, cookie: Cookie, value: str) -> None:
        lifetime = "" if cookie.seconds is None else f"; Max-Age={cookie.seconds}"
        self._change(cookie, value, lifetime)

    def drop(self, cookie: Cookie) -> None:
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
    """The cookies by name. If one comes twice, one of them was planted, so neither counts."""
    values = dict[str, str]()
    for pair in header.split(";"):
        name, _, value = pair.strip().partition("=")
        usable = name not in values and _VALUE.fullmatch(value) is not None
        values[name] = value if usable else ""
    return values
