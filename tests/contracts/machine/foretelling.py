"""What an organization will say to a call: the code of its refusal, or nothing where it agrees.

Written from the contract, apart from the modules' rules; `x or y` is the order of refusals.
"""

from collections.abc import Iterable, Mapping

from tests.contracts.machine.model import LIMITS, Invitation, Organization

STATUS = {
    **dict.fromkeys(["not_found"], 404),
    **dict.fromkeys(["permission_denied", "cannot_grant_role", "cannot_grant_workspace"], 403),
    **dict.fromkeys(["invitation_for_another_email"], 403),
    **dict.fromkeys(["role_unknown", "workspace_unknown", "expiry_passed"], 422),
    **dict.fromkeys(["already_member", "invitation_pending", "inviter_cannot_grant"], 409),
    **dict.fromkeys(["last_admin", "personal_organization", "default_role", "role_in_use"], 409),
    **dict.fromkeys(["default_workspace", "workspace_archived"], 409),
    **dict.fromkeys(["sole_admin", "limit_reached"], 409),
    **{f"invitation_{each}": 410 for each in ("accepted", "declined", "revoked", "expired")},
    **dict.fromkeys(["invitation_resent"], 410),
}


def counting(permissions: Iterable[str]) -> frozenset[str]:
    """Those that a role in one workspace gives."""
    return frozenset(
        each for each in permissions if each.startswith("workspace:") and each != "workspace:create"
    )


def owned(org: Organization, who: str) -> frozenset[str]:
    """What somebody may do in the organization; nothing where they are no active member."""
    member = org.members.get(who)
    if member is None or not member.is_active:
        return frozenset()
    return org.permissions(member.role)


def owned_there(org: Organization, who: str, workspace_id: str) -> frozenset[str]:
    """The same in one of its workspaces."""
    role = org.workspaces[workspace_id].roles.get(who)
    return owned(org, who) | counting(org.permissions(role) if role else ())


def sees(org: Organization, who: str, workspace_id: str) -> bool:
    workspace = org.workspaces.get(workspace_id)
    return workspace is not None and (
        not workspace.private or who in workspace.roles or org.members[who].role == "admin"
    )


def _no(code: str, when: bool) -> str:
    return code if when else ""


def knocking(org: Organization, who: str) -> str:
    member = org.members.get(who)
    return _no("not_found", org.is_deleted or member is None or not member.is_active)


def entering(org: Organization, who: str, permission: str) -> str:
    missing = permission not in owned(org, who)
    return knocking(org, who) or _no("permission_denied", missing)


def entering_workspace(org: Organization, who: str, workspace_id: str, permission: str) -> str:
    unknown = knocking(org, who) or _no("not_found", not sees(org, who, workspace_id))
    if unknown:
        return unknown
    return _no("permission_denied", permission not in owned_there(org, who, workspace_id))


def _above(org: Organization, who: str, *roles: str) -> str:
    own = owned(org, who)
    return _no("cannot_grant_role", any(not org.permissions(each) <= own for each in roles))


def _above_there(org: Organization, who: str, roles: Iterable[str]) -> str:
    own = owned(org, who)
    beyond = any(not counting(org.permissions(each)) <= own for each in roles)
    return _no("cannot_grant_role", beyond)


def restoring(org: Organization, who: str) -> str:
    if not org.is_deleted:
        return entering(org, who, "organization:delete")
    member = org.members.get(who)
    is_admin = member is not None and member.is_active and member.role == "admin"
    return _no("not_found", not is_admin)


def deleting(org: Organization, who: str) -> str:
    personal = _no("personal_organization", org.owner is not None)
    return entering(org, who, "organization:delete") or personal


def inviting(org: Organization, who: str, page: str, role: str, there: Mapping[str, str]) -> str:
    return (
        entering(org, who, "member:invite")
        or _above(org, who, role)
        or _above_there(org, who, there.values())
        or _no("workspace_unknown", not all(sees(org, who, each) for each in there))
        or _no("workspace_archived", any(org.workspaces[each].archived for each in there))
        or _no("already_member", page in org.members)
        or _no("invitation_pending", any(not each.over for each in org.pending(page)))
        or _full(org, seats=True, invitations=True)
    )


def _full(org: Organization, *, seats: bool = False, invitations: bool = False) -> str:
    no_seat = seats and len(org.members) >= LIMITS.members
    is_over = invitations and len(org.open) >= LIMITS.pending_invitations
    return _no("limit_reached", no_seat or is_over)


def _spent(offer: Invitation) -> str:
    return _no(f"invitation_{offer.state}", offer.state != "pending")


def revocation(org: Organization, who: str, offer: Invitation) -> str:
    return (
        entering(org, who, "member:invite")
        or _above(org, who, offer.role)
        or _above_there(org, who, org.open_there(offer).values())
        or _spent(offer)
    )


def resending(org: Organization, who: str, offer: Invitation) -> str:
    there = org.open_there(offer)
    others = [each for each in org.pending(offer.person) if each is not offer]
    return (
        entering(org, who, "member:invite")
        or _above(org, who, offer.role)
        or _above_there(org, who, there.values())
        or _no("cannot_grant_workspace", not all(sees(org, who, each) for each in there))
        or ("" if offer.is_still_open else _spent(offer))
        or _no("already_member", offer.person in org.members)
        or _no("invitation_pending", any(not each.over for each in others))
        or _full(org, seats=True, invitations=offer.state == "expired")
    )


def accepting(org: Organization, offer: Invitation) -> str:
    if org.is_deleted:
        return "not_found"
    if offer.status == "accepted" and org.person(offer.joined_as) == offer.person:
        return ""
    return (
        previewing(org, offer)
        or _no("already_member", offer.person in org.members)
        or _full(org, seats=True)
    )


def previewing(org: Organization, offer: Invitation) -> str:
    """What keeps everyone from accepting it."""
    inviter, there = offer.inviter, org.open_there(offer)
    beyond = (
        knocking(org, inviter)
        or _above(org, inviter, offer.role)
        or _above_there(org, inviter, there.values())
        or _no("unseen", not all(sees(org, inviter, each) for each in there))
    )
    return _spent(offer) or _no("inviter_cannot_grant", bool(beyond))


def reading(org: Organization, *, is_newest: bool) -> str:
    """To come with the token of an email, whatever for."""
    return _no("not_found", org.is_deleted) or _no("invitation_resent", not is_newest)


def accepting_by_email(org: Organization, offer: Invitation, who: str, *, is_newest: bool) -> str:
    anothers = _no("invitation_for_another_email", who != offer.person)
    return reading(org, is_newest=is_newest) or anothers or accepting(org, offer)


def declining(org: Organization, offer: Invitation) -> str:
    return _no("not_found", org.is_deleted) or _spent(offer)


def _last_admin(org: Organization, person: str) -> bool:
    lasting = [who for who, member in org.members.items() if member.is_permanent]
    return lasting == [person]


def parting(org: Organization, person: str) -> str:
    personal = _no("personal_organization", org.owner == person)
    return personal or _no("last_admin", _last_admin(org, person))


def removing(org: Organization, who: str, person: str | None) -> str:
    entered = entering(org, who, "member:remove") or _no("not_found", person is None)
    if entered or person is None:
        return entered
    return _above(org, who, org.members[person].role) or parting(org, person)


def leaving(org: Organization, who: str) -> str:
    return knocking(org, who) or parting(org, who)


def changing(
    org: Organization, who: str, person: str | None, role: str, status: str, ends: str
) -> str:
    entered = entering(org, who, "member:update") or _no("not_found", person is None)
    if entered or person is None:
        return entered
    member = org.members[person]
    refused = _above(org, who, member.role, role) or _no("expiry_passed", ends == "passed")
    is_permanent = ends == "never"
    same = is_permanent and (member.role, member.status, member.expires) == (role, status, False)
    if refused or same:
        return refused
    stays = role == "admin" and status == "active" and is_permanent
    personal = _no("personal_organization", org.owner == person)
    return personal or _no("last_admin", _last_admin(org, person) and not stays)


def creating(made: int) -> str:
    return _no("limit_reached", made >= LIMITS.organizations_per_user)


def orphaned(orgs: Iterable[Organization], who: str) -> list[Organization]:
    """What would be without a lasting Admin if somebody deleted their account."""
    return [
        org for org in orgs if org.owner is None and not org.is_deleted and _last_admin(org, who)
    ]
