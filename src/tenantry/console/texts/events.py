"""Events in words: action, actor, and values before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from markupsafe import Markup

from tenantry.console.texts.languages import Translator, mark
from tenantry.platform.audit.model import ERASED_EMAIL, ERASED_NAME, Event

ACTIONS: Mapping[str, str] = {
    "organization.created": mark("Organization created"),
    "organization.updated": mark("Organization updated"),
    "organization.deleted": mark("Organization deleted"),
    "organization.restored": mark("Organization restored"),
    "organization.disabled": mark("Organization suspended by an operator"),
    "organization.enabled": mark("Organization reinstated by an operator"),
    "organization.admin_named": mark("Admin appointed by an operator"),
    "organization.reclaimed": mark("Organization reclaimed by its owner"),
    "member.updated": mark("Member updated"),
    "member.removed": mark("Member removed"),
    "member.left": mark("Member left"),
    "member.reclaimed": mark("Account reclaimed by its owner"),
    "invitation.created": mark("Member invited"),
    "invitation.resent": mark("Invitation resent"),
    "invitation.revoked": mark("Invitation revoked"),
    "invitation.accepted": mark("Invitation accepted"),
    "invitation.declined": mark("Invitation declined"),
    "invitation.deleted": mark("Old invitations deleted"),
    "role.created": mark("Role created"),
    "role.updated": mark("Role updated"),
    "role.deleted": mark("Role deleted"),
    "workspace.created": mark("Workspace created"),
    "workspace.updated": mark("Workspace updated"),
    "workspace.archived": mark("Workspace archived"),
    "workspace.unarchived": mark("Workspace unarchived"),
    "workspace.deleted": mark("Workspace deleted"),
    "workspace_member.added": mark("Member added to workspace"),
    "workspace_member.updated": mark("Workspace role changed"),
    "workspace_member.removed": mark("Member removed from workspace"),
    "api_key.created": mark("API key created"),
    "api_key.updated": mark("API key updated"),
    "api_key.rotated": mark("API key rotated"),
    "api_key.revoked": mark("API key revoked"),
    "service_account.created": mark("Service account created"),
    "service_account.updated": mark("Service account updated"),
    "service_account.deleted": mark("Service account deleted"),
}
"""Every action of an organization's events."""

_NOUNS: Mapping[str, str] = {
    "user": mark("User"),
    "organization": mark("Organization"),
    "workspace": mark("Workspace"),
    "workspace_member": mark("Workspace member"),
    "role": mark("Role"),
    "member": mark("Member"),
    "invitation": mark("Invitation"),
    "session": mark("Session"),
    "api_key": mark("API key"),
    "service_account": mark("Service account"),
    "operator": mark("Operator"),
    "addressee": mark("Email recipient"),
    "system": mark("System"),
}
"""Types of targets and actors."""
_FIELDS: Mapping[str, str] = {
    "archived_at": mark("Archived"),
    "deleted_at": mark("Deleted"),
    "description": mark("Description"),
    "disabled_at": mark("Suspended"),
    "email": mark("Email address"),
    "expires_at": mark("Expires"),
    "invited_by": mark("Invited by"),
    "is_default": mark("Default"),
    "key": mark("Key"),
    "kind": mark("Kind"),
    "locale": mark("Language"),
    "member_id": mark("Member"),
    "metadata": mark("Metadata"),
    "name": mark("Name"),
    "permissions": mark("Permissions"),
    "role": mark("Role"),
    "slug": mark("Slug"),
    "status": mark("Status"),
    "status_reason": mark("Reason"),
    "user_id": mark("User"),
    "visibility": mark("Visibility"),
    "workspaces": mark("Workspaces"),
}
_VALUES: Mapping[str, str] = {
    "accepted": mark("accepted"),
    "active": mark("active"),
    "declined": mark("declined"),
    "expired": mark("expired"),
    "organization": mark("the whole organization"),
    "pending": mark("pending"),
    "personal": mark("personal"),
    "private": mark("private"),
    "revoked": mark("revoked"),
    "suspended": mark("suspended"),
    "team": mark("team"),
}
_ERASED: Mapping[str, str] = {
    ERASED_NAME: mark("Deleted user"),
    ERASED_EMAIL: mark("Deleted address"),
}
_NOTHING: Mapping[str, Any] = {}
_TRANSLATED_VALUES = frozenset(["kind", "status", "visibility"])
"""Fields whose values are translated: they are not chosen by users."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, before and after."""

    name: str
    before: Markup
    after: Markup


@dataclass(frozen=True, slots=True)
class ChangeText:
    """One object that changed."""

    noun: str
    name: str
    id: str
    kind: str
    differences: list[Difference]


class EventTexts:
    """Describes events in the language of a page."""

    def __init__(self, translate: Translator) -> None:
        self._translate = translate

    def action(self, event: Event) -> Markup:
        return self._translate(ACTIONS.get(event.action, event.action))

    def name(self, name: str) -> Markup:
        """Placeholders of erased people are translated."""
        return self._translate(_ERASED[name]) if name in _ERASED else Markup.escape(name)

    def noun(self, noun: str) -> Markup:
        return self._translate(_NOUNS.get(noun, noun))

    def changes(self, event: Event) -> list[ChangeText]:
        names = {target["id"]: target["name"] for target in event.targets}
        return [self._change(change, names) for change in event.changes]

    def _change(self, change: dict[str, Any], names: Mapping[str, str]) -> ChangeText:
        before: Mapping[str, Any] | None = change["before"]
        after: Mapping[str, Any] | None = change["after"]
        fields = after or before or _NOTHING
        name = names.get(change["id"]) or fields.get("name") or fields.get("email") or ""
        return ChangeText(
            self.noun(change["type"]),
            self.name(str(name)),
            change["id"],
            self._translate(_change_kind(before, after)),
            [self._difference(key, before or _NOTHING, after or _NOTHING) for key in fields],
        )

    def _difference(
        self, key: str, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> Difference:
        was, now = self._value(key, before.get(key)), self._value(key, after.get(key))
        return Difference(self._translate(_FIELDS.get(key, key)), was, now)

    def _value(self, key: str, value: Any) -> Markup:
        if value is None or value in ("", [], {}):
            return self._translate(mark("none"))
        if isinstance(value, bool):
            return self._translate(mark("yes") if value else mark("no"))
        if isinstance(value, list | dict):
            return self._several(key, value)
        if key in _TRANSLATED_VALUES and value in _VALUES:
            return self._translate(_VALUES[value])
        if key.endswith("_at"):
            return Markup("{}").format(self._translate.datetime(datetime.fromisoformat(value)))
        return self.name(str(value))

    def _several(self, key: str, values: Any) -> Markup:
        if isinstance(values, list):
            items = [self._value(key, value) for value in cast("list[Any]", values)]
        else:
            items = [
                Markup("{}: {}").format(*pair) for pair in values.items() if pair[1] is not None
            ]
        return Markup(", ").join(items) if items else self._translate(mark("none"))


def _change_kind(before: Any, after: Any) -> str:
    if before is None:
        return mark("created")
    return mark("deleted") if after is None else mark("updated")
