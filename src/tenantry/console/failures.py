"""A refusal, or a failure, as a page in words."""

import logging
from typing import Any

from psycopg import Error as DatabaseError
from psycopg import OperationalError, errors
from starlette.responses import Response

from tenantry.console.posts import MalformedForm, NotAForm
from tenantry.console.visit import Visit
from tenantry.database.pool import DatabaseUnavailable
from tenantry.kit.refusals import Conflict, Forbidden, Gone, Invalid, NotFound, Refusal
from tenantry.rates.model import RateLimited
from tenantry.web.requests import PayloadTooLarge, RequestTimeout

log = logging.getLogger("tenantry.console")

_STATUSES: tuple[tuple[type[Refusal], int], ...] = (
    (MalformedForm, 400),
    (Forbidden, 403),
    (NotFound, 404),
    (RequestTimeout, 408),
    (Conflict, 409),
    (Gone, 410),
    (PayloadTooLarge, 413),
    (NotAForm, 415),
    (Invalid, 422),
)

# Title and words by the code of the refusal; for another its own sentence has to do.
_WORDS: dict[str, tuple[str, str]] = {
    "not_found": (
        "We do not know this link",
        "Perhaps it was cut off on its way, or this page was open for too long:"
        " open it from the letter again, or copy it whole.",
    ),
    "token_spent": (
        "This link is used up",
        "It was used already, or its time is over. If it was you who used it, all is done;"
        " if not, ask for a new letter.",
    ),
    "invitation_accepted": (
        "This invitation was accepted already",
        "If that was you, you are a member: sign in as you always do.",
    ),
    "invitation_declined": (
        "This invitation was declined",
        "Should you want to join after all, ask for a new invitation.",
    ),
    "invitation_expired": (
        "This invitation has expired",
        "Ask the person who invited you for a new one.",
    ),
    "invitation_revoked": (
        "This invitation was withdrawn",
        "If that surprises you, ask the person who invited you.",
    ),
    "invitation_resent": (
        "There is a newer letter",
        "This invitation was sent again: open the link of the newest letter.",
    ),
    "limit_reached": (
        "There is no seat left",
        "The organization has as many members as it may have. Tell the person who invited you;"
        " your invitation stays open.",
    ),
    "inviter_cannot_grant": (
        "This invitation does not hold any more",
        "The person who invited you may no longer give this role. Ask for a new invitation.",
    ),
    "invitation_for_another_email": (
        "This invitation is for another account",
        "You are signed in with another address than the one that was invited."
        " Open the link of the letter again: there you can switch.",
    ),
    "already_member": (
        "You are a member already",
        "There is nothing left to do: sign in as you always do.",
    ),
    "sign_up_closed": (
        "New accounts are not open here",
        "If you have an account, open the link of the letter again and sign in with it.",
    ),
    "form_outdated": (
        "This form does not hold any more",
        "Nothing was changed. Perhaps you opened another letter, or signed in or out, since it was"
        " shown; or your browser keeps no cookies, which this page needs. Open the link of the"
        " letter again.",
    ),
    "foreign_post": ("This form came from another site", "Open the link of the letter again."),
    "payload_too_large": ("That was too much", "No form of ours holds as much as was sent."),
    "request_timeout": ("That took too long", "What you sent did not arrive in time. Try again."),
}


def page(visit: Visit, failure: Exception) -> Response:
    """The page for whatever went wrong; an unknown error reveals nothing and is logged."""
    extra = {"request_id": visit.request_id}
    if isinstance(failure, RateLimited):
        told = _told(visit, 429, "That was too often", _when_again(failure.retry_after))
        told.headers["Retry-After"] = str(failure.retry_after)
        return told
    if isinstance(failure, Refusal):
        title, words = _WORDS.get(failure.code, ("That did not work", str(failure)))
        return _told(visit, _status_of(failure), title, words)
    if _is_outage(failure):
        log.warning("database away: %s", type(failure).__name__, extra=extra)
        away = _told(visit, 503, "Back in a moment", "We cannot reach our database. Try again.")
        away.headers["Retry-After"] = "1"
        return away
    log.error("unexpected failure", exc_info=failure, extra=extra)
    words = "Something went wrong on our side; the request id helps to find out what."
    return _told(visit, 500, "That did not work", words)


def _told(visit: Visit, status: int, title: str, words: str) -> Response:
    context: dict[str, Any] = {"title": title, "words": [words], "request_id": visit.request_id}
    return visit.page("outcome.html", status, **context)


def _when_again(seconds: int) -> str:
    minutes = -(-seconds // 60)
    wait = "a minute" if minutes == 1 else f"{minutes} minutes"
    return f"Wait {wait}, then open the link of the letter again."


def _status_of(refusal: Refusal) -> int:
    return next((status for kind, status in _STATUSES if isinstance(refusal, kind)), 400)


def _is_outage(failure: Exception) -> bool:
    """Whether the same request may well succeed a little later."""
    if isinstance(failure, DatabaseUnavailable | OperationalError):
        return True
    return isinstance(failure, DatabaseError) and isinstance(
        failure, errors.QueryCanceled | errors.LockNotAvailable | errors.TransactionRollback
    )
