"""Forms that are posted: where they come from, and what was filled in."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from tenantry.http.failures import MalformedBody, UnsupportedMediaType
from tenantry.http.request import Request
from tenantry.kit.refusals import Forbidden
from tenantry.kit.text import is_plain

# A role's form has a box for each permission, of which a product may declare hundreds.
_MOST_FIELDS = 600
_MEDIA_TYPE = "application/x-www-form-urlencoded"


class ForeignPost(Forbidden):
    """The form was sent by a page of another site."""

    code = "foreign_post"
    detail = "This form was sent from another site."


class FormOutdated(Forbidden):
    """The form is none that this browser was given, or something else was opened since."""

    code = "form_outdated"
    detail = "This form has expired. Please try again."


class NotAForm(UnsupportedMediaType):
    """The body is in a format that no form of ours is sent in."""

    detail = "The form could not be read. Reload the page and try again."


class MalformedForm(MalformedBody):
    """The form could be read in two ways, or not at all."""

    code = "malformed_form"
    detail = "The form could not be read. Remove control characters and try again."


@dataclass(frozen=True, slots=True)
class SubmittedForm:
    """What was filled in: plain text by name."""

    fields: dict[str, str]

    def text(self, name: str) -> str:
        """What stands in a field; empty where it is missing."""
        return self.fields.get(name, "")

    def ticked(self, prefix: str) -> list[str]:
        """Which boxes are ticked, of those whose names begin so; without the prefix."""
        return [name.removeprefix(prefix) for name in self.fields if name.startswith(prefix)]


def ensure_same_origin(base_url: str, request: Request) -> None:
    """ForeignPost where the browser says that another site sends this.

    A post of ours says `Origin: null`, since our pages send no referrer (Fetch, "append a request
    `Origin` header"); plain HTTP has no Sec-Fetch-Site. So null alone proves nothing and passes:
    what proves is the form's token.
    """
    if request.header(b"sec-fetch-site") not in ("", "same-origin", "none"):
        raise ForeignPost
    if request.header(b"origin") not in ("", "null", _origin(base_url)):
        raise ForeignPost


async def form_of(request: Request, most: int) -> SubmittedForm:
    """Read a form of so many bytes at most. PayloadTooLarge; NotAForm; MalformedForm."""
    body = await request.body(most)
    media = request.header(b"content-type").partition(";")[0].strip().lower()
    if media != _MEDIA_TYPE or request.is_encoded:
        raise NotAForm
    return SubmittedForm(_fields(body))


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise MalformedForm from None
    fields = dict(pairs)
    if len(fields) != len(pairs) or not all(map(is_plain, fields.values())):
        raise MalformedForm
    return fields


def _origin(url: str) -> str:
    """The origin of an address as a browser writes it (RFC 6454, section 6.2)."""
    parts = urlsplit(url)
    usual_port = ":443" if parts.scheme == "https" else ":80"
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(usual_port)}"
