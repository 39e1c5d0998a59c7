"""Which events are charged to a budget, and how to erase a person from one. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tenantry.kit.ids import Kind
from tenantry.platform.audit.model import ERASED_EMAIL, ERASED_NAME, NOUNS, Event, Subject

_FREE = {"accepted", "declined", "disabled", "enabled", "left", "reclaimed", "removed", "revoked"}
_FREE_TO_DELETE = {"organization", "workspace", "service_account"}
"""Removing or answering something is free: its creation was charged, and it must stay possible.
Deleting a role is charged, because replacing roles can be repeated without end."""
_PEOPLE = {NOUNS[Kind.USER], NOUNS[Kind.MEMBERSHIP]}


def is_charged(event: Event) -> bool:
    """Whether an event counts against its organization's budget.

    Removals, actions of operators and of the service, and creating an organization do not count.
    """
    if event.actor_type in ("operator", "system") or event.action == "organization.created":
        return False
    noun, _, verb = event.action.partition(".")
    return not (verb in _FREE or (verb == "deleted" and noun in _FREE_TO_DELETE))


def erased(event: Event, subject: Subject) -> Event:
    """The event without the subject's name and address; its ids stay, so it can be replayed."""
    return replace(
        event,
        actor_name=_actor_name(event, subject),
        targets=[_target(target, subject) for target in event.targets],
        changes=[_change(change, subject) for change in event.changes],
    )


def _actor_name(event: Event, subject: Subject) -> str:
    if event.actor_id == subject.user_id:
        return ERASED_NAME
    if event.actor_type == "addressee" and event.actor_name == subject.email:
        return ERASED_EMAIL
    return event.actor_name


def _target(target: dict[str, Any], subject: Subject) -> dict[str, Any]:
    if target["type"] in _PEOPLE and target["id"] in subject.shown:
        return {**target, "name": ERASED_NAME}
    if target["type"] == NOUNS[Kind.INVITATION] and target["name"] == subject.email:
        return {**target, "name": ERASED_EMAIL}
    return target


def _change(change: dict[str, Any], subject: Subject) -> dict[str, Any]:
    sides = {side: _side(change[side], subject) for side in ("before", "after")}
    return {**change, **sides}


def _side(side: dict[str, Any] | None, subject: Subject) -> dict[str, Any] | None:
    if side and subject.email is not None and side.get("email") == subject.email:
        return {**side, "email": ERASED_EMAIL}
    return side


def search_texts(subject: Subject) -> Sequence[str]:
    """Search texts: an event that names the subject contains at least one of them."""
    return [*subject.shown, *([subject.email] if subject.email else [])]
