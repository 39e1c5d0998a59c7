"""Which media type a client prefers (RFC 9110, section 12.5.1)."""

from collections.abc import Mapping

_JSON = ("application/json", "application/problem+json")


def prefers_html(accept: str) -> bool:
    """Whether a client names HTML and does not prefer JSON. Browsers do; most programs name
    neither, or send `*/*`."""
    weights = _weights(accept)
    html = weights.get("text/html", 0.0)
    return html > 0.0 and html >= max(weights.get(each, 0.0) for each in _JSON)


def _weights(accept: str) -> Mapping[str, float]:
    """The weight of each media type, from 0 to 1; malformed ones are ignored."""
    weights = dict[str, float]()
    for each in accept.split(","):
        name, *parameters = [part.strip().lower() for part in each.split(";")]
        quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        try:
            weights[name] = float(quality)
        except ValueError:
            weights[name] = 0.0
    return weights
