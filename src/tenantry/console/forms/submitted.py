"""Posted forms: their origin and their fields."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from tenantry.http.failures import MalformedBody, UnsupportedMediaType
from tenantry.http.request import Request
from tenantry.http.urlencoded import FORM, fields_of
from tenantry.kit.refusals import Forbidden
from tenantry.kit.text import is_plain

# A role's form has a checkbox per permission, and a product may declare hundreds.
_MOST_FIELDS = 600


class ForeignPost(Forbidden):
    """The form was sent by a page of another site."""

    code = "foreign_post"
    detail = "This form was sent from another site."


class FormOutdated(Forbidden):
    """Not a form that this browser was given in this session, or for this link."""

    code = "form_outdated"
    detail = "This form has expired. Please try again."


class NotAForm(UnsupportedMediaType):
    """The body is not form-encoded."""

    detail = "The form could not be read. Reload the page and try again."


class MalformedForm(MalformedBody):
    """The body is ambiguous or cannot be decoded."""

    code = "malformed_form"
    detail = "The form could not be read. Remove control characters and try again."


@dataclass(frozen=True, slots=True)
class SubmittedForm:
    """Plain text by field name."""

    fields: dict[str, str]

    def text(self, name: str) -> str:
        """Empty if the field is missing."""
        return self.fields.get(name, "")

    def ticked(self, prefix: str) -> list[str]:
        """Names of the ticked checkboxes that start with the prefix, without it."""
        return [name.removeprefix(prefix) for name in self.fields if name.startswith(prefix)]


def ensure_same_origin(base_url: str, request: Request) -> None:
    """ForeignPost if the browser says that the form comes from another site.

    Our own forms are sent with `Origin: null`, because our pages send no referrer (Fetch, "append a
    request `Origin` header"), and plain HTTP has no Sec-Fetch-Site. So null passes; the proof is
    the form's token.
    """
    if request.header(b"sec-fetch-site") not in ("", "same-origin", "none"):
        raise ForeignPost
    if request.header(b"origin") not in ("", "null", _origin(base_url)):
        raise ForeignPost


async def form_of(request: Request, most: int) -> SubmittedForm:
    """Reads at most `most` bytes. PayloadTooLarge, NotAForm, MalformedForm."""
    body = await request.body(most)
    if request.media_type != FORM or request.is_encoded:
        raise NotAForm
    try:
        fields = fields_of(body.decode("ascii"), _MOST_FIELDS)
    except ValueError:
        raise MalformedForm from None
    if not all(map(is_plain, fields.values())):
        raise MalformedForm
    return SubmittedForm(fields)


def _origin(url: str) -> str:
    """As a browser writes it (RFC 6454, section 6.2)."""
    parts = urlsplit(url)
    usual_port = ":443" if parts.scheme == "https" else ":80"
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(usual_port)}"
