"""Metadata: a few strings by key, which the service stores and never interprets."""

from collections.abc import Mapping
from typing import TypedDict

from tenantry.kit.refusals import Invalid

MOST_KEYS = 50


class TooManyKeys(Invalid):
    """A patch would leave more keys than metadata may have."""

    code = "validation_failed"
    detail = "Some values are not valid; see `errors`."

    def __init__(self) -> None:
        super().__init__("#/metadata", f"Metadata may have at most {MOST_KEYS} keys.")


class MetadataChanges(TypedDict, total=False):
    """Either all of the metadata, or a patch of it."""

    metadata: Mapping[str, str]
    metadata_patch: Mapping[str, str | None] | None
    """A JSON merge patch (RFC 7396): null removes a key, or all of them."""


def changed_metadata(present: Mapping[str, str], changes: MetadataChanges) -> Mapping[str, str]:
    """The metadata after the changes, or unchanged if there are none. TooManyKeys."""
    if "metadata_patch" not in changes:
        return changes.get("metadata", present)
    patch = changes["metadata_patch"]
    merged = {} if patch is None else {**present, **patch}
    kept = {key: value for key, value in merged.items() if value is not None}
    if len(kept) > MOST_KEYS:
        raise TooManyKeys
    return kept
