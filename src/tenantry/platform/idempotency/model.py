"""Erasing a person from a stored answer. Pure."""

from dataclasses import dataclass
from typing import Any, cast

import orjson


@dataclass(frozen=True, slots=True)
class Erased:
    """A person to erase from answers: how they are named there, and the replacements."""

    user_id: str
    """As answers show it."""
    email: str | None
    name_instead: str
    email_instead: str

    @property
    def search_texts(self) -> list[str]:
        """Search texts: an answer that names the person contains at least one of them."""
        return [self.user_id, *([self.email] if self.email else [])]

    def without(self, body: bytes) -> bytes:
        """The same answer without the person's name and address."""
        return orjson.dumps(self._without(orjson.loads(body)))

    def _without(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._without(each) for each in cast("list[Any]", value)]
        if isinstance(value, dict):
            members = cast("dict[str, Any]", value)
            known = self._person if members.get("id") == self.user_id else {}
            return {
                key: known[key] if key in known else self._without(each)
                for key, each in members.items()
            }
        return self.email_instead if value is not None and value == self.email else value

    @property
    def _person(self) -> dict[str, str]:
        return {"name": self.name_instead, "email": self.email_instead}
