import httpx2
from tests.cast import Cast

async def test_alice_reads_acme(api: httpx2.AsyncClient, cast: Cast) -> None:
    answer = await api.get(cast.acme_path, headers=cast.alice.headers)
    assert answer.status_code == 200, answer.text

async def test_live(live_url: str) -> None:
    async with httpx2.AsyncClient() as c:
        assert (await c.get(live_url + "/readyz")).status_code == 200
