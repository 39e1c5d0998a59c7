"""Devices, named by browser and system."""

# In this order, because browsers also name those that they descend from.
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


def device(user_agent: str) -> str:
    """From a User-Agent (RFC 9110, 10.1.5); an unknown one is cut to 80 characters."""
    known = [_first(user_agent, _BROWSERS), _first(user_agent, _SYSTEMS)]
    return ", ".join(filter(None, known)) or user_agent[:80]


def _first(user_agent: str, among: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in among if sign in user_agent), "")
