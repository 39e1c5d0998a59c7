"""Emails that were caught in a folder (RFC 5322)."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

_MOST = 200


@dataclass(frozen=True, slots=True)
class InboxEmail:
    """What a mail client would show."""

    name: str
    sender: str
    recipient: str
    subject: str
    date: str
    text: str
    html: str


def newest(folder: Path) -> list[InboxEmail]:
    """The newest first."""
    # Names begin with the time.
    paths = sorted(_listing(folder).values(), key=lambda path: path.name, reverse=True)
    return [_read(path) for path in paths[:_MOST]]


def find(folder: Path, name: str) -> InboxEmail | None:
    """Only opens files that the folder itself lists."""
    path = _listing(folder).get(name)
    return _read(path) if path else None


def with_links_in_new_windows(html: str) -> str:
    """The pages that they lead to refuse to be shown in a frame."""
    return html.replace("<head>", '<head><base target="_blank">', 1)


def _listing(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        return {}
    return {
        path.name: path
        for path in folder.iterdir()
        if path.suffix == ".eml" and path.is_file() and not path.is_symlink()
    }


def _read(path: Path) -> InboxEmail:
    message = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=default)
    return InboxEmail(
        name=path.name,
        sender=str(message.get("From", "")),
        recipient=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        date=str(message.get("Date", "")),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""
