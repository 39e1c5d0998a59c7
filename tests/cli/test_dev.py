"""`tenantry dev`, started where there was nothing: what it says is there, is there."""

import json
import shlex
import shutil
import subprocess

import httpx2
import pytest

from tenantry import __version__
from tests.cli.demo import Demo
from tests.support.processes import CEILING


def test_the_banner_says_where_everything_is(first_start: Demo) -> None:
    url = first_start.started.url
    assert f"Tenantry {__version__}" in first_start.banner
    assert first_start.told("API") == f"{url}/api/v1"
    assert first_start.told("Console") == f"{url}/"
    assert first_start.told("Try it") == f"{url}/docs#/organizations"
    assert first_start.told("Mail") == f"{url}/dev/mail"


def test_the_banner_names_the_database_and_its_version(first_start: Demo) -> None:
    told = first_start.told("Database")
    assert told.startswith("PostgreSQL 18.")
    assert told.endswith(f"embedded, in {first_start.home / 'postgres'}")


@pytest.mark.parametrize("path", ["/readyz", "/healthz", "/docs", "/openapi.json", "/dev/mail"])
def test_what_the_banner_leads_to_answers(first_start: Demo, path: str) -> None:
    assert first_start.started.get(path).status_code == 200


def test_the_curl_works_as_it_is_printed(first_start: Demo) -> None:
    assert answer_to(first_start.curl)["token_type"] == "Bearer"


def answer_to(line: str) -> dict[str, str]:
    """What the line prints in a shell; on a machine without curl, what it would."""
    if shutil.which("curl"):
        return json.loads(subprocess.check_output(["sh", "-c", line]))
    curl, silent, url, *options = shlex.split(line)
    assert (curl, silent, set(options[::2])) == ("curl", "-s", {"-d"})
    form = dict(each.split("=", 1) for each in options[1::2])
    return httpx2.post(url, data=form, timeout=CEILING).json()


def test_the_demo_has_an_organization_to_look_at(first_start: Demo) -> None:
    assert first_start.organizations == ["Dana", "Demo Company"]
    (person,) = [first_start.ask("/me")]
    assert (person["email"], person["email_verified"]) == ("demo@tenantry.test", True)


def test_secrets_that_were_made_are_their_owners_alone(first_start: Demo) -> None:
    for name in ("signing-keys.pem", "secret-key", "demo-password"):
        assert (first_start.home / name).stat().st_mode & 0o777 == 0o600
