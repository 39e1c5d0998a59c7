"""Settings: read from the environment once; what cannot be understood is named, never quoted."""

from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import ValidationError

from tenantry.access.keys import SigningKeys
from tenantry.access.organization_tokens import OrganizationTokens
from tenantry.cli.parts import audiences, limits
from tenantry.cli.refusals import CannotStart
from tenantry.kit.limits import Limits
from tenantry.settings import Settings, SettingsError

URL = "postgresql://someone:hunter2@db.example.com:5432/tenantry"


def refusal(**environment: str) -> str:
    """What is said of an environment; the value is never in it."""
    with pytest.raises(SettingsError) as refused:
        Settings.load(environment)
    assert "hunter2" not in str(refused.value)
    return str(refused.value)


def test_an_empty_environment_is_one_for_development() -> None:
    settings = Settings.load({})
    assert (settings.host, settings.port, settings.home) == ("127.0.0.1", 8000, Path(".tenantry"))
    assert settings.sign_up == "open"
    assert settings.allowed_origins == ()
    assert (settings.database_url, settings.base_url, settings.smtp_url) == (None, None, None)
    assert not settings.auto_migrate


def test_an_empty_variable_is_no_setting() -> None:
    assert Settings.load({"TENANTRY_PORT": "", "DATABASE_URL": ""}) == Settings.load({})


def test_variables_of_others_are_none_of_ours() -> None:
    assert Settings.load({"PORT": "1", "HOST": "example.com"}) == Settings.load({})


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Settings.load({}).port = 1


@pytest.mark.parametrize(
    "said", ["https://a.example,https://b.example", "https://a.example https://b.example"]
)
def test_several_origins_stand_in_one_variable(said: str) -> None:
    settings = Settings.load({"TENANTRY_ALLOWED_ORIGINS": said})
    assert settings.allowed_origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize("said", ["10.0.0.0/8,fd00::/8", "10.0.0.0/8 fd00::/8"])
def test_several_proxies_stand_in_one_variable(said: str) -> None:
    settings = Settings.load({"TENANTRY_TRUSTED_PROXIES": said})
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def test_a_single_proxy_is_a_network_of_one() -> None:
    settings = Settings.load({"TENANTRY_TRUSTED_PROXIES": "192.0.2.1"})
    assert settings.trusted_proxies == (ip_network("192.0.2.1/32"),)


def test_rates_are_limited_unless_that_is_switched_off() -> None:
    assert Settings.load({}).rate_limits == "on"
    assert Settings.load({"TENANTRY_RATE_LIMITS": "off"}).rate_limits == "off"


def test_the_base_url_loses_its_last_slash() -> None:
    settings = Settings.load({"TENANTRY_BASE_URL": "https://tenantry.example.com/"})
    assert settings.base_url == "https://tenantry.example.com"


def test_several_audiences_stand_in_one_variable() -> None:
    settings = Settings.load({"TENANTRY_AUDIENCES": "https://a.example/, reports"})
    assert settings.audiences == ("https://a.example/", "reports")


@pytest.mark.parametrize("named", ["https://t.example", "https://t.example/"])
def test_we_are_no_audience_of_an_organization_token(named: str) -> None:
    said = refusal(TENANTRY_BASE_URL="https://t.example", TENANTRY_AUDIENCES=f"other {named}")
    assert "TENANTRY_AUDIENCES names TENANTRY_BASE_URL" in said
    with pytest.raises(CannotStart):
        audiences(Settings.load({"TENANTRY_AUDIENCES": named}), "https://t.example")
    with pytest.raises(ValueError, match="never be for ourselves"):
        OrganizationTokens(SigningKeys.generate(), issuer=named, audiences=("x", named))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TENANTRY_PORT", "hunter2"),
        ("TENANTRY_PORT", "-1"),
        ("TENANTRY_TRUSTED_PROXIES", "hunter2"),
        ("TENANTRY_TRUSTED_PROXIES", "10.0.0.0/8 10.0.0.0/99"),
        ("TENANTRY_RATE_LIMITS", "hunter2"),
        ("TENANTRY_AUDIENCES", "hünter2"),
        ("TENANTRY_PORT", "65536"),
        ("TENANTRY_BASE_URL", "hunter2.example.com"),
        ("TENANTRY_SECRET_KEY", "hunter2"),
        ("TENANTRY_SIGN_UP", "hunter2"),
        ("TENANTRY_AUTO_MIGRATE", "hunter2"),
    ],
)
def test_what_cannot_be_understood_is_named_and_not_quoted(name: str, value: str) -> None:
    assert refusal(**{name: value}).startswith(f"{name}: ")


def test_everything_that_is_amiss_is_named_at_once() -> None:
    said = refusal(TENANTRY_PORT="hunter2", TENANTRY_SIGN_UP="hunter2", DATABASE_URL="hunter2")
    assert [each.split(": ")[0] for each in said.split("; ")] == [
        "DATABASE_URL",
        "TENANTRY_PORT",
        "TENANTRY_SIGN_UP",
    ]


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "postgresql://db1,db2:5433/tenantry?target_session_attrs=read-write",
        "host='/run/some where' port=5432 user=tenantry dbname=tenantry",
        "postgresql:///tenantry",
        "postgresql://someone:hunter%2F2@[::1]/tenantry",
    ],
)
def test_a_database_is_named_as_libpq_has_it(url: str) -> None:
    database = Settings.load({"DATABASE_URL": url}).database_url
    assert database is not None
    assert database.get_secret_value() == url


@pytest.mark.parametrize("name", ["DATABASE_URL", "TENANTRY_MIGRATION_DATABASE_URL"])
@pytest.mark.parametrize(
    "url",
    [
        "hunter2",
        "mysql://someone:hunter2@db.example.com/tenantry",
        "postgresql://someone:hunter2/x@db.example.com/tenantry",
        "postgresql://someone:x@hunter2@db.example.com/tenantry",
        "postgresql://someone:hunter2%zz@db.example.com/tenantry",
        "host=db.example.com port=hunter2",
    ],
)
def test_a_database_url_in_which_libpq_would_misread_the_password_is_refused(
    name: str, url: str
) -> None:
    said = refusal(**{name: url})
    assert said.startswith(f"{name}: expected postgresql://user:password@host:5432/database")


@pytest.mark.parametrize(
    "url", ["smtp://someone:hunter2@mail.example.com:587", "smtps://mail.example.com"]
)
def test_a_mail_server_is_named_by_a_url(url: str) -> None:
    server = Settings.load({"TENANTRY_SMTP_URL": url}).smtp_url
    assert server is not None
    assert server.get_secret_value() == url


@pytest.mark.parametrize(
    "url",
    [
        "mail.hunter2.example",
        "http://mail.hunter2.example",
        "smtp://",
        "smtp://someone@mail.example:hunter2",
        "smtp://mail.example:0",
        "smtp://[hunter2",
    ],
)
def test_a_mail_server_that_is_none_is_refused(url: str) -> None:
    assert "expected smtp://user:password@host:587" in refusal(TENANTRY_SMTP_URL=url)


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    settings = Settings.load({"DATABASE_URL": URL, "TENANTRY_SECRET_KEY": "hunter2" * 5})
    assert "hunter2" not in f"{settings!r} {settings}"


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("DATABASE_URL", "database_url", URL),
        ("TENANTRY_MIGRATION_DATABASE_URL", "migration_database_url", URL),
        ("TENANTRY_SIGNING_KEYS", "signing_keys", "-----BEGIN\n…\n-----END"),
        ("TENANTRY_SECRET_KEY", "secret_key", "hunter2" * 5),
        ("TENANTRY_SMTP_URL", "smtp_url", "smtp://someone:hunter2@mail.example.com"),
    ],
)
def test_a_secret_may_stand_in_a_file(tmp_path: Path, name: str, field: str, value: str) -> None:
    path = tmp_path / "secret"
    path.write_text(f"{value}\n", "utf-8")
    settings = Settings.load({f"{name}_FILE": str(path)})
    assert getattr(settings, field).get_secret_value() == value


def test_a_secret_itself_comes_before_its_file(tmp_path: Path) -> None:
    environment = {"DATABASE_URL": URL, "DATABASE_URL_FILE": str(tmp_path / "absent")}
    database = Settings.load(environment).database_url
    assert database is not None
    assert database.get_secret_value() == URL


def test_what_is_no_secret_has_no_file(tmp_path: Path) -> None:
    assert Settings.load({"TENANTRY_PORT_FILE": str(tmp_path / "absent")}) == Settings.load({})


@pytest.mark.parametrize("content", [None, b"\xff\xfe hunter2"])
def test_a_secret_whose_file_holds_no_text_is_refused(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    said = refusal(TENANTRY_SECRET_KEY_FILE=str(path))
    assert f"TENANTRY_SECRET_KEY_FILE: {path} cannot be read as text" in said
    assert "or set TENANTRY_SECRET_KEY." in said


def test_limits_are_what_the_operator_says_and_else_the_usual_ones() -> None:
    said = {"TENANTRY_LIMIT_MEMBERS": "5", "TENANTRY_LIMIT_PENDING_INVITATIONS": "6"}
    assert limits(Settings.load({})) == Limits()
    assert limits(Settings.load(said)) == Limits(members=5, pending_invitations=6)
    assert "TENANTRY_LIMIT_MEMBERS" in refusal(TENANTRY_LIMIT_MEMBERS="0")
