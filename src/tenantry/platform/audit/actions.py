"""Recording events, listing them, and erasing people from them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from tenantry.authz.authority import Actor, Authority, KeyActor, Operator, Recipient, System
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.kit.ids import Kind, first_id, new_id
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.retention import due
from tenantry.platform.audit import redaction, rules, store
from tenantry.platform.audit.model import NOUNS, Change, Event, Subject, Target
from tenantry.postgres.transaction import Tx
from tenantry.schema.tenant import set_tenant

EventActor = Actor | KeyActor | Operator | Recipient | System
"""The possible actors of an event."""


def record(
    tx: Tx,
    org_id: UUID,
    actor: EventActor,
    action: str,
    *,
    targets: Sequence[Target],
    changes: Sequence[Change],
    workspace_id: UUID | None = None,
) -> None:
    """Record an event in the transaction of the change.

    EventBudgetSpent, at the latest on commit, if the organization has recorded too much today.

    `changes` has every object that changed: replaying all events in order produces the state.
    `workspace_id` is the workspace that the event is about, if it is not among the targets.
    """
    kind, actor_id, name = _actor_columns(actor)
    event = Event(
        id=new_id(),
        org_id=org_id,
        action=action,
        actor_type=kind,
        actor_id=actor_id,
        actor_name=name,
        targets=[target.shown() for target in targets],
        changes=[change.shown() for change in changes],
        occurred_at=tx.now,
        request_id=tx.request_id,
        workspace_id=workspace_id or _workspace_among(targets),
    )
    store.insert(tx, event, budget=tx.write_budget if rules.is_charged(event) else 0)
    if isinstance(actor, Operator):
        mention(tx, actor.actor.id, org_id)


def record_by(
    tx: Tx,
    authority: Authority,
    action: str,
    targets: Sequence[Target],
    changes: Sequence[Change],
    workspace_id: UUID | None = None,
) -> None:
    """The same in the organization of an authority, by its actor."""
    org_id, actor = authority.org_id, authority.actor
    record(tx, org_id, actor, action, targets=targets, changes=changes, workspace_id=workspace_id)


def _workspace_among(targets: Sequence[Target]) -> UUID | None:
    return next((target.id for target in targets if target.kind is Kind.WORKSPACE), None)


def mention(tx: Tx, user_id: UUID, org_id: UUID, subject_id: UUID | None = None) -> None:
    """Record for a later erasure that the organization's events name a person who is no member.

    `subject_id` is a membership of theirs that has ended; None where the person alone is named.
    """
    tx.enqueue(store.mention(user_id, org_id, subject_id or user_id))


def _actor_columns(actor: EventActor) -> tuple[str, UUID | None, str]:
    """Type, id and name of the actor, as an event stores them."""
    if isinstance(actor, Recipient):
        return "addressee", None, actor.email
    if isinstance(actor, System):
        return "system", None, "Tenantry"
    if isinstance(actor, Operator):
        return "operator", actor.actor.id, actor.actor.name
    if isinstance(actor, KeyActor):
        return NOUNS[actor.kind], actor.id, actor.name
    return "user", actor.id, actor.name


def record_of_account(
    tx: Tx,
    user_id: UUID,
    action: str,
    changes: Sequence[Change] = (),
    *,
    by: Operator | None = None,
) -> None:
    """Record an event of a person's account, such as a sign-in or a new password.

    `by` is the operator who did it, if it was not the person.
    """
    actor_id = by.actor.id if by else None
    tx.enqueue(
        store.insert_of_account(new_id(), user_id, action, tx.request_id, list(changes), actor_id)
    )


async def list_events(
    reader: AuthorizedReader, page: PageRequest, *, action: str | None
) -> Page[Event]:
    """The events of the reader's organization that the reader may see."""
    org_id, viewer = reader.org_id, reader.viewer
    found, sees_all = await store.list_of_organization(reader, org_id, viewer, page, action)
    named = set[UUID]() if sees_all else redaction.workspaces_named(found)
    if named:
        seen = await store.seen_among(reader, org_id, viewer, list(named))
        found = [redaction.redacted(event, seen) for event in found]
    return Page.of(page, found)


async def count(reader: AuthorizedReader, *, action: str | None, most: int) -> int:
    """How many events the reader may see, counted up to `most`."""
    return await store.count(reader, reader.org_id, reader.viewer, action, most)


async def erase(
    tx: Tx, org_id: UUID, subject: Subject, *, after: UUID, until: datetime, most: int
) -> UUID | None:
    """Erase a person from the next `most` events that happened up to `until`.

    Returns the last event read, to continue from; None if there are no more. The caller has set the
    tenant.
    """
    end = await store.batch_end(tx, org_id, after, most)
    if end is None:
        return None
    sought = list(rules.search_texts(subject))
    for event in await store.find_naming(tx, org_id, after, end, until, subject.user_id, sought):
        store.rewrite(tx, rules.erased(event, subject))
    return end


async def erase_of_account(tx: Tx, user_id: UUID, most: int) -> int:
    """Erase a person from at most `most` events of their account; returns how many."""
    return await store.erase_of_account(tx, user_id, most)


async def find_expired(
    tx: Tx, after: UUID, most: int, *, days: int
) -> tuple[list[UUID], UUID | None]:
    """The next organizations with older events, of `most`, and the id to continue after."""
    return due(await store.list_with_older(tx, after, most, _first_kept(tx, days)), most)


async def delete_expired(tx: Tx, org_id: UUID, most: int, *, days: int) -> bool:
    """Delete at most `most` older events of an organization; returns whether more may be left."""
    set_tenant(tx, org_id)
    return await store.delete_older(tx, org_id, _first_kept(tx, days), most) == most


async def sweep_accounts(tx: Tx, most: int, *, days: int) -> int:
    """Delete at most `most` older events of accounts; returns how many."""
    return await store.delete_older_of_accounts(tx, _first_kept(tx, days), most)


def _first_kept(tx: Tx, days: int) -> UUID:
    return first_id(tx.now - timedelta(days=days))
