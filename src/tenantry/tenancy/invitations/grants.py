"""The SQL of what open invitations offer, for where a role or a workspace ends."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tenantry.kit.ids import Kind, show
from tenantry.platform.audit.model import Snapshot
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.invitations.model import Closed

Offers = Mapping[UUID, Snapshot]
"""What each invitation offers, as events tell of it."""


class _Offer(NamedTuple):
    id: UUID
    role_key: str
    workspaces: list[tuple[str, str]] | None
    """The id of each workspace, and the key of the role in it."""


_OFFERS = """
    select i.id, r.key as role_key,
           (select jsonb_agg(jsonb_build_array(iw.workspace_id, t.key) order by iw.workspace_id)
              from invitation_workspaces iw
              join roles t on t.org_id = iw.org_id and t.id = iw.role_id
             where iw.org_id = i.org_id and iw.invitation_id = i.id) as workspaces
      from invitations i
      join roles r on r.org_id = i.org_id and r.id = i.role_id
     where i.org_id = $1
"""
_OFFERS_ROLE = """
    (i.role_id = $2 or exists (
       select from invitation_workspaces o
        where o.org_id = i.org_id and o.invitation_id = i.id and o.role_id = $2))
"""
# One past its time is still an offer: it can be sent again.
_STILL_OFFERS = "i.status in ('pending', 'expired')"
_OF_ROLE = Statement(f"{_OFFERS} and {_STILL_OFFERS} and {_OFFERS_ROLE} order by i.id", _Offer)
_IN_WORKSPACE = Statement(
    f"""{_OFFERS} and exists (
    select from invitation_workspaces o
     where o.org_id = i.org_id and o.invitation_id = i.id and o.workspace_id = $2) order by i.id
""",
    _Offer,
)
_AMONG = Statement(f"{_OFFERS} and i.id = any($2)", _Offer)
_COUNT = Statement(
    f"""
    select count(*) from invitations i
     where i.org_id = $1 and i.status = 'pending' and i.expires_at > $3 and {_OFFERS_ROLE}
""",
    int,
)
_REPLACE = Statement(f"""
    update invitations i set role_id = $3, updated_at = $4
     where i.org_id = $1 and i.role_id = $2 and {_STILL_OFFERS}
""")
_REPLACE_THERE = Statement(f"""
    update invitation_workspaces o set role_id = $3
      from invitations i
     where o.org_id = $1 and o.role_id = $2
       and i.org_id = $1 and i.id = o.invitation_id and {_STILL_OFFERS}
""")
_WITHDRAW = Statement(
    f"""
    update invitations n set status = 'revoked', updated_at = $3
      from invitations i
     where n.org_id = $1 and i.org_id = $1 and i.id = n.id and {_STILL_OFFERS} and {_OFFERS_ROLE}
    returning i.id, i.status
""",
    Closed,
)
_DROP = Statement("delete from invitation_workspaces where org_id = $1 and workspace_id = $2")


async def count_with_role(tx: Tx, org_id: UUID, role_id: UUID, now: datetime) -> int:
    """How many open invitations offer the role."""
    return await tx.row(_COUNT(org_id, role_id, now)) or 0


async def of_role(tx: Tx, org_id: UUID, role_id: UUID) -> Offers:
    """What those offer that still offer the role: open ones, and ones past their time."""
    return _offers(await tx.rows(_OF_ROLE(org_id, role_id)))


async def in_workspace(tx: Tx, org_id: UUID, workspace_id: UUID) -> Offers:
    """What those invitations offer, or offered once, that name the workspace."""
    return _offers(await tx.rows(_IN_WORKSPACE(org_id, workspace_id)))


async def among(tx: Tx, org_id: UUID, ids: list[UUID]) -> Offers:
    """What these invitations offer."""
    return _offers(await tx.rows(_AMONG(org_id, ids)))


def replace_role(tx: Tx, org_id: UUID, role_id: UUID, replacement_id: UUID) -> None:
    """Offer another role wherever the role is still offered."""
    tx.enqueue(_REPLACE(org_id, role_id, replacement_id, tx.now))
    tx.enqueue(_REPLACE_THERE(org_id, role_id, replacement_id))


async def withdraw(tx: Tx, org_id: UUID, role_id: UUID) -> list[Closed]:
    """Revoke what still offers the role; which invitations, and what their status was."""
    return await tx.rows(_WITHDRAW(org_id, role_id, tx.now))


def drop_workspace(tx: Tx, org_id: UUID, workspace_id: UUID) -> None:
    """Let no invitation name the workspace any more."""
    tx.enqueue(_DROP(org_id, workspace_id))


def _offers(offers: Sequence[_Offer]) -> dict[UUID, Snapshot]:
    return {
        offer.id: {
            "role": offer.role_key,
            "workspaces": [
                {"workspace_id": show(Kind.WORKSPACE, UUID(workspace)), "role": key}
                for workspace, key in offer.workspaces or ()
            ],
        }
        for offer in offers
    }
