"""Open invitations where a role or a workspace that they offer ends."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from tenantry.authz.roles.model import Role
from tenantry.kit.ids import Kind, show
from tenantry.platform.audit.model import Change, Snapshot
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.invitations.model import REVOKED, Closed

GrantsByInvitation = Mapping[UUID, Snapshot]
"""The roles that each invitation grants, as events show them."""


class _Offer(NamedTuple):
    id: UUID
    role_key: str
    workspaces: list[tuple[str, str]] | None
    """The id of each workspace, and the key of the role in it."""


_SELECT = """
    select i.id, r.key as role_key,
           (select jsonb_agg(jsonb_build_array(iw.workspace_id, t.key) order by iw.workspace_id)
              from invitation_workspaces iw
              join roles t on t.org_id = iw.org_id and t.id = iw.role_id
             where iw.org_id = i.org_id and iw.invitation_id = i.id) as workspaces
      from invitations i
      join roles r on r.org_id = i.org_id and r.id = i.role_id
     where i.org_id = $1
"""
_GRANTS_ROLE = """
    (i.role_id = $2 or exists (
       select from invitation_workspaces o
        where o.org_id = i.org_id and o.invitation_id = i.id and o.role_id = $2))
"""
# Expired invitations count, because they can be sent again.
_CAN_BE_SENT = "i.status in ('pending', 'expired')"
_OF_ROLE = Statement(f"{_SELECT} and {_CAN_BE_SENT} and {_GRANTS_ROLE} order by i.id", _Offer)
_IN_WORKSPACE = Statement(
    f"""{_SELECT} and exists (
    select from invitation_workspaces o
     where o.org_id = i.org_id and o.invitation_id = i.id and o.workspace_id = $2) order by i.id
""",
    _Offer,
)
_OF_IDS = Statement(f"{_SELECT} and i.id = any($2)", _Offer)
_COUNT = Statement(
    f"""
    select count(*) from invitations i
     where i.org_id = $1 and i.status = 'pending' and i.expires_at > $3 and {_GRANTS_ROLE}
""",
    int,
)
_REPLACE = Statement(f"""
    update invitations i set role_id = $3, updated_at = $4
     where i.org_id = $1 and i.role_id = $2 and {_CAN_BE_SENT}
""")
_REPLACE_IN_WORKSPACES = Statement(f"""
    update invitation_workspaces o set role_id = $3
      from invitations i
     where o.org_id = $1 and o.role_id = $2
       and i.org_id = $1 and i.id = o.invitation_id and {_CAN_BE_SENT}
""")
_WITHDRAW = Statement(
    f"""
    update invitations n set status = 'revoked', updated_at = $3
      from invitations i
     where n.org_id = $1 and i.org_id = $1 and i.id = n.id and {_CAN_BE_SENT} and {_GRANTS_ROLE}
    returning i.id, i.status
""",
    Closed,
)
_DROP = Statement("delete from invitation_workspaces where org_id = $1 and workspace_id = $2")


async def count_with_role(tx: Tx, role: Role) -> int:
    """How many open invitations offer the role, in the organization or in a workspace."""
    return await tx.row(_COUNT(role.org_id, role.id, tx.now)) or 0


async def replace_role(tx: Tx, role: Role, replacement: Role) -> list[Change]:
    """Let open and expired invitations offer another role; the changes, for the event."""
    before = _by_invitation(await tx.rows(_OF_ROLE(role.org_id, role.id)))
    tx.enqueue(_REPLACE(role.org_id, role.id, replacement.id, tx.now))
    tx.enqueue(_REPLACE_IN_WORKSPACES(role.org_id, role.id, replacement.id))
    return await _changes_since(tx, role.org_id, before)


async def withdraw_role(tx: Tx, role: Role) -> list[Change]:
    """Revoke expired invitations that offer a role, so that none is sent again; the changes."""
    return [
        Change.updated(Kind.INVITATION, each.id, {"status": each.status}, {"status": REVOKED})
        for each in await tx.rows(_WITHDRAW(role.org_id, role.id, tx.now))
    ]


async def drop_workspace(tx: Tx, org_id: UUID, workspace_id: UUID) -> list[Change]:
    """Remove a workspace that ends from all invitations, open or not; the changes."""
    before = _by_invitation(await tx.rows(_IN_WORKSPACE(org_id, workspace_id)))
    tx.enqueue(_DROP(org_id, workspace_id))
    return await _changes_since(tx, org_id, before)


async def _changes_since(tx: Tx, org_id: UUID, before: GrantsByInvitation) -> list[Change]:
    after = _by_invitation(await tx.rows(_OF_IDS(org_id, list(before))))
    return [
        Change.updated(Kind.INVITATION, invitation_id, offer, after[invitation_id])
        for invitation_id, offer in before.items()
    ]


def _by_invitation(rows: Sequence[_Offer]) -> GrantsByInvitation:
    return {
        offer.id: {
            "role": offer.role_key,
            "workspaces": [
                {"workspace_id": show(Kind.WORKSPACE, UUID(workspace)), "role": key}
                for workspace, key in offer.workspaces or ()
            ],
        }
        for offer in rows
    }
