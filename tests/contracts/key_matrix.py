"""Which call each kind of key may make: beside the matrix of persons, and held against the service.

All of Acme's keys are Alice's own: one is Admin, one Viewer, and one Admin in the default workspace
alone; the foreign one is Admin in Bob's organization; the service key is the product's. `person`:
403 `person_required`; `operator`: 403 `operator_required`; `denied`: 403 `permission_denied`, of
the permission that persons miss, too.
"""

KEYS = ("admin", "viewer", "workspace", "foreign", "service")

_TABLE = """
                                                     admin    viewer   workspace foreign service
POST   /organizations                                person   person   person   person   person
GET    /organizations                                person   person   person   person   person
GET    /organizations/{org_id}                       200      200      404      404      404
PATCH  /organizations/{org_id}                       200      denied   404      404      404
POST   /organizations/{org_id}/members/invite        201      denied   404      404      404
POST   /organizations/{org_id}/workspaces            201      denied   404      404      404
GET    /organizations/{org_id}/workspaces            200      200      404      404      404
GET    /organizations/{org_id}/workspaces/{workspace_id}
                                                     200      200      200      404      404
GET    /organizations/{org_id}/workspaces/{workspace_id}/members
                                                     200      200      200      404      404
PUT    /organizations/{org_id}/workspaces/{workspace_id}/members/{member_id}
                                                     201      denied   201      404      404
DELETE /organizations/{org_id}/workspaces/{workspace_id}/members/{member_id}
                                                     204      denied   204      404      404
GET    /organizations/{org_id}/roles                 200      200      404      404      404
POST   /organizations/{org_id}/roles                 201      denied   404      404      404
GET    /organizations/{org_id}/roles/{role_id}       200      200      404      404      404
PATCH  /organizations/{org_id}/roles/{role_id}       200      denied   404      404      404
DELETE /organizations/{org_id}/roles/{role_id}       204      denied   404      404      404
DELETE /organizations/{org_id}                       204      denied   404      404      404
POST   /organizations/{org_id}/restore               200      denied   404      404      404
PATCH  /organizations/{org_id}/workspaces/{workspace_id}
                                                     200      denied   200      404      404
DELETE /organizations/{org_id}/workspaces/{workspace_id}
                                                     204      denied   404      404      404
POST   /organizations/{org_id}/workspaces/{workspace_id}/archive
                                                     200      denied   404      404      404
POST   /organizations/{org_id}/workspaces/{workspace_id}/unarchive
                                                     200      denied   200      404      404
GET    /organizations/{org_id}/members               200      200      404      404      404
GET    /organizations/{org_id}/members/{member_id}   200      200      404      404      404
PATCH  /organizations/{org_id}/members/{member_id}   200      denied   404      404      404
DELETE /organizations/{org_id}/members/me            person   person   person   person   person
DELETE /organizations/{org_id}/members/{member_id}   204      denied   404      404      404
GET    /organizations/{org_id}/events                200      denied   404      404      404
GET    /organizations/{org_id}/invitations           200      denied   404      404      404
GET    /organizations/{org_id}/invitations/{invitation_id}
                                                     200      denied   404      404      404
DELETE /organizations/{org_id}/invitations/{invitation_id}
                                                     204      denied   404      404      404
POST   /organizations/{org_id}/invitations/{invitation_id}/resend
                                                     200      denied   404      404      404
POST   /organizations/{org_id}/invitations/batch     200      denied   404      404      404
POST   /organizations/{org_id}/api-keys              person   denied   404      404      404
GET    /organizations/{org_id}/api-keys              200      denied   404      404      404
GET    /organizations/{org_id}/api-keys/{key_id}     200      denied   404      404      404
PATCH  /organizations/{org_id}/api-keys/{key_id}     person   denied   404      404      404
POST   /organizations/{org_id}/api-keys/{key_id}/rotate
                                                     person   denied   404      404      404
DELETE /organizations/{org_id}/api-keys/{key_id}     204      denied   404      404      404
POST   /organizations/{org_id}/service-accounts      person   denied   404      404      404
GET    /organizations/{org_id}/service-accounts      200      denied   404      404      404
GET    /organizations/{org_id}/service-accounts/{service_account_id}
                                                     200      denied   404      404      404
PATCH  /organizations/{org_id}/service-accounts/{service_account_id}
                                                     person   denied   404      404      404
DELETE /organizations/{org_id}/service-accounts/{service_account_id}
                                                     204      denied   404      404      404
POST   /invitations/preview                          200      200      200      200      200
POST   /invitations/accept                           person   person   person   person   person
POST   /invitations/decline                          204      204      204      204      204
POST   /auth/sign-up                                 201      201      201      201      201
POST   /auth/token                                   200      200      200      200      200
POST   /auth/revoke                                  200      200      200      200      200
POST   /auth/sign-out                                person   person   person   person   person
POST   /auth/verify-email                            204      204      204      204      204
POST   /auth/verify-email/resend                     person   person   person   person   person
POST   /auth/password/forgot                         202      202      202      202      202
POST   /auth/password/reset                          204      204      204      204      204
POST   /auth/password/change                         person   person   person   person   person
GET    /me                                           person   person   person   person   person
PATCH  /me                                           person   person   person   person   person
DELETE /me                                           person   person   person   person   person
GET    /me/sessions                                  person   person   person   person   person
DELETE /me/sessions/{session_id}                     person   person   person   person   person
GET    /me/invitations                               person   person   person   person   person
POST   /me/invitations/{invitation_id}/accept        person   person   person   person   person
POST   /me/invitations/{invitation_id}/decline       person   person   person   person   person
GET    /operator/organizations                       operator operator operator operator operator
GET    /operator/organizations/{org_id}              operator operator operator operator operator
POST   /operator/organizations/{org_id}/disable      operator operator operator operator operator
POST   /operator/organizations/{org_id}/enable       operator operator operator operator operator
POST   /operator/organizations/{org_id}/delete       operator operator operator operator operator
POST   /operator/organizations/{org_id}/restore      operator operator operator operator operator
POST   /operator/organizations/{org_id}/admins       operator operator operator operator operator
GET    /operator/users                               operator operator operator operator operator
GET    /operator/users/{user_id}                     operator operator operator operator operator
POST   /operator/users/{user_id}/disable             operator operator operator operator operator
POST   /operator/users/{user_id}/enable              operator operator operator operator operator
POST   /operator/users/{user_id}/end-sessions        operator operator operator operator operator
POST   /operator/users/{user_id}/delete              operator operator operator operator operator
GET    /operator/emails                              operator operator operator operator operator
GET    /operator/emails/{email_id}                   operator operator operator operator operator
POST   /operator/emails/{email_id}/requeue           operator operator operator operator operator
POST   /check                                        200      200      200      200      422
POST   /check/batch                                  200      200      200      200      422
GET    /me/permissions                               person   person   person   person   person
GET    /organizations/{org_id}/members/{member_id}/permissions
                                                     200      200      404      404      404
GET    /organizations/{org_id}/members/{member_id}/workspaces
                                                     200      200      404      404      404
GET    /organizations/{org_id}/permissions/{permission}/members
                                                     200      200      404      404      404
POST   /auth/introspect                              401      401      401      401      200
GET    /permissions                                  person   person   person   person   person
GET    /operator/permissions                         operator operator operator operator operator
POST   /operator/permissions                         operator operator operator operator operator
GET    /operator/permissions/{permission}            operator operator operator operator operator
PATCH  /operator/permissions/{permission}            operator operator operator operator operator
DELETE /operator/permissions/{permission}            operator operator operator operator operator
POST   /operator/service-keys                        operator operator operator operator operator
GET    /operator/service-keys                        operator operator operator operator operator
GET    /operator/service-keys/{service_key_id}       operator operator operator operator operator
POST   /operator/service-keys/{service_key_id}/rotate
                                                     operator operator operator operator operator
DELETE /operator/service-keys/{service_key_id}       operator operator operator operator operator
"""


def key_rows() -> dict[str, dict[str, str]]:
    """The table, read: by call, and by key."""
    words = _TABLE.split()[len(KEYS) :]
    width = 2 + len(KEYS)
    rows = [words[start : start + width] for start in range(0, len(words), width)]
    return {f"{row[0]} {row[1]}": dict(zip(KEYS, row[2:], strict=True)) for row in rows}


KEY_MATRIX = key_rows()
