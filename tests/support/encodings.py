"""A secret in every form in which it might lie somewhere: as it is, escaped, encoded.

Escaped once more in PostgreSQL's dump, which doubles each backslash.
"""

import base64
import binascii
import json
from collections.abc import Iterable
from urllib.parse import quote, quote_plus


def disguises(secret: str) -> dict[str, str]:
    """Each form by its name; what holds one of them holds the secret."""
    in_json = json.dumps(secret, ensure_ascii=False)[1:-1]
    forms = {
        "raw": secret,
        "in JSON": in_json,
        "in ASCII's JSON": json.dumps(secret)[1:-1],
        "dumped": secret.replace("\\", "\\\\"),
        "in dumped JSON": in_json.replace("\\", "\\\\"),
        "in a URL": quote(secret, safe=""),
        "in a form": quote_plus(secret),
        **_encoded("", secret.encode()),
    }
    decoded = _decoded(secret)
    return forms if decoded is None else {**forms, **_encoded("decoded, ", decoded)}


def found_in(text: str, secrets: Iterable[str]) -> list[str]:
    """The forms in which one of the secrets is there; hexadecimal in small emails or capitals."""
    plain, lower = text, text.lower()
    return [
        f"{secret[:6]}… {form}"
        for secret in secrets
        for form, value in disguises(secret).items()
        if value in (lower if form.endswith("hex") else plain)
    ]


def _encoded(prefix: str, value: bytes) -> dict[str, str]:
    """Hexadecimal, and Base64 wherever in a longer text it begins."""
    forms = {f"{prefix}hex": value.hex()}
    for before in range(3):
        # What the neighbours decide as well is cut off on both sides.
        standard = base64.b64encode(b"\0" * before + value).decode().rstrip("=")
        inner = standard[(before * 8 + 5) // 6 : (before + len(value)) * 8 // 6]
        forms[f"{prefix}Base64 at {before}"] = inner
        forms[f"{prefix}base64url at {before}"] = inner.replace("+", "-").replace("/", "_")
    return forms


def _decoded(secret: str) -> bytes | None:
    """The bytes of which an opaque token of ours is made; a password is none."""
    if len(secret) != 43:
        return None
    try:
        return base64.b64decode(secret + "=", altchars=b"-_", validate=True)
    except binascii.Error:
        return None
