"""Names and addresses that would become headers of an email, if they could."""

from email.parser import BytesHeaderParser
from typing import Any

import httpx2
import pytest

from tenantry.kit.ids import new_id
from tenantry.platform.mail.model import RenderedEmail
from tenantry.platform.mail.transports import as_message
from tests.contracts.stage import Stage
from tests.http.responses import pointers
from tests.support.database.contents import contents
from tests.support.mail.mailbox import email_to
from tests.support.scene import new_address

HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
}
ENCODED = [
    "=?utf-8?q?Hi=0D=0ABcc:_victim@example.com?=",
    "A =?utf-8?q?Hi=0ABcc:_victim@example.com?= B",
    "=?utf-8?b?SGkNCkJjYzogdmljdGltQGV4YW1wbGUuY29t?=",
    "=?utf-8?q?=00?=",
    "=?utf-8?q?a?= =?utf-8?q?=0D=0A?=",
]
ADDRESSES = [
    "=?utf-8?q?victim?=@example.com",
    "=?utf-8?q?=0d=0abcc=3aa=40evil.example?=@example.com",
    "a.=?utf-8?q?b?=@example.com",
    "a@example.com\r\nBcc: victim@example.com",
    "a@example.com, victim@example.com",
    "a@example.com>\nBcc: <victim@example.com",
    "<a@example.com>",
    "Name <a@example.com>",
    '"a\\"@evil.example"@example.com',
]
LINES = ["A\r\nBcc: victim@example.com", "A\nB", "A\rB", "A\u2028B", "A\u0085B", "A\x0bB", "A\x00B"]


@pytest.mark.parametrize("name", ENCODED)
async def test_a_name_that_reads_as_an_encoded_word_stays_a_name(stage: Stage, name: str) -> None:
    """Failed, with a Bcc that anybody could write, when names went into headers as they were."""
    scene, alice = stage.scene, stage.scene.cast.alice
    email = new_address()
    await scene.api.patch(scene.cast.acme_path, json={"name": name}, headers=alice.headers)
    await scene.api.patch("/api/v1/me", json={"name": name}, headers=alice.headers)

    await scene.invited(email)

    message = await email_to(scene.mailbox, email, subject="invites you")
    assert set(message.keys()) == HEADERS
    assert message["To"] == email
    assert message["Subject"] == f"{name} invites you to {name}".replace("=?", "= ?")


@pytest.mark.parametrize("name", ENCODED)
def test_not_even_those_who_read_headers_their_own_way_are_misled(name: str) -> None:
    email = RenderedEmail(new_id(), "a@example.com", f"{name} invites you", "text", "html")

    raw = as_message(email, "Tenantry <no-reply@example.com>").as_bytes()

    head = BytesHeaderParser().parsebytes(raw)
    assert set(head.keys()) == HEADERS
    assert "\r" not in head["Subject"]
    assert "=?utf-8?" not in head["Subject"]


async def test_an_address_is_one_address_or_refused(stage: Stage) -> None:
    before = contents(stage.scene)

    for email in ADDRESSES:
        for answer in (
            await _post(stage, "/api/v1/auth/sign-up", email=email, password="x" * 12),
            await _post(stage, "/api/v1/auth/password/forgot", email=email),
            await _post(stage, f"{stage.scene.cast.acme_path}/members/invite", email=email),
        ):
            assert answer.status_code in (400, 422), email
            assert email not in answer.text

    assert contents(stage.scene) == before


async def test_a_name_is_one_line_or_refused(stage: Stage) -> None:
    before = contents(stage.scene)

    for name in LINES:
        for answer in (
            await _post(stage, "/api/v1/organizations", name=name),
            await _post(
                stage, "/api/v1/auth/sign-up", email=new_address(), password="x" * 12, name=name
            ),
        ):
            assert answer.status_code in (400, 422), repr(name)

    assert contents(stage.scene) == before


async def test_a_bidirectional_override_turns_no_words_of_ours(stage: Stage) -> None:
    for override in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069":
        answer = await _post(stage, "/api/v1/organizations", name=f"Acme{override}gro.live")
        assert pointers(answer) == ["#/name"]


async def _post(stage: Stage, path: str, **body: Any) -> httpx2.Response:
    return await stage.scene.api.post(path, json=body, headers=stage.scene.cast.alice.headers)
