"""Clients that write without a pause, and note how each call came out."""

import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle
from typing import Any

import httpx2

from tenantry.kit.ids import Kind, new_id, show
from tests.faults.journal import Act, Entry, Journal, Outcome
from tests.support.cast import Player
from tests.support.processes import CEILING

_TURNS = (Act.FOUND, Act.OPEN, Act.INVITE, Act.CHANGE, Act.INVITE, Act.WITHDRAW, Act.OPEN)


class Caller:
    """Somebody who calls the service at `url`, which may change as the service comes and goes."""

    def __init__(self, url: str, player: Player, shared: str, journal: Journal) -> None:
        """`shared` is the path of an organization in which everybody writes."""
        self._player = player
        self._shared = shared
        self._own = f"/api/v1/organizations/{show(Kind.ORGANIZATION, player.personal_id)}"
        self._journal = journal
        self._open = list[str]()
        self._client = httpx2.Client(base_url=url, headers=player.headers, timeout=CEILING)

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def run(self, until: Callable[[], bool]) -> None:
        """Call again and again."""
        turns = cycle(_TURNS)
        while not until():
            act = next(turns)
            if act is Act.WITHDRAW and not self._open:
                act = Act.INVITE
            marker = self._open.pop() if act is Act.WITHDRAW else f"m{new_id().hex}"
            if self.call(act, marker).status == 0:
                time.sleep(0.05)  # no one is there; they come back soon

    def call(self, act: Act, marker: str) -> Entry:
        """One call. With the marker of an earlier one, it is that one again."""
        method, path, body = self._request(act, marker)
        headers = {} if act in (Act.CHANGE, Act.WITHDRAW) else {"Idempotency-Key": marker}
        began = time.monotonic()
        try:
            answer = self._client.request(method, path, json=body, headers=headers)
        except httpx2.TransportError as failed:
            seconds = time.monotonic() - began
            why = type(failed).__name__
            entry = Entry(self._player.id, act, marker, Outcome.UNKNOWN, 0, seconds, why=why)
        else:
            entry = self._noted(act, marker, answer, time.monotonic() - began)
        entry = replace(entry, began=began)
        self._journal.add(entry)
        return entry

    def _request(self, act: Act, marker: str) -> tuple[str, str, Any]:
        match act:
            case Act.FOUND:
                return "POST", "/api/v1/organizations", {"name": marker}
            case Act.OPEN:
                return "POST", f"{self._shared}/workspaces", {"name": marker}
            case Act.INVITE:
                email = {"email": f"{marker}@example.com", "role": "viewer"}
                return "POST", f"{self._shared}/members/invite", email
            case Act.CHANGE:
                return "PATCH", self._own, {"metadata": {"turn": marker}}
            case Act.WITHDRAW:
                return "DELETE", f"{self._shared}/invitations/{marker}", None

    def _noted(self, act: Act, marker: str, answer: httpx2.Response, seconds: float) -> Entry:
        status, named, outcome = answer.status_code, "", Outcome.ACKNOWLEDGED
        if status >= 400:
            outcome = Outcome.REFUSED if status < 500 else Outcome.UNKNOWN
        elif status == 201:
            named = answer.json()["id"]
            if act is Act.INVITE:
                self._open.append(named)
        why = answer.text if status >= 400 else ""
        return Entry(self._player.id, act, marker, outcome, status, seconds, named, why)

    def repeat_unknown(self) -> int:
        """Call again, by the same Idempotency-Key, every second call whose outcome is unknown."""
        keyed = (Act.FOUND, Act.OPEN, Act.INVITE)
        unknown = [each for act in keyed for each in self._journal.of(act, Outcome.UNKNOWN)]
        repeated = [each for each in unknown if each.by == self._player.id][::2]
        for entry in repeated:
            self.call(entry.act, entry.marker)
        return len(repeated)


@contextmanager
def calling(
    url: str, players: Sequence[Player], shared: str, journal: Journal
) -> Generator[list[Caller]]:
    """Each player calls in a thread of their own until the block ends."""
    over = threading.Event()
    callers = [Caller(url, player, shared, journal) for player in players]
    threads = [threading.Thread(target=each.run, args=[over.is_set]) for each in callers]
    for thread in threads:
        thread.start()
    try:
        yield callers
    finally:
        over.set()
        for thread in threads:
            thread.join()
        for caller in callers:
            caller.close()
