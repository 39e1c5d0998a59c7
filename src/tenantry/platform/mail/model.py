"""Emails, their state in the outbox, and the outcome of sending them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from tenantry.kit.languages import DEFAULT_LOCALE
from tenantry.kit.refusals import Conflict
from tenantry.kit.secrets import Secret

LEASE = timedelta(minutes=2)
"""The duration of a worker's claim of an email: until then no other worker sends it."""

RETRIES = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200, 21600, 43200))
"""The pause after each failed attempt; after the last one, the email has failed."""

NOTIFICATIONS_PER_DAY = 20
"""The number of emails from an organization to an address within a day, after which notifications
are omitted. Nothing depends on a notification, so this is not an error."""

RETENTION = timedelta(days=30)
"""How long the record of a sent or failed email is kept."""


_ANSWER = re.compile(r"[245]\d\d( [245]\.\d{1,3}\.\d{1,3})?(?![^ ])")
_ADDRESS = re.compile(r"\S*@\S*")

Outcome = Literal["sent", "postponed", "refused", "failed"]
"""The outcome of an attempt: `refused` is the recipient, `failed` the last retry."""

LONGEST_ERROR = 500
"""How many characters of a mail server's answer are kept."""


@dataclass(frozen=True, slots=True)
class Branding:
    """The organization that an email is from, and the language that it chose."""

    org_id: UUID
    organization: str
    locale: str


@dataclass(frozen=True, slots=True)
class Email:
    """An email to one recipient: the name of its template, and the values in it."""

    recipient: str
    name: str
    values: Mapping[str, str | datetime]
    """Always shown as plain text."""
    link: str = ""
    """The target of its one button; empty for an email without one."""
    head: Branding | None = None
    """None for an email about a person's account."""


@dataclass(frozen=True, slots=True)
class Notification:
    """An email to several members, the same for all, without a token."""

    recipients: Sequence[str]
    name: str
    values: Mapping[str, str | datetime]
    head: Branding
    link: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """Targets of the links in emails: our pages, or those of the product's own front end."""

    verify_email: str
    reset_password: str
    invitation: str
    home: str

    @staticmethod
    def with_token(page: str, token: Secret) -> str:
        """The page's address with the token as the last part of its query."""
        return f"{page}{'&' if '?' in page else '?'}token={token.text}"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The key of an email; org_id is None for one about a person's account."""

    org_id: UUID | None
    id: UUID


@dataclass(frozen=True, slots=True)
class SealedContent:
    """The encrypted content of an email, and the id of its secret key."""

    sealed: bytes
    key_id: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """An email that one worker may send now."""

    envelope: Envelope
    recipient: str
    sealed: bytes
    attempts: int


@dataclass(frozen=True, slots=True)
class RenderedEmail:
    """An email that is ready to be sent."""

    id: UUID
    recipient: str
    subject: str
    text: str
    html: str
    language: str = DEFAULT_LOCALE


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many emails are queued and have failed, and the age of the oldest queued one."""

    queued: int
    failed: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class UnsentEmail:
    """A queued or failed email."""

    id: UUID
    org_id: UUID | None
    """None for one about a person's account."""
    recipient: str
    state: Literal["queued", "failed"]
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    settled_at: datetime | None
    """When it failed."""
    last_error: str
    """Why the last attempt did not succeed; empty before there was one."""
    key_id: str | None
    """The id of its secret key; None for an email of an earlier release."""
    kept: bool
    """Whether its content is still kept; otherwise it cannot be queued again."""


class EmailNotFailed(Conflict):
    """Only an email that has failed can be queued again."""

    code = "email_not_failed"
    detail = "This email has not failed: it is waiting to be sent."


class EmailContentGone(Conflict):
    """The content of the email is no longer kept, so it cannot be queued again."""

    code = "email_content_gone"
    detail = "The content of this email is no longer stored. Repeat the action that sent it."


class DeliveryDeferred(Exception):
    """An email could not be sent this time."""


class DeliveryRefused(DeliveryDeferred):
    """The email can never be delivered: the mail server refused its recipient for good."""


def error_text(error: Exception) -> str:
    """Why an attempt did not succeed, on one line; never empty."""
    words = "".join(each if each.isprintable() else " " for each in str(error)).split()
    return " ".join(words)[:LONGEST_ERROR] or type(error).__name__


def log_text(error: str) -> str:
    """The same for the log, which must not contain addresses: only the codes of a server's answer
    (RFC 5321, section 4.2; RFC 3463), because its text may quote the recipient."""
    answer = _ANSWER.match(error)
    return answer[0] if answer else _ADDRESS.sub("(address)", error)


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many attempts; None after the last one."""
    return now + RETRIES[attempts - 1] if attempts <= len(RETRIES) else None
