"""Secrets: tokens of which only a digest is kept, and boxes that only one key opens."""

import base64
import hashlib

import pytest

from tenantry.kit.secrets import Sealer, Secret

PLAIN = "an email with a token in it: größer".encode()


def test_a_new_secret_has_256_bits_fit_for_a_link() -> None:
    text = Secret.new().text
    assert len(base64.urlsafe_b64decode(f"{text}=")) == 32
    assert "=" not in text


def test_no_two_secrets_are_alike() -> None:
    assert len({Secret.new().text for _ in range(1_000)}) == 1_000


def test_the_digest_is_sha_256_of_the_text() -> None:
    secret = Secret("abc")
    assert secret.digest == hashlib.sha256(b"abc").digest()
    assert len(secret.digest) == 32


def test_a_secret_does_not_show_itself_in_a_log() -> None:
    secret = Secret.new()
    for shown in (repr(secret), str(secret), f"{secret}", f"{[secret]}"):
        assert secret.text not in shown


@pytest.mark.parametrize("plain", [b"", b"\0", PLAIN, bytes(100_000)])
def test_what_was_sealed_is_opened(plain: bytes) -> None:
    sealer = Sealer("key")
    assert sealer.open(sealer.seal(plain, purpose=b"email"), purpose=b"email") == plain


def test_another_process_with_the_same_key_opens_it() -> None:
    box = Sealer("key").seal(PLAIN, purpose=b"email")
    assert Sealer("key").open(box, purpose=b"email") == PLAIN


def test_a_box_shows_nothing_of_what_is_in_it() -> None:
    sealer = Sealer("key")
    boxes = {sealer.seal(PLAIN, purpose=b"email") for _ in range(100)}
    assert len({box[:12] for box in boxes}) == 100
    assert not any(PLAIN[:8] in box for box in boxes)


def test_another_key_does_not_open_it() -> None:
    box = Sealer("key").seal(PLAIN, purpose=b"email")
    with pytest.raises(ValueError, match="another key or for another purpose"):
        Sealer("kez").open(box, purpose=b"email")


@pytest.mark.parametrize("purpose", [b"", b"lette", b"email ", b"other"])
def test_another_purpose_does_not_open_it(purpose: bytes) -> None:
    sealer = Sealer("key")
    box = sealer.seal(PLAIN, purpose=b"email")
    with pytest.raises(ValueError, match="another key or for another purpose"):
        sealer.open(box, purpose=purpose)


def test_a_box_with_any_bit_changed_does_not_open() -> None:
    sealer = Sealer("key")
    box = sealer.seal(b"token", purpose=b"email")
    for place in range(len(box) * 8):
        changed = bytearray(box)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(ValueError, match="another key"):
            sealer.open(bytes(changed), purpose=b"email")


def test_a_part_of_a_box_does_not_open() -> None:
    sealer = Sealer("key")
    box = sealer.seal(b"token", purpose=b"email")
    for part in [box[:length] for length in range(len(box))] + [box + b"\0", b"\0" + box]:
        with pytest.raises(ValueError, match=r"\w"):
            sealer.open(part, purpose=b"email")
