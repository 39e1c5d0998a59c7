"""Recording what happened, and reading it back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tenantry.authz.authority import Actor, KeyActor, Operator, Recipient, System
from tenantry.authz.authorization import AuthorizedReader
from tenantry.kit.ids import Kind, new_id
from tenantry.kit.page import Page, PageRequest
from tenantry.platform.audit import redaction, rules, store
from tenantry.platform.audit.model import NOUNS, Change, Event, Subject, Target
from tenantry.postgres.transaction import Tx

Acting = Actor | KeyActor | Operator | Recipient | System
"""Who can be the actor of an event."""


def record(
    tx: Tx,
    org_id: UUID,
    actor: Acting,
    action: str,
    *,
    targets: Sequence[Target],
    changes: Sequence[Change],
    workspace_id: UUID | None = None,
) -> None:
    """Record one act in its own transaction; it is written with the next message, or the commit.

    EventBudgetSpent, at the latest on commit, where the organization has recorded too much today.

    `changes` names every object that the act touched: replayed in order, they give the state.
    `workspace_id` is the workspace that the act is about where none is among the targets.
    """
    kind, actor_id, name = _told(actor)
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


def _workspace_among(targets: Sequence[Target]) -> UUID | None:
    return next((target.id for target in targets if target.kind is Kind.WORKSPACE), None)


def mention(tx: Tx, user_id: UUID, org_id: UUID, subject_id: UUID | None = None) -> None:
    """Record that the organization's events name a person who is not a member, for an erasure.

    `subject_id` is a membership of theirs that has ended; None where the person alone is named.
    """
    tx.enqueue(store.mention(user_id, org_id, subject_id or user_id))


def _told(actor: Acting) -> tuple[str, UUID | None, str]:
    """How an event tells who did it: of what type, by id where there is one, and by name."""
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
    """Record what happened to a person's account: the first of all, a sign-in, a new password.

    `by` is who did it, where it was not the person themselves.
    """
    actor_id = by.actor.id if by else None
    tx.enqueue(
        store.insert_of_account(new_id(), user_id, action, tx.request_id, list(changes), actor_id)
    )


async def list_events(
    reader: AuthorizedReader, page: PageRequest, *, action: str | None
) -> Page[Event]:
    """What happened in the organization that `reading` entered, as far as the reader sees it."""
    org_id, viewer = reader.org_id, reader.viewer
    found, sees_all = await store.list_of_organization(reader, org_id, viewer, page, action)
    named = set[UUID]() if sees_all else redaction.workspaces_named(found)
    if named:
        seen = await store.seen_among(reader, org_id, viewer, list(named))
        found = [redaction.redacted(event, seen) for event in found]
    return Page.of(page, found)


async def count(reader: AuthorizedReader, *, action: str | None, most: int) -> int:
    """How many of them there are, counted up to `most`."""
    return await store.count(reader, reader.org_id, reader.viewer, action, most)


async def erase(
    tx: Tx, org_id: UUID, subject: Subject, *, after: UUID, until: datetime, most: int
) -> UUID | None:
    """Erase a person from the next `most` events that happened up to `until`.

    The last one that was looked at, to go on from; None where there are no more. The caller acts
    as the organization's tenant.
    """
    end = await store.piece_end(tx, org_id, after, most)
    if end is None:
        return None
    sought = list(rules.sought(subject))
    for event in await store.naming(tx, org_id, after, end, until, subject.user_id, sought):
        store.rewrite(tx, rules.erased(event, subject))
    return end


async def erase_of_account(tx: Tx, user_id: UUID, most: int) -> int:
    """The same in at most so many events of the person's account; returns how many."""
    return await store.erase_of_account(tx, user_id, most)
