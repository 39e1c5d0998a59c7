"""Who may make which call: the whole API on one page, written by hand and held against the service.

Statuses stand under who asks. Acme is the organization of every path: Alice is its Admin, Dave its
Developer, Vera its Viewer; Bob is the Admin of another organization, Charlie of none but his own;
Olga is an operator, and no member of anything but her own.
Vera is the member and the user, Alice's the session, and Charlie's the invitation, of paths that
name one. The
last column says with which `code` a 403 is told, or which permission was missed; 401 is always
`unauthenticated`, 404 always `not_found`.
"""

from dataclasses import dataclass
from typing import Any

CALLERS = ("nobody", "charlie", "vera", "dave", "alice", "bob", "olga")

_TABLE = """
                                              no one charlie vera dave alice bob olga 403
POST   /organizations                           401    201    201  201  201  201  201
GET    /organizations                           401    200    200  200  200  200  200
GET    /organizations/{org_id}                  401    404    200  200  200  404  404
PATCH  /organizations/{org_id}                  401    404    403  403  200  404  404
                                                                    organization:update
POST   /organizations/{org_id}/members/invite   401    404    403  403  201  404  404 member:invite
POST   /organizations/{org_id}/workspaces       401    404    403  201  201  404  404
                                                                    workspace:create
GET    /organizations/{org_id}/workspaces       401    404    200  200  200  404  404
GET    /organizations/{org_id}/workspaces/{workspace_id}
                                                401    404    200  200  200  404  404
GET    /organizations/{org_id}/workspaces/{workspace_id}/members
                                                401    404    200  200  200  404  404
PUT    /organizations/{org_id}/workspaces/{workspace_id}/members/{member_id}
                                    401    404    403  403  201  404  404 workspace:manage_members
DELETE /organizations/{org_id}/workspaces/{workspace_id}/members/{member_id}
                                    401    404    403  403  204  404  404 workspace:manage_members
GET    /organizations/{org_id}/roles            401    404    200  200  200  404  404
POST   /organizations/{org_id}/roles            401    404    403  403  201  404  404 role:manage
GET    /organizations/{org_id}/roles/{role_id}  401    404    200  200  200  404  404
PATCH  /organizations/{org_id}/roles/{role_id}  401    404    403  403  200  404  404 role:manage
DELETE /organizations/{org_id}/roles/{role_id}  401    404    403  403  204  404  404 role:manage
DELETE /organizations/{org_id}                  401    404    403  403  204  404  404
                                                                    organization:delete
POST   /organizations/{org_id}/restore          401    404    403  403  200  404  404
                                                                    organization:delete
PATCH  /organizations/{org_id}/workspaces/{workspace_id}
                                                401    404    403  200  200  404  404
                                                                    workspace:update
DELETE /organizations/{org_id}/workspaces/{workspace_id}
                                                401    404    403  403  204  404  404
                                                                    workspace:delete
POST   /organizations/{org_id}/workspaces/{workspace_id}/archive
                                                401    404    403  200  200  404  404
                                                                    workspace:update
POST   /organizations/{org_id}/workspaces/{workspace_id}/unarchive
                                                401    404    403  200  200  404  404
                                                                    workspace:update
GET    /organizations/{org_id}/members          401    404    200  200  200  404  404
GET    /organizations/{org_id}/members/{member_id}
                                                401    404    200  200  200  404  404
PATCH  /organizations/{org_id}/members/{member_id}
                                                401    404    403  403  200  404  404 member:update
DELETE /organizations/{org_id}/members/me       401    404    204  204  409  404  404
DELETE /organizations/{org_id}/members/{member_id}
                                                401    404    403  403  204  404  404 member:remove
GET    /organizations/{org_id}/events           401    404    403  403  200  404  404 event:read

GET    /organizations/{org_id}/invitations      401    404    403  403  200  404  404 member:invite
GET    /organizations/{org_id}/invitations/{invitation_id}
                                                401    404    403  403  200  404  404 member:invite
DELETE /organizations/{org_id}/invitations/{invitation_id}
                                                401    404    403  403  204  404  404 member:invite
POST   /organizations/{org_id}/invitations/{invitation_id}/resend
                                                401    404    403  403  200  404  404 member:invite
POST   /organizations/{org_id}/invitations/batch
                                                401    404    403  403  200  404  404 member:invite
POST   /organizations/{org_id}/api-keys         401    404    403  403  201  404  404 api_key:manage
GET    /organizations/{org_id}/api-keys         401    404    403  403  200  404  404 api_key:manage
GET    /organizations/{org_id}/api-keys/{key_id}
                                                401    404    403  403  200  404  404 api_key:manage
PATCH  /organizations/{org_id}/api-keys/{key_id}
                                                401    404    403  403  200  404  404 api_key:manage
POST   /organizations/{org_id}/api-keys/{key_id}/rotate
                                                401    404    403  403  200  404  404 api_key:manage
DELETE /organizations/{org_id}/api-keys/{key_id}
                                                401    404    403  403  204  404  404 api_key:manage
POST   /organizations/{org_id}/service-accounts
                                                401    404    403  403  201  404  404 api_key:manage
GET    /organizations/{org_id}/service-accounts
                                                401    404    403  403  200  404  404 api_key:manage
GET    /organizations/{org_id}/service-accounts/{service_account_id}
                                                401    404    403  403  200  404  404 api_key:manage
PATCH  /organizations/{org_id}/service-accounts/{service_account_id}
                                                401    404    403  403  200  404  404 api_key:manage
DELETE /organizations/{org_id}/service-accounts/{service_account_id}
                                                401    404    403  403  204  404  404 api_key:manage
POST   /invitations/preview                     200    200    200  200  200  200  200
POST   /invitations/accept                      401    200    403  403  403  403  403
                                                                    invitation_for_another_email
POST   /invitations/decline                     204    204    204  204  204  204  204

POST   /auth/sign-up                            201    201    201  201  201  201  201
POST   /auth/token                              200    200    200  200  200  200  200
POST   /auth/introspect                         401    401    401  401  401  401  401
POST   /auth/revoke                             200    200    200  200  200  200  200
POST   /auth/sign-out                           401    204    204  204  204  204  204
POST   /auth/verify-email                       204    204    204  204  204  204  204
POST   /auth/verify-email/resend                401    204    204  204  204  204  204
POST   /auth/password/forgot                    202    202    202  202  202  202  202
POST   /auth/password/reset                     204    204    204  204  204  204  204
POST   /auth/password/change                    401    204    204  204  204  204  204

GET    /me                                      401    200    200  200  200  200  200
PATCH  /me                                      401    200    200  200  200  200  200
DELETE /me                                      401    204    204  204  409  409  204
GET    /me/sessions                             401    200    200  200  200  200  200
DELETE /me/sessions/{session_id}                401    404    404  404  204  404  404
GET    /me/invitations                          401    200    200  200  200  200  200
POST   /me/invitations/{invitation_id}/accept   401    200    404  404  404  404  404
POST   /me/invitations/{invitation_id}/decline  401    204    404  404  404  404  404

GET    /operator/organizations                  401    403    403  403  403  403  200
                                                                    operator_required
GET    /operator/organizations/{org_id}         401    403    403  403  403  403  200
                                                                    operator_required
POST   /operator/organizations/{org_id}/disable
                                                401    403    403  403  403  403  200
                                                                    operator_required
POST   /operator/organizations/{org_id}/enable
                                                401    403    403  403  403  403  200
                                                                    operator_required
POST   /operator/organizations/{org_id}/delete  401    403    403  403  403  403  200
                                                                    operator_required
POST   /operator/organizations/{org_id}/restore
                                                401    403    403  403  403  403  200
                                                                    operator_required
POST   /operator/organizations/{org_id}/admins  401    403    403  403  403  403  409
                                                                    operator_required
GET    /operator/users                          401    403    403  403  403  403  200
                                                                    operator_required
GET    /operator/users/{user_id}                401    403    403  403  403  403  200
                                                                    operator_required
POST   /operator/users/{user_id}/disable        401    403    403  403  403  403  200
                                                                    operator_required
POST   /operator/users/{user_id}/enable         401    403    403  403  403  403  200
                                                                    operator_required
POST   /operator/users/{user_id}/end-sessions   401    403    403  403  403  403  200
                                                                    operator_required
POST   /operator/users/{user_id}/delete         401    403    403  403  403  403  204
                                                                    operator_required
GET    /operator/emails                         401    403    403  403  403  403  200
                                                                    operator_required
GET    /operator/emails/{email_id}              401    403    403  403  403  403  200
                                                                    operator_required
POST   /operator/emails/{email_id}/requeue      401    403    403  403  403  403  200
                                                                    operator_required
POST   /check                                   401    200    200  200  200  200  200
POST   /check/batch                             401    200    200  200  200  200  200
GET    /me/permissions                          401    404    200  200  200  404  404
GET    /organizations/{org_id}/members/{member_id}/permissions
                                                401    404    200  200  200  404  404
GET    /organizations/{org_id}/members/{member_id}/workspaces
                                                401    404    200  200  200  404  404
GET    /organizations/{org_id}/permissions/{permission}/members
                                                401    404    200  200  200  404  404
GET    /permissions                             401    200    200  200  200  200  200
GET    /operator/permissions                    401    403    403  403  403  403  200
                                                                    operator_required
POST   /operator/permissions                    401    403    403  403  403  403  201
                                                                    operator_required
GET    /operator/permissions/{permission}       401    403    403  403  403  403  200
                                                                    operator_required
PATCH  /operator/permissions/{permission}       401    403    403  403  403  403  200
                                                                    operator_required
DELETE /operator/permissions/{permission}       401    403    403  403  403  403  204
                                                                    operator_required
POST   /operator/service-keys                   401    403    403  403  403  403  201
                                                                    operator_required
GET    /operator/service-keys                   401    403    403  403  403  403  200
                                                                    operator_required
GET    /operator/service-keys/{service_key_id}  401    403    403  403  403  403  200
                                                                    operator_required
POST   /operator/service-keys/{service_key_id}/rotate
                                                401    403    403  403  403  403  200
                                                                    operator_required
DELETE /operator/service-keys/{service_key_id}  401    403    403  403  403  403  204
                                                                    operator_required
"""

# What each call sends. `<…>` is replaced by an object of the scene: see `stage.py`.
SENDS: dict[str, dict[str, Any]] = {
    "POST /organizations": {"json": {"name": "Umbrella"}},
    "PATCH /organizations/{org_id}": {"json": {"name": "Acme and Sons"}},
    "POST /organizations/{org_id}/members/invite": {"json": {"email": "<new address>"}},
    "PATCH /organizations/{org_id}/members/{member_id}": {"json": {"role": "developer"}},
    "POST /organizations/{org_id}/workspaces": {"json": {"name": "Lab"}},
    "PUT /organizations/{org_id}/workspaces/{workspace_id}/members/{member_id}": {
        "json": {"role": "developer"}
    },
    "POST /organizations/{org_id}/roles": {"json": {"name": "Auditor", "permissions": []}},
    "PATCH /organizations/{org_id}/roles/{role_id}": {
        "json": {"name": "Reviewer"},
        "headers": {"If-Match": "*"},
    },
    "PATCH /organizations/{org_id}/workspaces/{workspace_id}": {"json": {"name": "Laboratory"}},
    "POST /organizations/{org_id}/invitations/batch": {
        "json": {"invitations": [{"email": "somebody@example.com"}]}
    },
    "POST /organizations/{org_id}/api-keys": {"json": {"name": "Deploy", "role": "viewer"}},
    "PATCH /organizations/{org_id}/api-keys/{key_id}": {"json": {"name": "Deployment"}},
    "POST /organizations/{org_id}/api-keys/{key_id}/rotate": {"json": {}},
    "POST /organizations/{org_id}/service-accounts": {"json": {"name": "Robot", "role": "viewer"}},
    "PATCH /organizations/{org_id}/service-accounts/{service_account_id}": {
        "json": {"role": "developer"}
    },
    "POST /invitations/preview": {"json": {"token": "<Charlie's invitation>"}},
    "POST /invitations/accept": {"json": {"token": "<Charlie's invitation>"}},
    "POST /invitations/decline": {"json": {"token": "<Charlie's invitation>"}},
    "POST /auth/sign-up": {"json": {"email": "<new address>", "password": "<password>"}},
    "POST /auth/token": {
        "data": {
            "grant_type": "password",
            "username": "<Charlie's address>",
            "password": "<password>",
        }
    },
    "POST /auth/introspect": {"data": {"token": "whatever it was, it is none any more"}},
    "POST /auth/revoke": {"data": {"token": "whatever it was, it is none any more"}},
    "POST /auth/verify-email": {"json": {"token": "<newcomer's verification>"}},
    "POST /auth/password/forgot": {"json": {"email": "<Charlie's address>"}},
    "POST /auth/password/reset": {
        "json": {"token": "<Charlie's reset>", "password": "<new password>"}
    },
    "POST /auth/password/change": {
        "json": {"current_password": "<password>", "new_password": "<new password>"}
    },
    "POST /check": {"json": {"organization_id": "<Acme>", "permission": "workspace:read"}},
    "POST /check/batch": {
        "json": {"checks": [{"organization_id": f"org_{'0' * 26}", "permission": "workspace:read"}]}
    },
    "GET /me/permissions": {"params": {"organization_id": "<Acme>"}},
    "POST /operator/permissions": {"json": {"name": "<new permission>"}},
    "PATCH /operator/permissions/{permission}": {"json": {"description": "See invoices."}},
    "PATCH /me": {"json": {"name": "Somebody Else"}},
    **{
        f"POST /operator/{path}/{act}": {"json": {"reason": "Unpaid since June"}}
        for path in ("organizations/{org_id}", "users/{user_id}")
        for act in ("disable", "enable")
    },
    **{
        f"POST /operator/{act}": {"json": {"reason": "Asked by phone"}}
        for act in (
            *("organizations/{org_id}/delete", "organizations/{org_id}/restore"),
            *("users/{user_id}/end-sessions", "users/{user_id}/delete"),
        )
    },
    "POST /operator/organizations/{org_id}/admins": {
        "json": {"email": "<Charlie's address>", "reason": "Asked by phone"}
    },
    "POST /operator/service-keys": {"json": {"name": "Billing"}},
    "POST /operator/service-keys/{service_key_id}/rotate": {"json": {}},
}

# Calls that end a role of Vera's in the workspace, which she has not from the start.
TAKEN_AWAY = {"DELETE /organizations/{org_id}/workspaces/{workspace_id}/members/{member_id}"}

# Calls that a default workspace refuses: they are made in a second one that Alice created.
IN_SECOND_WORKSPACE = {
    "DELETE /organizations/{org_id}/workspaces/{workspace_id}",
    "POST /organizations/{org_id}/workspaces/{workspace_id}/archive",
}


@dataclass(frozen=True)
class Row:
    """One call, and how it is answered to each caller."""

    method: str
    path: str
    statuses: dict[str, int]
    forbidden: str

    @property
    def call(self) -> str:
        """Method and path, as `SENDS` names it."""
        return f"{self.method} {self.path}"

    @property
    def refused(self) -> list[str]:
        """Those whom the call refuses by their identity."""
        return [name for name, status in self.statuses.items() if status in (401, 403, 404)]


def rows() -> list[Row]:
    """The table, read."""
    words = " ".join(_TABLE.strip().splitlines()[1:]).split()
    found = list[Row]()
    while words:
        method, path, *statuses = words[: 2 + len(CALLERS)]
        del words[: 2 + len(CALLERS)]
        by_caller: dict[str, int] = dict(zip(CALLERS, map(int, statuses), strict=True))
        forbidden = words.pop(0) if 403 in by_caller.values() else ""
        found.append(Row(method, path, by_caller, forbidden))
    return found


MATRIX = rows()
