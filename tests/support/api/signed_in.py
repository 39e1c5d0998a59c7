"""Signing in by password and by refresh token, as a client does."""

from dataclasses import dataclass

import httpx2

from tests.support.cast import PASSWORD

TOKEN = "/api/v1/auth/token"


@dataclass(frozen=True)
class Tokens:
    """What a sign-in or a refresh gave."""

    access: str
    refresh: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access}"}

    @classmethod
    def of(cls, answer: httpx2.Response) -> "Tokens":
        assert answer.status_code in (200, 201), answer.text
        return cls(answer.json()["access_token"], answer.json()["refresh_token"])


async def sign_in(api: httpx2.AsyncClient, email: str, password: str = PASSWORD) -> httpx2.Response:
    """The answer to a sign-in by password."""
    form = {"grant_type": "password", "username": email, "password": password}
    return await api.post(TOKEN, data=form)


async def refresh(api: httpx2.AsyncClient, token: str) -> httpx2.Response:
    """The answer to a refresh."""
    return await api.post(TOKEN, data={"grant_type": "refresh_token", "refresh_token": token})


async def is_alive(api: httpx2.AsyncClient, tokens: Tokens) -> bool:
    """Whether the access token is still good on the very next request."""
    answer = await api.get("/api/v1/me", headers=tokens.headers)
    assert answer.status_code in (200, 401)
    return answer.status_code == 200
