"""Everything that has a secret in it, done once by real people through a real service.

Each answer is kept as it came, and so is each secret: passwords, tokens of emails, of sessions,
and cookies; with the one answer, if any, that was to bring it.
"""

import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import httpx2

from tests.support.mail.mailbox import token_in
from tests.support.mail.smtp import MailServer
from tests.support.processes import wait_for

PASSWORDS = {
    name: f"{words} & über 7% of {name}"
    for name, words in (
        ("first", "seven quiet lanterns drift"),
        ("second", "eleven copper rivers bend"),
        ("third", "nine patient harbours wake"),
        ("wrong", "not any of these at all"),
    )
}
_FORM_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


@dataclass
class Life:
    """Calls of the API and of pages, and the emails that came of them."""

    client: httpx2.Client
    post: MailServer
    answers: list[str] = field(default_factory=list[str])
    """Everything that was answered: head and body, without Set-Cookie."""
    secrets: dict[str, int | None] = field(default_factory=dict[str, int | None])
    """Each secret with the number of the answer that was to tell it."""
    read: list[str] = field(default_factory=list[str])
    """The subjects of all emails that were read."""

    def __post_init__(self) -> None:
        self.secrets.update(dict.fromkeys(PASSWORDS.values()))
        self.client.event_hooks = {"response": [self._keep]}

    def call(self, status: int, method: str, path: str, by: str = "", **sent: Any) -> Any:
        """The body of an answer of the API, whose status must be this."""
        headers = {**({"Authorization": f"Bearer {by}"} if by else {}), **sent.pop("headers", {})}
        answer = self.client.request(method, f"/api/v1{path}", headers=headers, **sent)
        assert answer.status_code == status, f"{method} {path}: {answer.text}"
        return answer.json() if answer.content else None

    def token(self, email: str, subject: str) -> str:
        """The token of the newest email to an address."""
        token = token_in(self.email(email, subject))
        self.secrets[token] = None
        return token

    def email(self, email: str, subject: str) -> EmailMessage:
        """The newest email to an address, once it is the one with this subject."""

        def has_come() -> bool:
            return email in self.post.emails and subject in self.post.emails[email]["Subject"]

        wait_for(has_come)
        message = self.post.emails.pop(email)
        self.read.append(message["Subject"])
        return message

    def sign_up(self, email: str, name: str, **more: Any) -> dict[str, Any]:
        """Somebody new, with the first of the passwords."""
        body = {"email": email, "password": PASSWORDS["first"], "name": name, **more}
        return self.call(201, "POST", "/auth/sign-up", json=body)

    def sign_in(self, email: str, password: str, status: int = 200) -> dict[str, Any]:
        """What comes of trying a password."""
        form = {"grant_type": "password", "username": email, "password": PASSWORDS[password]}
        return self.call(status, "POST", "/auth/token", data=form)

    def refresh(self, token: str, status: int = 200) -> dict[str, Any]:
        """What comes of a refresh token."""
        form = {"grant_type": "refresh_token", "refresh_token": token}
        return self.call(status, "POST", "/auth/token", data=form)

    def fill_in(self, path: str, token: str, **fields: str) -> httpx2.Response:
        """Open an email's link, fill in its form, and follow where that leads."""
        kept = dict[str, str]()
        self._browse(kept, "GET", path, params={"token": token})
        page = self._browse(kept, "GET", path)
        form = {**fields, "form_token": _FORM_TOKEN.findall(page.text)[0]}
        answer = self._browse(kept, "POST", path, data=form)
        assert answer.status_code in (200, 303), answer.text
        if answer.status_code == 200:
            return answer
        return self._browse(kept, "GET", answer.headers["location"])

    def _browse(self, kept: dict[str, str], method: str, path: str, **sent: Any) -> httpx2.Response:
        """As a browser that keeps cookies, for a service that is behind HTTPS elsewhere."""
        cookies = "; ".join(f"{name}={value}" for name, value in kept.items())
        answer = self.client.request(method, path, headers={"Cookie": cookies}, **sent)
        for each in answer.headers.get_list(_SET):
            name, _, value = each.partition(";")[0].partition("=")
            kept[name] = value
        return answer

    def _keep(self, answer: httpx2.Response) -> None:
        answer.read()
        number = len(self.answers)
        head = [f"{name}: {value}" for name, value in answer.headers.items() if name != _SET]
        self.answers.append("\n".join([*head, answer.text]))
        for each in answer.headers.get_list(_SET):
            value = each.partition(";")[0].partition("=")[2]
            if value:
                self.secrets.setdefault(value, None)
        told: Any = answer.json() if "json" in answer.headers.get("content-type", "") else None
        if isinstance(told, dict):
            for name in ("access_token", "refresh_token"):
                if name in told:
                    self.secrets[told[name]] = number


_SET = "set-cookie"
