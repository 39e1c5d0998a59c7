"""People of the cast, each with a client of a service that really runs."""

from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import cast as typed

import pytest

from tenantry.api.v1.credentials.token_requests import ACCESS, EXCHANGE
from tenantry_client import AsyncTenantry, Tenantry
from tenantry_client.shapes.auth import OrganizationToken, Tokens
from tests.support.cast import PASSWORD, Cast, Player

Signs = Callable[[Player], Tenantry]


@dataclass(frozen=True)
class Live:
    """The running service, and what somebody needs to use it."""

    url: str

    def access_token(self, player: Player) -> str:
        """A fresh access token, by password."""
        with Tenantry(self.url) as client:
            answer = client.auth.token(
                grant_type="password", username=player.actor.email, password=PASSWORD
            )
        return typed(Tokens, answer)["access_token"]

    def organization_token(self, player: Player, cast: Cast, workspace: str | None = None) -> str:
        """What they may do in Acme, as a token."""
        with Tenantry(self.url) as client:
            answer = client.auth.token(
                grant_type=EXCHANGE,
                subject_token=self.access_token(player),
                subject_token_type=ACCESS,
                organization=cast.acme.organization.slug,
                workspace=workspace,
            )
        return typed(OrganizationToken, answer)["access_token"]


@pytest.fixture
def live(live_url: str) -> Live:
    return Live(live_url)


@pytest.fixture
def signed_in(live: Live) -> Generator[Signs]:
    """Makes a client as whom a player is signed in."""
    with ExitStack() as stack:

        def sign_in(player: Player) -> Tenantry:
            return stack.enter_context(Tenantry(live.url, token=live.access_token(player)))

        yield sign_in


@pytest.fixture
async def alice_awaiting(live: Live, cast: Cast) -> AsyncGenerator[AsyncTenantry]:
    """Alice, with a client that is awaited."""
    async with AsyncTenantry(live.url, token=live.access_token(cast.alice)) as client:
        yield client
