"""Keys of issuers: fetched when needed, kept when the issuer is away, never fetched in a storm."""

import asyncio
import json
import os
from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey

from tenantry.access.key_sets import LARGEST_SET, FileKeySet, IssuerUnavailable, parse_key_set
from tenantry.access.remote_key_set import REFETCH_SECONDS, REFRESHED_AFTER, RemoteKeySet
from tests.issuer import FakeIssuer, running


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def remote() -> AsyncGenerator[tuple[FakeIssuer, RemoteKeySet, Clock]]:
    clock = Clock()
    with running() as fake:
        keys = RemoteKeySet(f"{fake.url}/jwks.json", clock=clock)
        yield fake, keys, clock
        await keys.close()


Remote = tuple[FakeIssuer, RemoteKeySet, Clock]


async def test_keys_are_fetched_once_however_many_ask_first(remote: Remote) -> None:
    """Fails with twenty looks once `_fetch` starts a task whatever is under way: tried."""
    fake, keys, _ = remote
    fake.delay = 0.05
    kid = fake.key.thumbprint()

    found = await asyncio.gather(*(keys.find(kid) for _ in range(20)))

    assert all(found)
    assert fake.looks == 1


async def test_a_new_key_is_found_without_a_failed_token(remote: Remote) -> None:
    fake, keys, _ = remote
    old = fake.key.thumbprint()
    assert await keys.find(old)
    new = fake.rotate().thumbprint()

    found = await asyncio.gather(*(keys.find(kid) for kid in [new, old] * 10))

    assert all(found)
    assert fake.looks == 2


async def test_an_unknown_key_is_looked_for_once_a_minute_however_many_ask(remote: Remote) -> None:
    """Fails with a look for every storm, and more, once `_may_look` keeps no time: tried."""
    fake, keys, clock = remote
    assert await keys.find(fake.key.thumbprint())
    for _ in range(3):
        names = [f"unknown {number}" for number in range(20)]
        assert not any(await asyncio.gather(*map(keys.find, names)))
    assert fake.looks == 2

    clock.now += REFETCH_SECONDS - 1
    assert not await keys.find("unknown")
    assert fake.looks == 2

    clock.now += 1
    assert not await keys.find("unknown")
    assert fake.looks == 3


async def test_known_keys_go_on_while_the_issuer_is_away(remote: Remote) -> None:
    fake, keys, clock = remote
    kid = fake.key.thumbprint()
    assert await keys.find(kid)
    for status, body in ((500, None), (302, None), (200, b"no set"), (200, b"x" * LARGEST_SET * 2)):
        fake.status, fake.body = status, body
        clock.now += REFRESHED_AFTER + 1
        looks = fake.looks
        assert await keys.find(kid)
        assert not await keys.find("unknown")
        assert await keys.find(kid)
        assert fake.looks > looks
    assert set(fake.paths) == {"/jwks.json"}


async def test_a_key_that_was_withdrawn_stops_counting(remote: Remote) -> None:
    fake, keys, clock = remote
    old = fake.key.thumbprint()
    assert await keys.find(old)
    fake.rotate()
    fake.published = [fake.key]
    clock.now += REFRESHED_AFTER + 1

    assert await keys.find(old)  # nobody waits for the refresh that this begins
    assert await keys.find(fake.key.thumbprint())
    assert not await keys.find(old)


async def test_without_any_key_the_issuer_is_unavailable_and_soon_asked_again(
    remote: Remote,
) -> None:
    fake, keys, clock = remote
    fake.status = 503
    for _ in range(3):
        with pytest.raises(IssuerUnavailable):
            await keys.find(fake.key.thumbprint())
    assert fake.looks == 1

    fake.status = 200
    clock.now += 5
    assert await keys.find(fake.key.thumbprint())


async def test_nobody_who_gives_up_stops_the_fetch_of_the_others(remote: Remote) -> None:
    fake, keys, _ = remote
    fake.delay = 0.1
    kid = fake.key.thumbprint()
    impatient = asyncio.create_task(keys.find(kid))
    patient = asyncio.create_task(keys.find(kid))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient
    assert fake.looks == 1


async def test_closing_ends_a_fetch_that_is_under_way() -> None:
    with running() as fake:
        fake.delay = 0.2
        keys = RemoteKeySet(f"{fake.url}/jwks.json")
        asked = asyncio.create_task(keys.find("any"))
        await asyncio.sleep(0.05)
        await keys.close()
        with pytest.raises(asyncio.CancelledError):
            await asked


async def test_a_file_is_read_again_when_it_has_changed(tmp_path: Path) -> None:
    path, first, second = tmp_path / "jwks.json", *(public_key(f"k{n}") for n in (1, 2))
    path.write_bytes(key_set(first))
    keys = FileKeySet(path)
    assert await keys.find("k1")
    assert not await keys.find("k2")

    path.write_bytes(key_set(first, second))
    os.utime(path, ns=(1, 1))
    assert await keys.find("k2")

    path.write_text("half a f")
    assert await keys.find("k1")
    path.unlink()
    assert await keys.find("k2")
    await keys.close()


def test_a_file_that_holds_no_set_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        FileKeySet(tmp_path / "nowhere.json")
    path = tmp_path / "jwks.json"
    for content in ("", "{}", '{"keys": 7}', "[]", "x" * (LARGEST_SET + 1)):
        path.write_text(content)
        with pytest.raises(ValueError, match=r"key set|JWK Set"):
            FileKeySet(path)


def public_key(kid: str) -> dict[str, Any]:
    return {**ECKey.generate_key("P-256").as_dict(private=False), "kid": kid}


def key_set(*keys: Any) -> bytes:
    return json.dumps({"keys": keys}).encode()


def test_of_a_set_only_what_can_verify_by_a_name_counts() -> None:
    # Odd, as a modulus is: an even one would be refused before its length is looked at.
    modulus = urlsafe_b64encode(((1 << 1023) | 1).to_bytes(128)).decode().rstrip("=")
    short = {"kty": "RSA", "n": modulus, "e": "AQAB"}
    private = ECKey.generate_key("P-256").as_dict(private=True)
    keys = parse_key_set(
        key_set(
            public_key("good"),
            {**public_key("meant"), "use": "sig", "alg": "ES256", "key_ops": ["verify"]},
            {**private, "kid": "private"},
            {**public_key("encrypts"), "use": "enc"},
            {**public_key("signs"), "key_ops": ["sign"]},
            {**public_key("strange"), "alg": 7},
            {**public_key("off the curve"), "x": "AAAA"},
            {**short, "kid": "short"},
            {**OctKey.generate_key(256).as_dict(private=True), "kid": "shared"},
            {"kty": "OKP", "crv": "Ed25519", "x": "AAAA", "kid": "other"},
            {"kty": "EC", "kid": "empty"},
            {**public_key("x"), "kid": None},
            public_key("twice"),
            public_key("twice"),
            "text",
            None,
        )
    )
    assert keys.keys() == {"good", "meant", "private"}
    assert keys["good"][1] is None
    assert keys["meant"][1] == "ES256"
    assert not any(key.is_private for key, _ in keys.values())
