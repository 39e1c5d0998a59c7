"""The emails that came, by the digest of the token that each brought."""

import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from tenantry.kit.secrets import Secret
from tests.support.mail.mailbox import token_in
from tests.support.processes import CEILING


class Emails:
    """A folder in which emails are laid down, and what was read of it so far."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tokens = dict[bytes, str]()

    def token(self, digest: bytes, *, seconds: float = CEILING) -> str:
        """The token with this digest, waited for: an email comes after its act."""
        deadline = time.monotonic() + seconds
        while digest not in self._tokens:
            assert time.monotonic() < deadline, "the email did not arrive"
            if not self._read():
                time.sleep(0.005)
        return self._tokens[digest]

    def _read(self) -> bool:
        """Whether any email was there; each is read once."""
        new = [*self._folder.glob("*.eml")]
        for path in new:
            email = message_from_bytes(path.read_bytes(), policy=default)
            path.unlink()
            if "invites you" in email["Subject"]:
                token = token_in(email)
                self._tokens[Secret(token).digest] = token
        return bool(new)
