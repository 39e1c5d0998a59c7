"""Every URL of the API, on one page: who may call it, and what answers."""

from dataclasses import replace

from tenantry.access.permissions import Permission
from tenantry.api import auth, events, invitations, me, members, organizations, roles, workspaces
from tenantry.api.operations import Access, Door, Handler, Mode, Operation

PREFIX = "/api/v1"
_ORGANIZATIONS = f"{PREFIX}/organizations"
_AUTH = f"{PREFIX}/auth"
_ME = f"{PREFIX}/me"


def _reads(path: str, handler: Handler, id: str, access: Access, *tags: str) -> Operation:
    return Operation("GET", path, handler, id, access, Mode.READ, tags)


def _writes(
    call: str, handler: Handler, id: str, access: Access, *tags: str, status: int = 200
) -> Operation:
    method, path = call.split(" ")
    return Operation(method, path, handler, id, access, Mode.WRITE, tags, status)


def _frees(
    path: str, handler: Handler, id: str, access: Access, *tags: str, status: int = 204
) -> Operation:
    return Operation("POST", path, handler, id, access, Mode.FREE, tags, status)


def _creates(
    path: str, handler: Handler, id: str, access: Access, *tags: str, at: str
) -> Operation:
    made = _writes(f"POST {path}", handler, id, access, *tags, status=201)
    return replace(made, creates=at, refusals=(409,))


_org = f"{_ORGANIZATIONS}/{{org_id}}"
_P = Permission
_O = "organizations"

OPERATIONS = (
    # The seed's nine; all of them stand under "organizations".
    _creates(
        _ORGANIZATIONS,
        organizations.create,
        "organizations.create",
        Door.SIGNED_IN,
        _O,
        at=f"{_ORGANIZATIONS}/{{id}}",
    ),
    _reads(_ORGANIZATIONS, organizations.list_mine, "organizations.list", Door.SIGNED_IN, _O),
    _reads(_org, organizations.get, "organizations.get", _P.ORGANIZATION_READ, _O),
    replace(
        _writes(
            f"PATCH {_org}",
            organizations.update,
            "organizations.update",
            _P.ORGANIZATION_UPDATE,
            _O,
        ),
        refusals=(409, 412),
    ),
    _creates(
        f"{_org}/members/invite",
        invitations.create,
        "invitations.create",
        _P.MEMBER_INVITE,
        _O,
        "invitations",
        at=f"{_ORGANIZATIONS}/{{organization_id}}/invitations/{{id}}",
    ),
    _creates(
        f"{_org}/workspaces",
        workspaces.create,
        "workspaces.create",
        _P.WORKSPACE_CREATE,
        _O,
        "workspaces",
        at=f"{_ORGANIZATIONS}/{{organization_id}}/workspaces/{{id}}",
    ),
    _reads(
        f"{_org}/workspaces",
        workspaces.list_seen,
        "workspaces.list",
        _P.WORKSPACE_READ,
        _O,
        "workspaces",
    ),
    _reads(
        f"{_org}/workspaces/{{workspace_id}}",
        workspaces.get,
        "workspaces.get",
        _P.WORKSPACE_READ,
        _O,
        "workspaces",
    ),
    _reads(f"{_org}/roles", roles.list_of_organization, "roles.list", _P.ROLE_READ, _O, "roles"),
    # Members, and what happened.
    _reads(
        f"{_org}/members", members.list_of_organization, "members.list", _P.MEMBER_READ, "members"
    ),
    _reads(f"{_org}/members/{{member_id}}", members.get, "members.get", _P.MEMBER_READ, "members"),
    replace(
        _writes(
            f"DELETE {_org}/members/{{member_id}}",
            members.remove,
            "members.remove",
            _P.MEMBER_REMOVE,
            "members",
            status=204,
        ),
        refusals=(409,),
    ),
    _reads(
        f"{_org}/events", events.list_of_organization, "events.list", _P.EVENT_READ, "organizations"
    ),
    # Invitations, by the token of the letter.
    replace(
        _frees(
            f"{PREFIX}/invitations/preview",
            invitations.preview,
            "invitations.preview",
            Door.ANYONE,
            "invitations",
            status=200,
        ),
        refusals=(404, 410),
    ),
    replace(
        _writes(
            f"POST {PREFIX}/invitations/accept",
            invitations.accept,
            "invitations.accept",
            Door.SIGNED_IN,
            "invitations",
        ),
        refusals=(403, 404, 409, 410),
    ),
    # Accounts.
    replace(
        _frees(f"{_AUTH}/sign-up", auth.sign_up, "auth.sign_up", Door.ANYONE, "auth", status=201),
        secret=True,
        refusals=(403, 404, 409, 410),
    ),
    replace(
        _frees(f"{_AUTH}/token", auth.token, "auth.token", Door.ANYONE, "auth", status=200),
        secret=True,
        form=True,
        refusals=(401,),
    ),
    _writes(
        f"POST {_AUTH}/sign-out", auth.sign_out, "auth.sign_out", Door.SIGNED_IN, "auth", status=204
    ),
    replace(
        _frees(
            f"{_AUTH}/verify-email", auth.verify_email, "auth.verify_email", Door.ANYONE, "auth"
        ),
        refusals=(404, 410),
    ),
    _writes(
        f"POST {_AUTH}/verify-email/resend",
        auth.resend_verification,
        "auth.resend_verification",
        Door.SIGNED_IN,
        "auth",
        status=204,
    ),
    _frees(
        f"{_AUTH}/password/forgot",
        auth.forget_password,
        "auth.forget_password",
        Door.ANYONE,
        "auth",
        status=202,
    ),
    replace(
        _frees(
            f"{_AUTH}/password/reset",
            auth.reset_password,
            "auth.reset_password",
            Door.ANYONE,
            "auth",
        ),
        refusals=(404, 410),
    ),
    replace(
        _frees(
            f"{_AUTH}/password/change",
            auth.change_password,
            "auth.change_password",
            Door.SIGNED_IN,
            "auth",
        ),
        refusals=(403, 409),
    ),
    # Oneself.
    _reads(_ME, me.get, "me.get", Door.SIGNED_IN, "me"),
    replace(_writes(f"PATCH {_ME}", me.update, "me.update", Door.SIGNED_IN, "me"), refusals=(412,)),
    _reads(f"{_ME}/sessions", me.list_sessions, "me.list_sessions", Door.SIGNED_IN, "me"),
    replace(
        _writes(
            f"DELETE {_ME}/sessions/{{session_id}}",
            me.end_session,
            "me.end_session",
            Door.SIGNED_IN,
            "me",
            status=204,
        ),
        refusals=(404,),
    ),
)
