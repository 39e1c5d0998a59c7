"""TENANTRY_TRUSTED_ISSUERS: read once, each fault named with its entry, and nothing quoted."""

import json
from pathlib import Path
from typing import Any

import pytest

from tenantry.cli.errors import CannotStart
from tenantry.cli.parts import trusted_issuers
from tenantry.credentials.tokens.issuers import TrustedIssuer
from tenantry.settings import Settings, SettingsError
from tests.authz.test_key_sets import key_set, public_key

GOOD: dict[str, Any] = {
    "issuer": "https://id.example.com/",
    "audience": "tenantry",
    "jwks_uri": "https://id.example.com/jwks.json",
}
NAME = "TENANTRY_TRUSTED_ISSUERS"


def loaded(*entries: Any) -> tuple[TrustedIssuer, ...]:
    return trusted_issuers(Settings.load({NAME: json.dumps(entries)}))


def test_nothing_set_trusts_no_one() -> None:
    assert trusted_issuers(Settings.load({})) == ()


def test_an_entry_is_taken_as_it_stands() -> None:
    assert loaded(GOOD) == (TrustedIssuer(**GOOD),)
    more = {"link_verified_email": True, "algorithms": ["PS256", "ES512"], "type": "JWT"}
    (trusted,) = loaded({**GOOD, **more})
    assert (trusted.link_verified_email, trusted.type) == (True, "JWT")
    assert trusted.algorithms == ("PS256", "ES512")


def test_it_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "issuers.json"
    path.write_text(json.dumps([GOOD]))
    assert trusted_issuers(Settings.load({f"{NAME}_FILE": str(path)})) == (TrustedIssuer(**GOOD),)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"issuer": None}, "entry 2, issuer: "),
        ({"issuer": "id.example.com"}, "entry 2, issuer: "),
        ({"issuer": "https://id.example.com/ x"}, "entry 2, issuer: "),
        ({"audience": ""}, "entry 2, audience: "),
        ({"audience": ["a", "b"]}, "entry 2, audience: "),
        ({"jwks_uri": None}, "entry 2: expected either jwks_uri or jwks_file"),
        ({"jwks_file": "/keys.json"}, "entry 2: expected either jwks_uri or jwks_file"),
        ({"jwks_uri": "http://id.example.com/hunter2"}, "entry 2, jwks_uri: expected an address"),
        ({"jwks_uri": "file:///etc/hunter2"}, "entry 2, jwks_uri: expected an address"),
        ({"jwks_uri": "https://[hunter2"}, "entry 2, jwks_uri: expected an address"),
        ({"link_verified_email": "yes"}, "entry 2, link_verified_email: "),
        ({"algorithms": []}, "entry 2, algorithms: "),
        ({"algorithms": ["HS256"]}, "entry 2, algorithms: "),
        ({"algorithms": ["none"]}, "entry 2, algorithms: "),
        ({"type": "dpop+jwt"}, "entry 2, type: "),
        ({"jwks_url": "https://hunter2"}, "entry 2, jwks_url: "),
    ],
    ids=str,
)
def test_a_fault_is_named_with_its_entry(change: dict[str, Any], told: str) -> None:
    entry = {**GOOD, "issuer": "https://other.example.com", **change}
    said = json.dumps([GOOD, {name: each for name, each in entry.items() if each is not None}])
    with pytest.raises(SettingsError) as refused:
        Settings.load({NAME: said})
    assert str(refused.value).startswith(f"{NAME}: {told}")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("said", ["{", '{"issuer": "x"}', "7", "[7]", '["x"]'])
def test_what_is_no_array_of_entries_is_refused(said: str) -> None:
    with pytest.raises(SettingsError, match=NAME):
        Settings.load({NAME: said})


def test_an_issuer_stands_once_and_is_not_ourselves() -> None:
    with pytest.raises(SettingsError, match="named twice"):
        loaded(GOOD, GOOD)
    issuer = "https://tenantry.example.com"
    said = json.dumps([{**GOOD, "issuer": issuer}])
    with pytest.raises(SettingsError, match="names TENANTRY_BASE_URL itself"):
        Settings.load({NAME: said, "TENANTRY_BASE_URL": f"{issuer}/"})


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:1"])
def test_keys_may_come_over_http_from_this_machine_alone(host: str) -> None:
    assert loaded({**GOOD, "jwks_uri": f"http://{host}/jwks.json"})


def test_a_file_of_keys_must_be_there(tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    entry = {"issuer": "https://a.test", "audience": "tenantry", "jwks_file": str(path)}
    with pytest.raises(CannotStart, match="cannot be read as a JWK Set"):
        loaded(entry)
    path.write_text("{}")
    with pytest.raises(CannotStart, match="cannot be read as a JWK Set"):
        loaded(entry)
    path.write_bytes(key_set(public_key("first")))
    assert loaded(entry)[0].jwks_file == path
