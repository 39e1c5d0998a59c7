"""Errors as pages."""

from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from tenantry.console.page_context import PageContext
from tenantry.console.texts.errors import error_text
from tenantry.console.texts.languages import mark, mark_plural
from tenantry.http.failures import failure_of
from tenantry.kit.refusals import Refusal, TooManyRequests

_OFTEN = mark("Too many attempts")
_TRY_AGAIN = mark_plural("Wait a minute, then try again.", "Wait {n} minutes, then try again.")
_OPEN_AGAIN = mark_plural(
    "Wait a minute, then open the link in the email again.",
    "Wait {n} minutes, then open the link in the email again.",
)
_SOON = mark("Temporarily unavailable")
_TEXTS = {
    "unavailable": mark("We can't reach our database. Try again in a moment."),
    "overloaded": mark("We're overloaded right now. Try again in a moment."),
    "locked": mark("Someone else is changing the same data. Try again in a moment."),
}
_FAILED = mark("Something went wrong")
_UNKNOWN = mark("Something went wrong on our side. Quote the request ID when you report it.")


def page(ctx: PageContext, error: Exception) -> Response:
    """The page for any error; an unknown one reveals nothing and is logged."""
    failure, translate = failure_of(error, ctx.request.id), ctx.translate
    if isinstance(error, Refusal):
        title, *words = map(translate, _texts(ctx, error))
        if isinstance(error, TooManyRequests):
            words.append(_when_again(ctx, error.retry_after))
    elif failure.cause is not None:
        title, words = translate(_SOON), [translate(_TEXTS[failure.cause.code])]
    else:
        title, words = translate(_FAILED), [translate(_UNKNOWN)]
    ctx.errors = None
    context: dict[str, Any] = {"title": title, "words": [Markup(" ").join(words)]}
    reply = ctx.render("layout/message.html", failure.status, **context, request_id=ctx.request.id)
    for name, value in failure.headers:
        reply.headers[name.decode()] = value.decode()
    return reply


def _texts(ctx: PageContext, refusal: Refusal) -> tuple[str, ...]:
    known = error_text(refusal.code, from_link=ctx.has_link_token)
    if known is not None:
        return known
    return (_OFTEN,) if isinstance(refusal, TooManyRequests) else (_FAILED, str(refusal))


def _when_again(ctx: PageContext, seconds: int) -> Markup:
    return ctx.translate(_OPEN_AGAIN if ctx.has_link_token else _TRY_AGAIN, n=-(-seconds // 60))
