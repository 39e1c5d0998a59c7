"""Emails by SMTP (RFC 5321), to a real server on loopback."""

import socket
from pathlib import Path
from ssl import SSLContext

import pytest

from tenantry.kit.ids import new_id
from tenantry.platform.mail.model import DeliveryDeferred, DeliveryRefused, RenderedEmail
from tenantry.platform.mail.transports import Smtp, greeting_name
from tests.conftest import SENDER
from tests.support.mail.mail_server.certificates import certified
from tests.support.mail.mail_server.server import Manner, PostOffice, post_office
from tests.support.mail.mailbox import part

GIVEN = "pass word/@:%"
QUOTED = "pass%20word%2F%40%3A%25"


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[SSLContext, Path]:
    """A server's certificate, and whom to trust for it."""
    return certified(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def trusted(tls: tuple[SSLContext, Path], monkeypatch: pytest.MonkeyPatch) -> SSLContext:
    """The server's certificate, which this process trusts for the length of the test."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tls[1]))
    return tls[0]


def rendered_email(text: str = "Grüße,\nNora\n", html: str = "<p>Grüße</p>\n") -> RenderedEmail:
    """An email, laid out."""
    return RenderedEmail(new_id(), "nora@example.com", "Grüße aus Acme", text, html)


async def carry(office: PostOffice, *, url: str = "", sent: RenderedEmail | None = None) -> None:
    """Hand an email to the server."""
    await Smtp(url or office.url(), SENDER).send(sent or rendered_email())


async def test_an_email_arrives_whole_from_the_sender_at_the_reader() -> None:
    async with post_office() as office:
        await carry(office)

    (received,) = office.received
    message = received.message
    assert received.envelope.mail_from == "no-reply@tenantry.test"
    assert received.envelope.rcpt_tos == ["nora@example.com"]
    assert message["Subject"] == "Grüße aus Acme"
    assert part(message, "plain") == "Grüße,\nNora\n"
    assert part(message, "html") == "<p>Grüße</p>\n"


async def test_no_line_of_an_email_is_longer_than_may_travel() -> None:
    long = f"{'ü' * 5000} end\n.\n..dots\n"
    async with post_office() as office:
        await carry(office, sent=rendered_email(long, f"<p>{'x' * 5000}</p>\n"))

    (received,) = office.received
    assert max(len(line) for line in received.raw.split(b"\r\n")) <= 998
    assert part(received.message, "plain") == long


async def test_a_server_of_seven_bits_gets_every_word_as_well() -> None:
    async with post_office(Manner(seven_bits=True)) as office:
        await carry(office)

    (received,) = office.received
    assert received.raw.isascii()
    assert part(received.message, "plain") == "Grüße,\nNora\n"


@pytest.mark.parametrize(
    ("command", "answer", "refusal"),
    [
        ("RCPT", "550 5.1.1 no such person", DeliveryRefused),
        ("RCPT", "550 no such person", DeliveryRefused),
        ("RCPT", "553 mailbox name not allowed", DeliveryRefused),
        ("RCPT", "501 5.1.3 bad destination mailbox address syntax", DeliveryRefused),
        ("DATA", "550 5.1.1 no such person", DeliveryRefused),
        ("RCPT", "450 4.1.1 try again later", DeliveryDeferred),
        ("RCPT", "421 closing", DeliveryDeferred),
        # Our own configuration may be fixed while the email waits.
        (
            "RCPT",
            "504 5.5.2 <web-1>: Helo command rejected: need a full name",
            DeliveryDeferred,
        ),
        ("RCPT", "554 5.7.1 relay access denied", DeliveryDeferred),
        ("RCPT", "550 5.7.1 your network is on a list", DeliveryDeferred),
        ("RCPT", "550 5.1.8 the sender's domain does not resolve", DeliveryDeferred),
        ("RCPT", "552 5.2.2 mailbox full", DeliveryDeferred),
        ("RCPT", "503 sign in first", DeliveryDeferred),
        ("DATA", "552 too large", DeliveryDeferred),
        ("DATA", "554 no, thank you", DeliveryDeferred),
        ("MAIL", "550 5.1.7 not from you", DeliveryDeferred),
    ],
)
async def test_a_refusal_of_the_recipient_is_final_and_any_other_is_not(
    command: str, answer: str, refusal: type[DeliveryDeferred]
) -> None:
    async with post_office() as office:
        office.answers[command].append(answer)
        with pytest.raises(DeliveryDeferred) as refused:
            await carry(office)
        assert refused.type is refusal
        assert str(refused.value) == answer
        await carry(office)

    assert len(office.received) == 1


@pytest.mark.parametrize(
    ("base_url", "name"),
    [
        ("https://tenantry.example.com/teams", "tenantry.example.com"),
        ("https://tenantry.example.com:8443", "tenantry.example.com"),
        ("http://192.0.2.7:8000", "[192.0.2.7]"),
        ("http://[2001:db8::7]:8000", "[IPv6:2001:db8::7]"),
    ],
)
async def test_it_greets_with_the_name_that_people_reach_the_service_at(
    base_url: str, name: str
) -> None:
    async with post_office() as office:
        await Smtp(office.url(), SENDER, greeting_name(base_url)).send(rendered_email())

    assert [received.greeted_as for received in office.received] == [name]


async def test_a_sender_whom_the_server_does_not_know_may_be_mended_meanwhile() -> None:
    async with post_office() as office:
        office.answers["MAIL"].append("550 not from you")
        with pytest.raises(DeliveryDeferred) as refused:
            await carry(office)
    assert refused.type is DeliveryDeferred


async def test_a_server_that_is_away_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for url in (f"smtp://127.0.0.1:{port}", f"smtps://127.0.0.1:{port}", "smtp://nowhere.invalid"):
        with pytest.raises(DeliveryDeferred) as refused:
            await Smtp(url, SENDER).send(rendered_email())
        assert refused.type is DeliveryDeferred


async def test_the_connection_uses_starttls_where_the_server_supports_it(
    trusted: SSLContext,
) -> None:
    async with post_office(Manner(starttls=trusted)) as office:
        await carry(office)
    assert [received.encrypted for received in office.received] == [True]


async def test_smtps_speaks_tls_from_the_first_byte(trusted: SSLContext) -> None:
    async with post_office(Manner(implicit_tls=trusted)) as office:
        await carry(office, url=office.url(scheme="smtps"))
    assert len(office.received) == 1


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_nothing_is_handed_to_a_server_that_no_one_vouches_for(
    tls: tuple[SSLContext, Path], scheme: str
) -> None:
    manner = Manner(starttls=tls[0]) if scheme == "smtp" else Manner(implicit_tls=tls[0])
    async with post_office(manner) as office:
        with pytest.raises(DeliveryDeferred):
            await carry(office, url=office.url(scheme=scheme))
    assert office.received == []


async def test_name_and_password_of_the_address_sign_in(trusted: SSLContext) -> None:
    async with post_office(Manner(starttls=trusted, password=GIVEN)) as office:
        await carry(office, url=office.url(f"no%2Dreply:{QUOTED}@"))

    (received,) = office.received
    assert received.user is not None
    assert received.user.login == b"no-reply"
    assert received.user.password == GIVEN.encode()


@pytest.mark.parametrize("user", ["", "no-reply:wrong@"])
async def test_a_wrong_password_is_no_answer_and_is_not_repeated(
    trusted: SSLContext, user: str
) -> None:
    async with post_office(Manner(starttls=trusted, password=GIVEN)) as office:
        with pytest.raises(DeliveryDeferred) as refused:
            await carry(office, url=office.url(user))

    assert refused.type is DeliveryDeferred
    assert "wrong" not in str(refused.value)
    assert office.received == []
