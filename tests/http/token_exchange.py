"""Exchanging an access token for an organization token, as a client does."""

from typing import Any

import httpx2

from tenantry.api.v1.credentials.token_requests import ACCESS, EXCHANGE
from tests.authz.token_forge import opened
from tests.support.api.signed_in import TOKEN


async def exchange(
    api: httpx2.AsyncClient, token: str, organization: str, **more: str
) -> httpx2.Response:
    """The answer to a token exchange."""
    form = {
        "grant_type": EXCHANGE,
        "subject_token": token,
        "subject_token_type": ACCESS,
        "organization": organization,
        **more,
    }
    return await api.post(TOKEN, data=form)


async def exchanged(
    api: httpx2.AsyncClient, token: str, organization: str, **more: str
) -> dict[str, Any]:
    """What the organization token of an exchange says."""
    return opened(await organization_token(api, token, organization, **more), 1)


async def organization_token(
    api: httpx2.AsyncClient, token: str, organization: str, **more: str
) -> str:
    """The organization token of an exchange."""
    answer = await exchange(api, token, organization, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]
