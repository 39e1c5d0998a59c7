"""The setting TENANTRY_TRUSTED_ISSUERS: whose tokens are accepted, and how they are verified."""

from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

Algorithm = Literal["ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
"""Only asymmetric ones: with a shared secret, every verifier could also sign."""


class IssuerSetting(BaseModel):
    """One entry of TENANTRY_TRUSTED_ISSUERS."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str = Field(pattern=r"^https?://\S+$", max_length=255)
    audience: str = Field(min_length=1, max_length=255)
    jwks_uri: str | None = None
    jwks_file: Path | None = None
    link_verified_email: StrictBool = False
    algorithms: tuple[Algorithm, ...] = Field(("ES256", "RS256"), min_length=1)
    type: Literal["at+jwt", "JWT"] | None = None

    @field_validator("jwks_uri")
    @classmethod
    def _is_safe(cls, value: str | None) -> str | None:
        if value is not None and not _is_https_or_loopback(value):
            raise ValueError("expected an address that begins with https://")
        return value

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if (self.jwks_uri is None) == (self.jwks_file is None):
            raise ValueError("expected either jwks_uri or jwks_file")
        return self


_ISSUERS = TypeAdapter(tuple[IssuerSetting, ...])


def parse_issuers(text: str) -> tuple[IssuerSetting, ...]:
    """The entries of a JSON array. ValueError says which entries are invalid, and why."""
    try:
        entries = _ISSUERS.validate_json(text)
    except ValidationError as broken:
        faults = dict[str, str]()
        for error in broken.errors(include_input=False):
            # Only the first error of each place: the others follow from it.
            faults.setdefault(_place(error["loc"]), error["msg"].removeprefix("Value error, "))
        raise ValueError("; ".join(place + fault for place, fault in faults.items())) from None
    names = [entry.issuer for entry in entries]
    if len(set(names)) < len(names):
        raise ValueError("an issuer is named twice")
    return entries


def _place(location: tuple[int | str, ...]) -> str:
    """`entry 2, audience: `, or nothing if the value is not an array."""
    if not location:
        return ""
    entry, *member = location
    return ", ".join([f"entry {int(entry) + 1}", *map(str, member[:1])]) + ": "


def _is_https_or_loopback(url: str) -> bool:
    try:
        parts = urlsplit(url)
        loopback = parts.hostname in ("localhost", "127.0.0.1", "::1")
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and loopback)
        )
    except ValueError:
        return False
