"""A refusal, or a failure, as a page in words."""

import logging
from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from tenantry.console.forms.submitted import MalformedForm, NotAForm
from tenantry.console.page_context import PageContext
from tenantry.console.texts.errors import error_text
from tenantry.console.texts.languages import mark, mark_plural
from tenantry.http.request import PayloadTooLarge, RequestTimeout
from tenantry.kit.bounded_executor import Overloaded
from tenantry.kit.refusals import (
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    Refusal,
    TooManyRequests,
    Unauthenticated,
)
from tenantry.postgres.failures import LOCKED, OVERLOADED, UNAVAILABLE, Cause, cause_of, describe

log = logging.getLogger("tenantry.console")

_OFTEN = mark("Too many attempts")
_TRY_AGAIN = mark_plural("Wait a minute, then try again.", "Wait {n} minutes, then try again.")
_OPEN_AGAIN = mark_plural(
    "Wait a minute, then open the link in the email again.",
    "Wait {n} minutes, then open the link in the email again.",
)
_SOON = mark("Temporarily unavailable")
_WORDS: dict[Cause, str] = {
    UNAVAILABLE: mark("We can't reach our database. Try again in a moment."),
    OVERLOADED: mark("We're overloaded right now. Try again in a moment."),
    LOCKED: mark("Someone else is changing the same data. Try again in a moment."),
}
_FAILED = mark("Something went wrong")
_UNKNOWN = mark("Something went wrong on our side. Quote the request ID when you report it.")

_STATUSES: tuple[tuple[type[Refusal], int], ...] = (
    (MalformedForm, 400),
    (Unauthenticated, 401),
    (Forbidden, 403),
    (NotFound, 404),
    (RequestTimeout, 408),
    (Conflict, 409),
    (Gone, 410),
    (PayloadTooLarge, 413),
    (NotAForm, 415),
    (Invalid, 422),
    (Overloaded, 503),
)


def page(ctx: PageContext, failure: Exception) -> Response:
    """The page for whatever went wrong; an unknown error reveals nothing and is logged."""
    extra, translate = {"request_id": ctx.request_id}, ctx.translate
    if isinstance(failure, TooManyRequests):
        title, words = error_text(failure.code, from_link=ctx.has_link_token) or (_OFTEN, "")
        again = _when_again(ctx, failure.retry_after)
        limited = _error_page(
            ctx, 429, translate(title), f"{translate(words)} {again}" if words else again
        )
        limited.headers["Retry-After"] = str(failure.retry_after)
        return limited
    if isinstance(failure, Refusal):
        title, words = error_text(failure.code, from_link=ctx.has_link_token) or (
            _FAILED,
            str(failure),
        )
        answer = _error_page(ctx, status_of(failure), translate(title), translate(words))
        if isinstance(failure, Overloaded):
            answer.headers["Retry-After"] = "5"
        return answer
    cause = cause_of(failure)
    if cause is not None:
        log.warning("%s: %s", cause.code, describe(failure), extra={**extra, "reason": cause.code})
        later = _error_page(ctx, 503, translate(_SOON), translate(_WORDS[cause]))
        later.headers["Retry-After"] = str(cause.retry_after)
        return later
    log.error("unexpected failure", exc_info=failure, extra=extra)
    return _error_page(ctx, 500, translate(_FAILED), translate(_UNKNOWN))


def status_of(refusal: Refusal) -> int:
    """The status of the page that tells of a refusal."""
    return next((status for kind, status in _STATUSES if isinstance(refusal, kind)), 400)


def _error_page(ctx: PageContext, status: int, title: str, words: str) -> Response:
    ctx.errors = None
    context: dict[str, Any] = {"title": title, "words": [words], "request_id": ctx.request_id}
    reply = ctx.render("layout/message.html", status, **context)
    if status in (408, 413):  # the rest of the form is not read, so nothing can come behind it
        reply.headers["Connection"] = "close"
    return reply


def _when_again(ctx: PageContext, seconds: int) -> Markup:
    return ctx.translate(_OPEN_AGAIN if ctx.has_link_token else _TRY_AGAIN, n=-(-seconds // 60))
