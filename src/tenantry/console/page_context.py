"""PageContext: the context of a page's handler."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from markupsafe import Markup
from starlette.responses import Response

from tenantry.console.browser_session import BrowserSession
from tenantry.console.flashes import Flash, opened, sealed
from tenantry.console.forms import submitted
from tenantry.console.forms.errors import FormErrors
from tenantry.console.forms.submitted import FormOutdated, SubmittedForm
from tenantry.console.rendering import Pages
from tenantry.console.texts.languages import translator_for
from tenantry.http import csrf
from tenantry.http.context import HttpContext
from tenantry.http.cookies import FLASH, LANGUAGE, SESSION, VISITOR, Cookie, Jar
from tenantry.http.request import USUAL_BODY, Request
from tenantry.http.service import Service
from tenantry.identity.sessions.model import Opened
from tenantry.kit.refusals import NotFound
from tenantry.kit.secrets import Secret
from tenantry.kit.text import is_plain

LINK_TOKEN_SECONDS = 3600
"""How long a browser keeps the token of an email whose link was opened."""

NOTHING: Mapping[str, str] = {}
NO_LAYOUT: Mapping[str, Any] = {"page": None, "navigation": [], "organization": None, "base": ""}
# One slash, and then no second one nor a backslash, which browsers take for one: that would be
# another site.
LONGEST_PATH = 500
_MOST_PARAMETERS = 50
_OUR_PATH = re.compile(rf"/(?![/\\])[!-~]{{0,{LONGEST_PATH - 1}}}")
_TOKEN = re.compile("[A-Za-z0-9_-]{1,200}")


class PageContext(HttpContext):
    def __init__(
        self,
        service: Service,
        pages: Pages,
        request: Request,
        link_token_path: str | None = None,
        largest_form: int = USUAL_BODY,
    ) -> None:
        """`link_token_path` is the path that the token of an email's link is kept for, if any."""
        super().__init__(service, request)
        self._pages = pages
        self._form: SubmittedForm | None = None
        self._largest_form = largest_form
        self._jar = Jar(
            self.request.header(b"cookie"),
            is_https=service.base_url.startswith("https:"),
            base_path=service.base_path,
        )
        self._link_token = Cookie("tenantry-link-token", link_token_path or "/", LINK_TOKEN_SECONDS)
        self.has_link_token = link_token_path is not None
        self.session = BrowserSession(self._jar, self.work)
        self.path_params: dict[str, str] = request.scope.get("path_params", {})
        self.path: str = request.scope["path"]
        wanted = request.header(b"accept-language")
        self.translate = translator_for(self._jar.get(LANGUAGE), wanted)
        self.layout: Callable[[], Mapping[str, Any]] = lambda: NO_LAYOUT
        """The layout around the page: for signed-in users, with navigation."""
        self.errors: FormErrors | None = None
        """The errors with which the posted form is shown again."""

    @property
    def languages(self) -> Sequence[str]:
        """The language of the page, then the browser's others."""
        return [self.translate.language, *super().languages]

    @property
    def inbox(self) -> Path:
        """The test inbox's folder, in development. NotFound if emails are really sent."""
        if self._pages.inbox is None:
            raise NotFound
        return self._pages.inbox

    def query(self, name: str) -> str:
        """A parameter of the URL; empty if it is missing or repeated."""
        given = self._query.get(name, [])
        return given[0] if len(given) == 1 and is_plain(given[0]) else ""

    def next_path(self) -> str:
        """The next page, from the URL or the form: a path of the console, or the home page."""
        wanted = self._form.text("next") if self._form else self.query("next")
        return wanted if _OUR_PATH.fullmatch(wanted) else "/"

    def set_language(self, language: str) -> None:
        self._jar.put(LANGUAGE, language)

    def token_in_link(self) -> Secret | None:
        """The token in the query of an email's link. NotFound if it is malformed."""
        given = self._query.get("token")
        if given is None:
            return None
        if len(given) != 1 or _TOKEN.fullmatch(given[0]) is None:
            raise NotFound
        return Secret(given[0])

    @cached_property
    def _query(self) -> dict[str, list[str]]:
        query = self.request.query.decode("latin-1")
        try:
            return parse_qs(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
        except ValueError:  # too many parameters
            return {}

    def keep_link_token(self, token: Secret) -> None:
        self._jar.put(self._link_token, token.text)

    def forget_link_token(self) -> None:
        self._jar.drop(self._link_token)

    def link_token(self) -> Secret:
        """The token of the email's link that was opened last. NotFound if its cookie is missing."""
        kept = self._jar.get(self._link_token)
        if not kept:
            raise NotFound
        return Secret(kept)

    async def form(self) -> SubmittedForm:
        """The posted form. PayloadTooLarge, NotAForm, MalformedForm."""
        if self._form is None:
            self._form = await submitted.form_of(self.request, self._largest_form)
        return self._form

    async def ensure_trusted(self) -> None:
        """ForeignPost if another site sent the form; FormOutdated if its token was not issued to
        this browser, for the current session and link token; and the errors of `form`.
        """
        submitted.ensure_same_origin(self.service.base_url, self.request)
        token = (await self.form()).text("form_token")
        if not csrf.is_good(token, self._holder, self._jar.get(self._link_token)):
            raise FormOutdated

    def _form_token(self) -> str:
        if not self._holder:
            self._jar.put(VISITOR, Secret.new().text)
        return csrf.make(self._holder, self._jar.get(self._link_token))

    @property
    def _holder(self) -> str:
        """What a form is bound to: the session, or the browser if there is no session."""
        return self._jar.get(SESSION) or self._jar.get(VISITOR)

    async def sign_in(self, opened: Opened) -> None:
        """Store a session in this browser, replacing its previous one."""
        await self.sign_out()
        self.session.keep(opened)

    async def sign_out(self) -> None:
        await self.session.end()
        self.layout = lambda: NO_LAYOUT

    def render(self, template: str, status: int = 200, **context: Any) -> Response:
        """A page from a template; with the error's status if a form is shown again."""
        errors, form = self.errors, self._form
        shared: dict[str, Any] = {
            "_": self.translate,
            "ngettext": self.translate.plural,
            "form_token": self._form_token,
            "path": self.path,
            "errors": errors,
            "submitted": form.fields if form and errors else NOTHING,
            "flash_message": self._flash_message(),
            **self.layout(),
        }
        if errors is not None and status == 200:
            status = errors.status
        return self._with_cookies(self._pages.page(template, status, **(shared | context)))

    def outcome(self, title: str, *words: str) -> Response:
        return self.render("layout/message.html", title=title, words=words, request_id=None)

    def redirect(self, path: str, message: str = "", **values: str) -> Response:
        """A redirect to another page, which the browser requests with GET (RFC 9110, 15.4.4).

        That page shows `message`, a marked message, with its values.
        """
        if message:
            self._jar.put(FLASH, sealed(Flash(message, values), self._holder))
        return self._with_cookies(self._pages.redirect(path))

    def _flash_message(self) -> Markup | None:
        kept = self._jar.get(FLASH)
        if not kept:
            return None
        self._jar.drop(FLASH)
        flash = opened(kept, self._holder)
        return self.translate(flash.text, **flash.values) if flash else None

    def _with_cookies(self, reply: Response) -> Response:
        for change in self._jar.changes:
            reply.headers.append("Set-Cookie", change)
        return reply
