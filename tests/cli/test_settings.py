"""Settings: read from the environment once; what cannot be understood is named, never quoted."""

from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import ValidationError

from tenantry.cli.errors import CannotStart
from tenantry.cli.parts import audiences, limits, transport
from tenantry.credentials.tokens.organization_tokens import OrganizationTokens
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.kit.limits import Limits
from tenantry.platform.mail.transports import Smtp
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


def test_a_token_for_metrics_that_are_not_shown_is_refused() -> None:
    token = {"TENANTRY_METRICS_TOKEN": "hunter2-of-prometheus"}
    assert "set without TENANTRY_METRICS: set that to on" in refusal(**token)
    settings = Settings.load({**token, "TENANTRY_METRICS": "on"})
    assert settings.metrics_token is not None
    assert "TENANTRY_METRICS_TOKEN" in refusal(
        TENANTRY_METRICS="1", TENANTRY_METRICS_TOKEN="hunter2"
    )


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
    with pytest.raises(ValueError, match="cannot be an audience"):
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
        "smtp://mail.example:587 hunter2",
        "smtp://mail.example:587/hunter2",
        "smtp://mail.example?hunter2",
        "smtp://mail.example#hunter2",
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


@pytest.mark.parametrize("name", ["DATABASE_URL", "TENANTRY_SECRET_KEY"])
def test_a_secret_and_its_file_at_once_are_refused(tmp_path: Path, name: str) -> None:
    said = refusal(**{name: URL, f"{name}_FILE": str(tmp_path / "absent")})
    assert said == f"{name} and {name}_FILE are both set: unset one of them"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("TENANTRY_PROT", "TENANTRY_PORT"),
        ("TENANTRY_BASEURL", "TENANTRY_BASE_URL"),
        ("TENANTRY_TRUSTED_PROXY", "TENANTRY_TRUSTED_PROXIES"),
        ("TENANTRY_SECRET_KEY_FILES", "TENANTRY_SECRET_KEY_FILE"),
        ("TENANTRY_LIMIT_MEMBER", "TENANTRY_LIMIT_MEMBERS"),
        ("TENANTRY_PORT_FILE", "TENANTRY_PORT"),
        ("TENANTRY_DATABASE_URL", "DATABASE_URL"),
    ],
)
def test_a_name_that_is_no_setting_is_refused_with_the_nearest(name: str, meant: str) -> None:
    assert refusal(**{name: "hunter2"}) == f"{name} is not a setting: did you mean {meant}?"


def test_a_name_like_no_setting_is_refused_as_well() -> None:
    said = refusal(TENANTRY_COLOUR_OF_BUTTONS="hunter2", TENANTRY_PROT="hunter2")
    assert "TENANTRY_COLOUR_OF_BUTTONS is not a setting: unset it" in said
    assert "TENANTRY_PROT is not a setting: did you mean TENANTRY_PORT?" in said


def test_what_kubernetes_our_clients_and_our_tests_set_is_no_setting() -> None:
    links = {
        "TENANTRY_PORT": "tcp://10.96.0.7:8000",
        "TENANTRY_SERVICE_HOST": "10.96.0.7",
        "TENANTRY_SERVICE_PORT_HTTP": "8000",
        "TENANTRY_PORT_8000_TCP_ADDR": "10.96.0.7",
        "TENANTRY_API_PORT": "tcp://10.96.0.8:80",
        "TENANTRY_API_SERVICE_HOST": "10.96.0.8",
    }
    clients = {"TENANTRY_URL": "https://tenantry.example.com", "TENANTRY_SERVICE_KEY": "hunter2"}
    tests = {"TENANTRY_TEST_BROWSER": "/usr/bin/chromium"}
    assert Settings.load(links | clients | tests) == Settings.load({})


def test_every_setting_is_a_name_that_is_known() -> None:
    names = {str(field.alias) for field in Settings.model_fields.values()}
    assert not [name for name in names if "is not a setting" in _said({name: "1"})]


def _said(environment: dict[str, str]) -> str:
    try:
        Settings.load(environment)
    except SettingsError as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("TENANTRY_BASE_URL", value)
            for value in (
                "https://hunter2.example ",
                "https://hunter2.example?x",
                "https://hunter2.example#a",
                "https://user:hunter2@tenantry.example",
                "https://hunter2.example:99999",
                "https://hunter2..example",
                "https://hünter2.example",
            )
        ),
        *(
            ("TENANTRY_ALLOWED_ORIGINS", value)
            for value in (
                "https://hunter2.example/",
                "https://*.hunter2.example",
                "hunter2.example",
                "https://a.example, *",
                "null",
            )
        ),
        *(
            (f"TENANTRY_LINK_{page}_URL", value)
            for page in ("VERIFY_EMAIL", "RESET_PASSWORD", "INVITATION", "HOME")
            for value in ("/hunter2", "hunter2.example/verify", "https://hunter2.example/a b")
        ),
        *(
            ("TENANTRY_MAIL_FROM", value)
            for value in (
                "hunter2",
                "Hunter2 <no-reply>",
                "hunter2@a.example, b@c.example",
                "Hunter2 <no-reply@a.example",
                "all: hunter2@a.example;",
                "a@b.example\nBcc: hunter2@c.example",
            )
        ),
        ("TENANTRY_SMTP_HELO", "hunter2 example"),
        ("TENANTRY_SECRET_KEY_PREVIOUS", "hunter2"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_is_expected(name: str, value: str) -> None:
    said = refusal(**{name: value})
    assert said.startswith(f"{name}: ")
    assert "xpected" in said or "should match" in said


@pytest.mark.parametrize(
    ("name", "value", "used"),
    [
        ("TENANTRY_BASE_URL", "https://a.example:8443/teams/", "https://a.example:8443/teams"),
        ("TENANTRY_BASE_URL", "http://[::1]:8000", "http://[::1]:8000"),
        ("TENANTRY_BASE_URL", "http://my_app:8000", "http://my_app:8000"),
        ("TENANTRY_ALLOWED_ORIGINS", "HTTPS://App.example:443", ("https://app.example",)),
        ("TENANTRY_ALLOWED_ORIGINS", "capacitor://localhost", ("capacitor://localhost",)),
        ("TENANTRY_ALLOWED_ORIGINS", "*", ("*",)),
        ("TENANTRY_LINK_HOME_URL", "https://a.example/#/verify?x=1", None),
        ("TENANTRY_MAIL_FROM", "Müller GmbH <post@a.example>", None),
        ("TENANTRY_MAIL_FROM", '"Acme, Inc." <post@mail.local>', None),
        ("TENANTRY_MAIL_FROM", "post@a.example", None),
    ],
)
def test_what_can_be_meant_is_used(name: str, value: str, used: object) -> None:
    assert Settings.load({name: value}).model_dump(by_alias=True)[name] == (used or value)


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


def test_a_mail_server_is_greeted_with_the_base_urls_host_or_the_name_that_is_set() -> None:
    said = {"TENANTRY_SMTP_URL": "smtp://mail.example.com"}
    for helo, greeted in {"": "t.example.com", "mx.example.com": "mx.example.com"}.items():
        settings = Settings.load(said | {"TENANTRY_SMTP_HELO": helo})
        server = transport(settings, "https://t.example.com/teams")
        assert isinstance(server, Smtp)
        assert server.helo == greeted
