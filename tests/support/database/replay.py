"""Events replayed: what an organization must look like if its events told everything (I9)."""

import re
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import psycopg

from tenantry.kit.ids import Kind, show

State = dict[tuple[str, ...], dict[str, Any]]
"""What there is, by kind and id; a role in a workspace by workspace and member."""

_EVENTS = "select changes from events where org_id = %s order by id"
_TABLES = {
    Kind.ORGANIZATION: """
        select org_id, name, slug, kind, locale, metadata, deleted_at, disabled_at, status_reason
          from organizations where org_id = %s
    """,
    Kind.WORKSPACE: """
        select id, name, slug, description, is_default, visibility, metadata, archived_at
          from workspaces
         where org_id = %s
    """,
    Kind.ROLE: """
        select id, key, name, description, permissions from roles
         where org_id = %s and retired_at is null
    """,
    Kind.MEMBERSHIP: """
        select m.id, m.user_id, r.key as role, m.status, m.expires_at
          from memberships m join roles r on r.org_id = m.org_id and r.id = m.role_id
         where m.org_id = %s
    """,
    Kind.INVITATION: """
        select i.id, i.email, r.key as role, i.status, i.invited_by, i.expires_at
          from invitations i join roles r on r.org_id = i.org_id and r.id = i.role_id
         where i.org_id = %s
    """,
    Kind.SERVICE_ACCOUNT: """
        select a.id, a.name, r.key as role, a.workspace_id
          from service_accounts a join roles r on r.org_id = a.org_id and r.id = a.role_id
         where a.org_id = %s
    """,
    Kind.API_KEY: """
        select k.id, k.name, k.hint, k.expires_at, k.membership_id as member_id,
               r.key as role, k.workspace_id, k.service_account_id
          from api_keys k left join roles r on r.org_id = k.org_id and r.id = k.role_id
         where k.org_id = %s
    """,
}
# What follows from other events, or is about the row itself. A new column is read above, or named
# here.
_UNRECORDED = {
    Kind.ORGANIZATION: {"default_workspace_id", "owner_id", "created_by", "revision"},
    Kind.ROLE: {"is_default"},
    Kind.INVITATION: {"message", "membership_id", "email_id"},
    Kind.API_KEY: {"last_used_at"},
}
_OF_EVERY_ROW = {"created_at", "updated_at"}
_COLUMNS = "select column_name from information_schema.columns where table_name = %s"
_KINDS = {
    "workspace_id": Kind.WORKSPACE,
    "member_id": Kind.MEMBERSHIP,
    "service_account_id": Kind.SERVICE_ACCOUNT,
}
"""Of which kind the ids in these columns are; all others name users."""
# What the event of a new object does not say, because it is empty at first.
_UNTOLD = {"organization": dict.fromkeys(["deleted_at", "disabled_at", "status_reason"])}
_NOUNS = {
    Kind.ORGANIZATION: "organization",
    Kind.WORKSPACE: "workspace",
    Kind.ROLE: "role",
    Kind.MEMBERSHIP: "member",
    Kind.INVITATION: "invitation",
    Kind.SERVICE_ACCOUNT: "service_account",
    Kind.API_KEY: "api_key",
}
_IN_WORKSPACES = """
    select x.workspace_id, x.membership_id, r.key from workspace_memberships x
      join roles r on r.org_id = x.org_id and r.id = x.role_id where x.org_id = %s
"""
_OFFERED_THERE = """
    select x.invitation_id, x.workspace_id, r.key from invitation_workspaces x
      join roles r on r.org_id = x.org_id and r.id = x.role_id where x.org_id = %s order by 1, 2
"""


def replayed(admin: psycopg.Connection[Any], org_id: UUID) -> State:
    """What the events of an organization say that there is."""
    state: State = {}
    for (changes,) in admin.execute(_EVENTS, [org_id]).fetchall():
        for change in changes:
            _apply(state, change)
    return state


def _apply(state: State, change: dict[str, Any]) -> None:
    """One change; what it says was there before must have been there."""
    before, after = change["before"], change["after"]
    key = (change["type"], change["id"])
    if change["type"] == "workspace_member":
        key = (*key, (before or after)["member_id"])
    known = state.pop(key, None)
    if before is None:
        after = {**_UNTOLD.get(change["type"], {}), **after}
        assert known is None, f"{key} was made twice"
    else:
        assert known is not None, f"{key} changed before it was made"
        assert _merged(known, before) == known, f"{key} was not as its change says"
    if after is not None:
        state[key] = after if before is None else _merged(known or {}, after)


def _merged(known: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """The members that are told in place of those that were; of objects, key by key (RFC 7396)."""
    return {**known, **{name: _merged_member(known.get(name), told[name]) for name in told}}


def _merged_member(known: Any, told: Any) -> Any:
    if not (isinstance(known, dict) and isinstance(told, dict)):
        return told
    both = cast("dict[str, Any]", {**known, **told})
    return {key: value for key, value in both.items() if value is not None}


def present(admin: psycopg.Connection[Any], org_id: UUID) -> State:
    """What there is in the tables, in the same words."""
    state: State = {}
    for kind, query in _TABLES.items():
        cursor = admin.execute(query.encode(), [org_id])
        names = [column.name for column in cursor.description or ()][1:]
        for identity, *values in cursor.fetchall():
            told = {
                name: _told(value, _KINDS.get(name, Kind.USER))
                for name, value in zip(names, values, strict=True)
            }
            state[_NOUNS[kind], show(kind, identity)] = told
    for workspace, member, role in admin.execute(_IN_WORKSPACES, [org_id]).fetchall():
        there, who = show(Kind.WORKSPACE, workspace), show(Kind.MEMBERSHIP, member)
        state["workspace_member", there, who] = {"member_id": who, "role": role}
    _add_offered_workspaces(admin, org_id, state)
    return state


def not_compared(admin: psycopg.Connection[Any]) -> list[str]:
    """The columns that `present` does not read, though nothing says why."""
    missing = list[str]()
    for kind, query in _TABLES.items():
        (table,) = re.findall(r"from (\w+)", query)
        left_out = _OF_EVERY_ROW | _UNRECORDED.get(kind, set())
        read = left_out.union(re.findall(r"\w+", query))
        columns = [name for (name,) in admin.execute(_COLUMNS, [table]).fetchall()]
        assert left_out <= set(columns), f"{table} has no longer all of {left_out}"
        missing += [f"{table}.{name}" for name in columns if name not in read]
    return missing


def differences(told: State, there: State) -> dict[tuple[str, ...], dict[str, Any]]:
    """Each member that differs, by object: what events say of it, and what the table has."""
    return {
        key: {
            name: (said.get(name), is_.get(name))
            for name in {**said, **is_}
            if said.get(name) != is_.get(name) or (name in said) != (name in is_)
        }
        for key in {**told, **there}
        if (said := told.get(key, {})) != (is_ := there.get(key, {}))
    }


def _add_offered_workspaces(admin: psycopg.Connection[Any], org_id: UUID, state: State) -> None:
    for key, told in state.items():
        if key[0] == "invitation":
            told["workspaces"] = []
    for invitation, workspace, role in admin.execute(_OFFERED_THERE, [org_id]).fetchall():
        grant = {"workspace_id": show(Kind.WORKSPACE, workspace), "role": role}
        state["invitation", show(Kind.INVITATION, invitation)]["workspaces"].append(grant)


def _told(value: Any, kind: Kind) -> Any:
    """A value of a column as events tell it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return show(kind, value) if isinstance(value, UUID) else value
