"""JSON merge patch (RFC 7396), for what is merged key by key."""

from collections.abc import Mapping

from tenantry.api.parsing import Unacceptable

MOST_KEYS = 50


def merged(present: Mapping[str, str], patch: Mapping[str, str | None] | None) -> dict[str, str]:
    """The metadata after a patch: null removes a key, or all of them; other values set one."""
    if patch is None:
        return {}
    result = dict(present)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = value
    return result


def ensure_small(metadata: dict[str, str]) -> dict[str, str]:
    """Unacceptable where a patch would leave more keys than metadata may have."""
    if len(metadata) > MOST_KEYS:
        detail = f"Would have more than {MOST_KEYS} keys."
        raise Unacceptable([{"pointer": "#/metadata", "detail": detail}])
    return metadata
