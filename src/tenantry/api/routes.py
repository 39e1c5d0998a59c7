"""Every URL of the API, on one page: who may call it, and what answers.

A call reads in one message, writes in one transaction, or is free to open its own where something
slow, such as a password, must not hold one open. Statuses that follow from the rest (401, 403, 404,
413, 415, 422, 503) are not repeated here.
"""

from typing import Any

from tenantry.access.permissions import Permission as P
from tenantry.api import (
    auth,
    batches,
    events,
    invitations,
    me,
    members,
    my_invitations,
    operator,
    organizations,
    roles,
    workspace_members,
    workspaces,
)
from tenantry.api.operations import Access, Door, Handler, Mode, Operation

PREFIX = "/api/v1"
ANYONE, SIGNED_IN, OPERATOR = Door.ANYONE, Door.SIGNED_IN, Door.OPERATOR

_ORGS = "/organizations"
_ORG = "/organizations/{org_id}"


def _reads(
    path: str, handler: Handler, id: str, access: Access, *tags: str, **more: Any
) -> Operation:
    return Operation("GET", PREFIX + path, handler, id, access, Mode.READ, tags, **more)


def _writes(
    call: str, handler: Handler, id: str, access: Access, *tags: str, **more: Any
) -> Operation:
    method, path = call.split(" ")
    return Operation(method, PREFIX + path, handler, id, access, Mode.WRITE, tags, **more)


def _creates(
    path: str, handler: Handler, id: str, access: Access, *tags: str, at: str, **more: Any
) -> Operation:
    made: dict[str, Any] = {"status": 201, "refusals": (409,), "creates": PREFIX + at, **more}
    return _writes(f"POST {path}", handler, id, access, *tags, **made)


def _free(
    path: str, handler: Handler, id: str, access: Access, *tags: str, **more: Any
) -> Operation:
    return Operation("POST", PREFIX + path, handler, id, access, Mode.FREE, tags, **more)


def _operates(call: str, handler: Handler, id: str, *refusals: int) -> Operation:
    method, path = call.split(" ")
    mode = Mode.READ if method == "GET" else Mode.WRITE
    path, id = PREFIX + path, f"operator.{id}"
    return Operation(method, path, handler, id, OPERATOR, mode, ("operator",), refusals=refusals)


def _organizations() -> list[Operation]:
    """The nine that everything began with; all of them stand under `/docs#/organizations`."""
    tag, its = "organizations", "/organizations/{organization_id}"
    o, w, i = organizations, workspaces, invitations
    return [
        _creates(
            _ORGS,
            o.create,
            "organizations.create",
            SIGNED_IN,
            tag,
            at="/organizations/{id}",
            refusals=(403, 409),
        ),
        _reads(_ORGS, o.list_mine, "organizations.list", SIGNED_IN, tag),
        _reads(_ORG, o.get, "organizations.get", P.ORGANIZATION_READ, tag),
        _writes(
            f"PATCH {_ORG}",
            o.update,
            "organizations.update",
            P.ORGANIZATION_UPDATE,
            tag,
            refusals=(409, 412),
        ),
        _creates(
            f"{_ORG}/members/invite",
            i.create,
            "invitations.create",
            P.MEMBER_INVITE,
            tag,
            "invitations",
            at=f"{its}/invitations/{{id}}",
            limited=True,
        ),
        _creates(
            f"{_ORG}/workspaces",
            w.create,
            "workspaces.create",
            P.WORKSPACE_CREATE,
            tag,
            "workspaces",
            at=f"{its}/workspaces/{{id}}",
        ),
        _reads(
            f"{_ORG}/workspaces",
            w.list_seen,
            "workspaces.list",
            P.WORKSPACE_READ,
            tag,
            "workspaces",
        ),
        _reads(
            f"{_ORG}/workspaces/{{workspace_id}}",
            w.get,
            "workspaces.get",
            P.WORKSPACE_READ,
            tag,
            "workspaces",
        ),
        _reads(
            f"{_ORG}/roles", roles.list_of_organization, "roles.list", P.ROLE_READ, tag, "roles"
        ),
    ]


def _people() -> list[Operation]:
    """Members, and what happened."""
    member = f"{_ORG}/members/{{member_id}}"
    m = members
    return [
        _reads(f"{_ORG}/members", m.list_of_organization, "members.list", P.MEMBER_READ, "members"),
        _reads(member, m.get, "members.get", P.MEMBER_READ, "members"),
        _writes(
            f"PATCH {member}",
            m.update,
            "members.update",
            P.MEMBER_UPDATE,
            "members",
            refusals=(409, 412),
        ),
        _writes(
            f"DELETE {_ORG}/members/me",
            m.leave,
            "members.leave",
            SIGNED_IN,
            "members",
            status=204,
            refusals=(404, 409),
        ),
        _writes(
            f"DELETE {member}",
            m.remove,
            "members.remove",
            P.MEMBER_REMOVE,
            "members",
            status=204,
            refusals=(409,),
        ),
        _reads(
            f"{_ORG}/events",
            events.list_of_organization,
            "events.list",
            P.EVENT_READ,
            "organizations",
        ),
    ]


def _invitations() -> list[Operation]:
    """Invitations through their whole life: on the side of the organization, and of the invited."""
    tag, ours = "invitations", f"{_ORG}/invitations"
    one, mine = f"{ours}/{{invitation_id}}", "/me/invitations"
    i, m = invitations, my_invitations
    answered = (403, 404, 409, 410)
    return [
        _reads(ours, i.list_of_organization, "invitations.list", P.MEMBER_INVITE, tag),
        _reads(one, i.get, "invitations.get", P.MEMBER_INVITE, tag),
        _writes(
            f"DELETE {one}",
            i.revoke,
            "invitations.revoke",
            P.MEMBER_INVITE,
            tag,
            status=204,
            refusals=(410, 412),
        ),
        _writes(
            f"POST {one}/resend",
            i.resend,
            "invitations.resend",
            P.MEMBER_INVITE,
            tag,
            refusals=(409, 410, 412),
            limited=True,
        ),
        _writes(
            f"POST {ours}/batch",
            batches.create,
            "invitations.create_batch",
            P.MEMBER_INVITE,
            tag,
            keyed=True,
            limited=True,
            refusals=(409,),
        ),
        _free(
            "/invitations/preview",
            i.preview,
            "invitations.preview",
            ANYONE,
            tag,
            refusals=(404, 410),
            limited=True,
        ),
        _writes(
            "POST /invitations/accept",
            i.accept,
            "invitations.accept",
            SIGNED_IN,
            tag,
            refusals=answered,
        ),
        _free(
            "/invitations/decline",
            i.decline,
            "invitations.decline",
            ANYONE,
            tag,
            status=204,
            refusals=(404, 410),
            limited=True,
        ),
        _reads(mine, m.list_open, "me.list_invitations", SIGNED_IN, "me", tag, refusals=(409,)),
        _writes(
            f"POST {mine}/{{invitation_id}}/accept",
            m.accept,
            "me.accept_invitation",
            SIGNED_IN,
            "me",
            tag,
            refusals=answered[1:],
        ),
        _writes(
            f"POST {mine}/{{invitation_id}}/decline",
            m.decline,
            "me.decline_invitation",
            SIGNED_IN,
            "me",
            tag,
            status=204,
            refusals=answered[1:],
        ),
    ]


def _workspace_members() -> list[Operation]:
    """Who belongs to a workspace."""
    tag, wm = "workspaces", workspace_members
    members = f"{_ORG}/workspaces/{{workspace_id}}/members"
    member = f"{members}/{{member_id}}"
    manage = P.WORKSPACE_MANAGE_MEMBERS
    return [
        _reads(members, wm.list_of_workspace, "workspace_members.list", P.WORKSPACE_READ, tag),
        _writes(
            f"PUT {member}",
            wm.put,
            "workspace_members.put",
            manage,
            tag,
            makes=True,
            refusals=(409,),
        ),
        _writes(
            f"DELETE {member}",
            wm.remove,
            "workspace_members.remove",
            manage,
            tag,
            status=204,
            refusals=(409,),
        ),
    ]


def _accounts() -> list[Operation]:
    """Signing up, in and out; addresses and passwords."""
    tag = "auth"
    letter: dict[str, Any] = {"status": 204, "refusals": (404, 410)}
    return [
        _free(
            "/auth/sign-up",
            auth.sign_up,
            "auth.sign_up",
            ANYONE,
            tag,
            status=201,
            secret=True,
            refusals=(403, 404, 409, 410),
            limited=True,
        ),
        _free(
            "/auth/token",
            auth.token,
            "auth.token",
            ANYONE,
            tag,
            secret=True,
            form=True,
            refusals=(401,),
            limited=True,
        ),
        _writes("POST /auth/sign-out", auth.sign_out, "auth.sign_out", SIGNED_IN, tag, status=204),
        _free("/auth/verify-email", auth.verify_email, "auth.verify_email", ANYONE, tag, **letter),
        _writes(
            "POST /auth/verify-email/resend",
            auth.resend_verification,
            "auth.resend_verification",
            SIGNED_IN,
            tag,
            status=204,
            limited=True,
        ),
        _free(
            "/auth/password/forgot",
            auth.forget_password,
            "auth.forget_password",
            ANYONE,
            tag,
            status=202,
            limited=True,
        ),
        _free(
            "/auth/password/reset",
            auth.reset_password,
            "auth.reset_password",
            ANYONE,
            tag,
            limited=True,
            **letter,
        ),
        _free(
            "/auth/password/change",
            auth.change_password,
            "auth.change_password",
            SIGNED_IN,
            tag,
            status=204,
            refusals=(403, 409),
            limited=True,
        ),
    ]


def _oneself() -> list[Operation]:
    """The caller's own account."""
    return [
        _reads("/me", me.get, "me.get", SIGNED_IN, "me"),
        _writes("PATCH /me", me.update, "me.update", SIGNED_IN, "me", refusals=(412,)),
        # Free: it locks the person itself, whom a write would already hold.
        Operation(
            "DELETE",
            f"{PREFIX}/me",
            me.delete,
            "me.delete",
            SIGNED_IN,
            Mode.FREE,
            ("me",),
            status=204,
            refusals=(409,),
        ),
        _reads("/me/sessions", me.list_sessions, "me.list_sessions", SIGNED_IN, "me"),
        _writes(
            "DELETE /me/sessions/{session_id}",
            me.end_session,
            "me.end_session",
            SIGNED_IN,
            "me",
            status=204,
            refusals=(404,),
        ),
    ]


def _lifecycle() -> list[Operation]:
    """How roles, workspaces and organizations change and end."""
    role, there = f"{_ORG}/roles/{{role_id}}", f"{_ORG}/workspaces/{{workspace_id}}"
    o, r, w = organizations, roles, workspaces
    gone = {"status": 204, "refusals": (409,)}
    changed, put_aside = {"refusals": (409, 412)}, {"refusals": (409,)}
    may_change, may_delete = P.WORKSPACE_UPDATE, P.WORKSPACE_DELETE
    orgs, spaces = "organizations", "workspaces"
    may_end, manage = P.ORGANIZATION_DELETE, P.ROLE_MANAGE
    return [
        _writes(f"DELETE {_ORG}", o.delete, "organizations.delete", may_end, orgs, **gone),
        _writes(
            f"POST {_ORG}/restore",
            o.restore,
            "organizations.restore",
            may_end,
            orgs,
            restores=True,
        ),
        _creates(
            f"{_ORG}/roles",
            r.create,
            "roles.create",
            manage,
            "roles",
            at="/organizations/{organization_id}/roles/{id}",
        ),
        _reads(role, r.get, "roles.get", P.ROLE_READ, "roles"),
        _writes(
            f"PATCH {role}", r.update, "roles.update", manage, "roles", refusals=(409, 412, 428)
        ),
        _writes(f"DELETE {role}", r.delete, "roles.delete", manage, "roles", **gone),
        _writes(f"PATCH {there}", w.update, "workspaces.update", may_change, spaces, **changed),
        _writes(f"DELETE {there}", w.delete, "workspaces.delete", may_delete, spaces, **gone),
        _writes(
            f"POST {there}/archive",
            w.archive,
            "workspaces.archive",
            may_change,
            spaces,
            **put_aside,
        ),
        _writes(f"POST {there}/unarchive", w.unarchive, "workspaces.unarchive", may_change, spaces),
    ]


def _operators() -> list[Operation]:
    """What those who run the service see and do; no content of a tenant is behind any of it."""
    org, user, o = "/operator/organizations", "/operator/users", operator
    one_org, one_user = f"{org}/{{org_id}}", f"{user}/{{user_id}}"
    return [
        _operates(f"GET {org}", o.list_organizations, "list_organizations"),
        _operates(f"GET {one_org}", o.get_organization, "get_organization", 404),
        _operates(f"POST {one_org}/disable", o.disable_organization, "disable_organization", 404),
        _operates(f"POST {one_org}/enable", o.enable_organization, "enable_organization", 404),
        _operates(f"GET {user}", o.list_users, "list_users"),
        _operates(f"GET {one_user}", o.get_user, "get_user", 404),
        _operates(f"POST {one_user}/disable", o.disable_user, "disable_user", 404, 409),
        _operates(f"POST {one_user}/enable", o.enable_user, "enable_user", 404),
    ]


OPERATIONS = (
    *_organizations(),
    *_people(),
    *_lifecycle(),
    *_workspace_members(),
    *_invitations(),
    *_accounts(),
    *_oneself(),
    *_operators(),
)
