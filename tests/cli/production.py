"""Settings under which `tenantry serve` starts, and what it says where one of them is amiss."""

import os
from collections.abc import Mapping

from typer.testing import CliRunner

from tenantry.cli.main import app
from tenantry.credentials.tokens.signing_keys import SigningKeys

SECRET_KEY = "a secret key of production, in a test"
SIGNING_KEYS = SigningKeys.generate().dump()
SMTP_PASSWORD = "smtp-password-of-nobody"
SECRETS = [SECRET_KEY, SMTP_PASSWORD, "hunter2", *SIGNING_KEYS.splitlines()[1:-1]]
"""What no one may read who only sees how a start fails."""

Settings = dict[str, str]


def whole(database_url: str, smtp_url: str = "") -> Settings:
    """All that production needs."""
    return {
        "DATABASE_URL": database_url,
        "TENANTRY_BASE_URL": "https://tenantry.example.com",
        "TENANTRY_SIGNING_KEYS": SIGNING_KEYS,
        "TENANTRY_SECRET_KEY": SECRET_KEY,
        "TENANTRY_SMTP_URL": smtp_url or f"smtp://post:{SMTP_PASSWORD}@127.0.0.1:1",
        "TENANTRY_MAIL_FROM": "Acme <no-reply@acme.example>",
    }


REFUSED, TRY_AGAIN = 2, 75
"""Exit statuses: somebody must change something first; it may pass by itself."""


def refusal(*arguments: str, settings: Mapping[str, str], status: int = REFUSED) -> str:
    """What a command says that does not start: one sentence on stderr, with no secret in it."""
    ambient = [name for name in os.environ if name.startswith(("TENANTRY_", "DATABASE_URL"))]
    result = CliRunner().invoke(app, arguments, env={**dict.fromkeys(ambient), **settings})
    assert (result.exit_code, result.stdout) == (status, ""), result.output
    assert result.stderr.startswith("tenantry: ")
    assert result.stderr.count("\n") == 1
    for secret in SECRETS:
        assert secret not in result.stderr
    return result.stderr
