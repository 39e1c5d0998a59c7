"""Devices: what a browser says of itself, in the two words by which its owner knows it."""

# What comes first is looked for first: browsers also name those that they descend from.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_LONGEST = 80


def device(user_agent: str) -> str:
    """Browser and system, as far as the header tells (RFC 9110, 10.1.5); else its beginning."""
    known = [_first(user_agent, _BROWSERS), _first(user_agent, _SYSTEMS)]
    return ", ".join(filter(None, known)) or user_agent[:_LONGEST]


def _first(user_agent: str, among: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in among if sign in user_agent), "")
