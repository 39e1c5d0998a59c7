"""Keys of issuers: fetched when needed, kept when the issuer is away, never fetched in a storm."""

import asyncio
import json
import os
from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from tenantry.credentials.tokens.key_sets import (
    LARGEST_SET,
    LOOKED_AT_AFTER,
    FileKeySet,
    IssuerUnavailable,
)
from tenantry.credentials.tokens.remote_key_set import (
    CHECKED_WITHIN,
    REFETCH_SECONDS,
    REFRESHED_AFTER,
    RemoteKeySet,
)
from tenantry.credentials.tokens.verification_keys import VerificationKeys, parse_key_set
from tests.support.issuer import FakeIssuer, running
from tests.support.processes import wait_for


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


async def looked_at(fake: FakeIssuer) -> None:
    """Wait until somebody asks for the key set."""
    await asyncio.to_thread(wait_for, lambda: fake.looks > 0)


async def test_keys_are_fetched_once_however_many_ask_first(remote: Remote) -> None:
    """Fails with twenty looks once `_fetch` starts a task whatever is under way: tried."""
    fake, keys, _ = remote
    fake.may_answer.clear()
    kid = fake.key.thumbprint()

    asked = asyncio.gather(*(keys.find(kid) for _ in range(20)))
    await looked_at(fake)
    fake.may_answer.set()

    assert all(await asked)
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


async def test_a_withdrawn_key_is_noticed_in_the_background_while_calls_go_on(
    remote: Remote,
) -> None:
    """What is asked on the way of every call begins the look; no one waits for it."""
    fake, keys, clock = remote
    (old,) = await keys.find(fake.key.thumbprint())
    withdraw(fake)
    assert keys.still_lists(old)

    clock.now += REFRESHED_AFTER
    assert keys.still_lists(old)
    assert await keys.find(fake.key.thumbprint())
    assert fake.looks == 2
    assert not keys.still_lists(old)
    assert not await keys.find(old.kid)


async def test_after_a_long_silence_no_key_counts_before_the_set_was_looked_at(
    remote: Remote,
) -> None:
    """Fails with the withdrawn key let in once `find` does not wait for that look: tried."""
    fake, keys, clock = remote
    (old,) = await keys.find(fake.key.thumbprint())
    withdraw(fake)
    clock.now += CHECKED_WITHIN

    assert not keys.still_lists(old)
    assert not any(await asyncio.gather(*(keys.find(old.kid) for _ in range(5))))
    assert await keys.find(fake.key.thumbprint())


async def test_an_issuer_that_is_away_is_tried_once_a_minute_and_no_one_waits_twice(
    remote: Remote, caplog: pytest.LogCaptureFixture
) -> None:
    fake, keys, clock = remote
    (known,) = await keys.find(fake.key.thumbprint())
    fake.status = 500
    clock.now += CHECKED_WITHIN
    assert await keys.find(known.kid)
    for _ in range(10):
        assert keys.still_lists(known)
    assert fake.looks == 2
    assert f"key set {fake.url}/jwks.json cannot be fetched" in caplog.text

    fake.status = 200
    clock.now += REFETCH_SECONDS
    assert keys.still_lists(known)
    assert not await keys.find("unknown")
    assert fake.looks == 4  # the refresh, and the look for the unknown one


async def test_a_set_that_says_the_same_as_before_keeps_its_keys(remote: Remote) -> None:
    fake, keys, clock = remote
    (first,) = await keys.find(fake.key.thumbprint())
    clock.now += CHECKED_WITHIN
    (second,) = await keys.find(fake.key.thumbprint())
    assert fake.looks == 2
    assert second is first


def withdraw(fake: FakeIssuer) -> None:
    """The issuer's key goes, and another comes."""
    fake.rotate()
    fake.published = [fake.key]


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


async def test_no_one_who_gives_up_stops_the_fetch_of_the_others(remote: Remote) -> None:
    fake, keys, _ = remote
    fake.may_answer.clear()
    kid = fake.key.thumbprint()
    impatient = asyncio.create_task(keys.find(kid))
    patient = asyncio.create_task(keys.find(kid))
    await looked_at(fake)
    impatient.cancel()
    await asyncio.wait([impatient])
    fake.may_answer.set()
    assert await patient
    assert fake.looks == 1


async def test_closing_ends_a_fetch_that_is_under_way() -> None:
    with running() as fake:
        fake.may_answer.clear()
        keys = RemoteKeySet(f"{fake.url}/jwks.json")
        asked = asyncio.create_task(keys.find("any"))
        await looked_at(fake)
        await keys.close()
        with pytest.raises(asyncio.CancelledError):
            await asked


async def test_a_file_is_read_again_when_it_has_changed(tmp_path: Path) -> None:
    path, first, second = tmp_path / "jwks.json", *(public_key(f"k{n}") for n in (1, 2))
    path.write_bytes(key_set(first))
    clock = Clock()
    keys = FileKeySet(path, clock=clock)
    (known,) = await keys.find("k1")
    assert not await keys.find("k2")

    path.write_bytes(key_set(first, second))
    os.utime(path, ns=(1, 1))
    assert await keys.find("k2")

    path.write_text("half a f")
    assert await keys.find("k1")
    path.unlink()
    assert await keys.find("k2")

    path.write_bytes(key_set(second))
    assert keys.still_lists(known)
    clock.now += LOOKED_AT_AFTER
    assert not keys.still_lists(known)
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


def parsed(*entries: Any) -> VerificationKeys:
    return parse_key_set(key_set(*entries), source="id.example")


def test_of_a_set_only_what_can_verify_by_a_name_counts(caplog: pytest.LogCaptureFixture) -> None:
    # Odd, as a modulus is: an even one would be refused before its length is looked at.
    modulus = urlsafe_b64encode(((1 << 1023) | 1).to_bytes(128)).decode().rstrip("=")
    short = {"kty": "RSA", "n": modulus, "e": "AQAB"}
    private = ECKey.generate_key("P-256").as_dict(private=True)
    keys = parsed(
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
        "text",
        None,
    )
    assert keys.keys() == {"good", "meant", "private"}
    assert keys["good"][0].algorithm is None
    assert keys["meant"][0].algorithm == "ES256"
    assert not any(key.material.is_private for (key,) in keys.values())
    assert [line.removeprefix("key set id.example: key ") for line in caplog.messages] == [
        "6 is ignored: its alg is not a string",
        "7 is ignored: it is not a well-formed public key",
        "8 is ignored: it is an RSA key of fewer than 2048 bits",
        "9 is ignored: its kty is neither EC nor RSA",
        "10 is ignored: its kty is neither EC nor RSA",
        "11 is ignored: it is not a well-formed public key",
        "12 is ignored: it has no kid",
        "13 is ignored: it is not an object",
        "14 is ignored: it is not an object",
    ]


def test_a_key_that_is_listed_twice_counts_once(caplog: pytest.LogCaptureFixture) -> None:
    key = public_key("twice")
    (found,) = parsed(key, {**key, "use": "sig"})["twice"]
    assert found.fits("ES256")
    assert not caplog.messages


def test_of_the_keys_with_one_name_those_are_meant_that_fit_the_algorithm() -> None:
    rsa = {**RSAKey.generate_key(2048).as_dict(private=False), "kid": "one"}
    pss = {**RSAKey.generate_key(2048).as_dict(private=False), "kid": "one", "alg": "PS256"}
    p384 = {**ECKey.generate_key("P-384").as_dict(private=False), "kid": "one"}
    keys = parsed(public_key("one"), rsa, pss, p384)["one"]

    def fitting(algorithm: str) -> list[int]:
        return [number for number, key in enumerate(keys) if key.fits(algorithm)]

    assert fitting("ES256") == [0]
    assert fitting("RS256") == fitting("PS512") == [1]
    assert fitting("PS256") == [1, 2]
    assert fitting("ES384") == [3]
    assert fitting("none") == fitting("HS256") == fitting("ES256K") == fitting("ES512") == []


def test_one_name_has_a_bounded_number_of_keys(caplog: pytest.LogCaptureFixture) -> None:
    keys = parsed(*(public_key("one") for _ in range(6)), public_key("other"))
    assert (len(keys["one"]), len(keys["other"])) == (4, 1)
    assert caplog.messages == [
        f"key set id.example: key {number} is ignored: 4 others have the same kid already"
        for number in (5, 6)
    ]
