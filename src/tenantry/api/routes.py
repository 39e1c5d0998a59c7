"""Every URL of the API, on one page: who may call it, and what answers.

A call reads in one message, writes in one transaction, or is free to open its own where something
slow, such as a password, must not hold one open. Its id is its handler's name unless it says
another; numbers are the statuses that it may refuse with besides those that follow from the rest
(401, 403, 404, 413, 415, 422, 503).
"""

from dataclasses import replace

from tenantry.api.operations import Operation, Requirement
from tenantry.api.routing import asks as _asks
from tenantry.api.routing import creates as _creates
from tenantry.api.routing import free as _free
from tenantry.api.routing import reads as _reads
from tenantry.api.routing import writes as _writes
from tenantry.api.v1.authz import (
    checks,
    effective_permissions,
    permissions,
    product_permissions,
    roles,
)
from tenantry.api.v1.credentials import (
    api_keys,
    introspection,
    revocation,
    service_accounts,
    service_keys,
    tokens,
)
from tenantry.api.v1.identity import auth, me, operator, operator_emails
from tenantry.api.v1.platform import events
from tenantry.api.v1.tenancy import (
    invitation_batches,
    invitations,
    members,
    my_invitations,
    organizations,
    workspace_members,
    workspaces,
)
from tenantry.authz.builtin_permissions import Permission as P
from tenantry.http.request import BATCH_BODY, DOCUMENT_BODY

ANYONE, SIGNED_IN, OPERATOR = Requirement.ANYONE, Requirement.SIGNED_IN, Requirement.OPERATOR

ORGS, ORG = "/organizations", "/organizations/{org_id}"
WORKSPACE, ROLE = f"{ORG}/workspaces/{{workspace_id}}", f"{ORG}/roles/{{role_id}}"
MEMBER, INVITATION = f"{ORG}/members/{{member_id}}", f"{ORG}/invitations/{{invitation_id}}"
PLACE, OFFER = f"{WORKSPACE}/members/{{member_id}}", "/me/invitations/{invitation_id}"
TENANT, PERSON = "/operator/organizations/{org_id}", "/operator/users/{user_id}"
PRODUCT, EMAIL = "/operator/service-keys", "/operator/emails/{email_id}"
PRODUCT_KEY = f"{PRODUCT}/{{service_key_id}}"
ITS = "/organizations/{organization_id}"
KEY, ACCOUNT = f"{ORG}/api-keys/{{key_id}}", f"{ORG}/service-accounts/{{service_account_id}}"


def _first_nine() -> list[Operation]:
    """The nine that everything began with; all of them stand under `/docs#/organizations`."""
    nine = [
        _creates(
            ORGS,
            organizations.create,
            SIGNED_IN,
            403,
            at="/organizations/{id}",
            largest_body=DOCUMENT_BODY,
        ),
        _reads(ORGS, organizations.list_mine, SIGNED_IN, id="organizations.list"),
        _reads(ORG, organizations.get, P.ORGANIZATION_READ),
        _writes(
            f"PATCH {ORG}",
            organizations.update,
            P.ORGANIZATION_UPDATE,
            409,
            412,
            largest_body=DOCUMENT_BODY,
        ),
        _creates(
            f"{ORG}/members/invite",
            invitations.create,
            P.MEMBER_INVITE,
            at=f"{ITS}/invitations/{{id}}",
            limited=True,
        ),
        _creates(
            f"{ORG}/workspaces",
            workspaces.create,
            P.WORKSPACE_CREATE,
            at=f"{ITS}/workspaces/{{id}}",
            largest_body=DOCUMENT_BODY,
        ),
        _reads(f"{ORG}/workspaces", workspaces.list_seen, P.WORKSPACE_READ, id="workspaces.list"),
        _reads(WORKSPACE, workspaces.get, P.WORKSPACE_READ),
        _reads(f"{ORG}/roles", roles.list_of_organization, P.ROLE_READ, id="roles.list"),
    ]
    tag = "organizations"
    return [replace(call, tags=tuple(dict.fromkeys([tag, *call.tags]))) for call in nine]


def _more_of_organizations() -> list[Operation]:
    """What else happens to organizations, and what happened in them."""
    return [
        _reads(
            f"{ORG}/events",
            events.list_of_organization,
            P.EVENT_READ,
            id="events.list",
            tags=("organizations",),
        ),
        _writes(f"DELETE {ORG}", organizations.delete, P.ORGANIZATION_DELETE, 409),
        _writes(f"POST {ORG}/restore", organizations.restore, P.ORGANIZATION_DELETE, restores=True),
    ]


def _workspaces() -> list[Operation]:
    """How workspaces change and end, and who belongs to them."""
    return [
        _writes(
            f"PATCH {WORKSPACE}",
            workspaces.update,
            P.WORKSPACE_UPDATE,
            409,
            412,
            largest_body=DOCUMENT_BODY,
        ),
        _writes(f"DELETE {WORKSPACE}", workspaces.delete, P.WORKSPACE_DELETE, 409),
        _writes(f"POST {WORKSPACE}/archive", workspaces.archive, P.WORKSPACE_UPDATE, 409),
        _writes(f"POST {WORKSPACE}/unarchive", workspaces.unarchive, P.WORKSPACE_UPDATE),
        _reads(
            f"{WORKSPACE}/members",
            workspace_members.list_of_workspace,
            P.WORKSPACE_READ,
            id="workspace_members.list",
            tags=("workspaces",),
        ),
        _writes(
            f"PUT {PLACE}",
            workspace_members.put,
            P.WORKSPACE_MANAGE_MEMBERS,
            409,
            tags=("workspaces",),
            makes=True,
        ),
        _writes(
            f"DELETE {PLACE}",
            workspace_members.remove,
            P.WORKSPACE_MANAGE_MEMBERS,
            409,
            tags=("workspaces",),
        ),
    ]


def _roles() -> list[Operation]:
    """An organization's own roles."""
    return [
        _creates(
            f"{ORG}/roles",
            roles.create,
            P.ROLE_MANAGE,
            at=f"{ITS}/roles/{{id}}",
            largest_body=DOCUMENT_BODY,
        ),
        _reads(ROLE, roles.get, P.ROLE_READ),
        _writes(
            f"PATCH {ROLE}",
            roles.update,
            P.ROLE_MANAGE,
            409,
            412,
            428,
            largest_body=DOCUMENT_BODY,
        ),
        _writes(f"DELETE {ROLE}", roles.delete, P.ROLE_MANAGE, 409),
    ]


def _members() -> list[Operation]:
    """The people of an organization."""
    return [
        _reads(f"{ORG}/members", members.list_of_organization, P.MEMBER_READ, id="members.list"),
        _reads(MEMBER, members.get, P.MEMBER_READ),
        _reads(f"{MEMBER}/workspaces", members.list_workspaces, P.MEMBER_READ),
        _writes(f"PATCH {MEMBER}", members.update, P.MEMBER_UPDATE, 409, 412),
        _writes(f"DELETE {ORG}/members/me", members.leave, SIGNED_IN, 404, 409),
        _writes(f"DELETE {MEMBER}", members.remove, P.MEMBER_REMOVE, 409),
    ]


def _invitations() -> list[Operation]:
    """Offers of a seat, by those who make them and by the token of the letter."""
    return [
        _reads(
            f"{ORG}/invitations",
            invitations.list_of_organization,
            P.MEMBER_INVITE,
            id="invitations.list",
        ),
        _reads(INVITATION, invitations.get, P.MEMBER_INVITE),
        _writes(f"DELETE {INVITATION}", invitations.revoke, P.MEMBER_INVITE, 410, 412),
        _writes(
            f"POST {INVITATION}/resend",
            invitations.resend,
            P.MEMBER_INVITE,
            409,
            410,
            412,
            limited=True,
        ),
        _writes(
            f"POST {ORG}/invitations/batch",
            invitation_batches.create,
            P.MEMBER_INVITE,
            409,
            id="invitations.create_batch",
            keyed=True,
            limited=True,
            largest_body=BATCH_BODY,
        ),
        _free(
            "POST /invitations/preview", invitations.preview, ANYONE, 404, 409, 410, limited=True
        ),
        _writes("POST /invitations/accept", invitations.accept, SIGNED_IN, 403, 404, 409, 410),
        _free("POST /invitations/decline", invitations.decline, ANYONE, 404, 410, limited=True),
    ]


def _keys() -> list[Operation]:
    """Programs that act in an organization: its keys, and who is nobody and has some."""
    made, manage = f"{ITS}/service-accounts/{{id}}", P.API_KEY_MANAGE
    return [
        _creates(
            f"{ORG}/api-keys", api_keys.create, manage, at=f"{ITS}/api-keys/{{id}}", secret=True
        ),
        _reads(f"{ORG}/api-keys", api_keys.list_of_organization, manage, id="api_keys.list"),
        _reads(KEY, api_keys.get, manage),
        _writes(f"PATCH {KEY}", api_keys.update, manage, 412),
        _writes(f"POST {KEY}/rotate", api_keys.rotate, manage, 409, keyed=True, secret=True),
        _writes(f"DELETE {KEY}", api_keys.revoke, manage),
        _creates(f"{ORG}/service-accounts", service_accounts.create, manage, at=made),
        _reads(
            f"{ORG}/service-accounts",
            service_accounts.list_of_organization,
            manage,
            id="service_accounts.list",
        ),
        _reads(ACCOUNT, service_accounts.get, manage),
        _writes(f"PATCH {ACCOUNT}", service_accounts.update, manage, 412),
        _writes(f"DELETE {ACCOUNT}", service_accounts.delete, manage),
    ]


def _accounts() -> list[Operation]:
    """Signing up, in and out; addresses and passwords."""
    return [
        _free(
            "POST /auth/sign-up",
            auth.sign_up,
            ANYONE,
            403,
            404,
            409,
            410,
            status=201,
            secret=True,
            limited=True,
        ),
        _free(
            "POST /auth/token",
            tokens.issue,
            ANYONE,
            401,
            id="auth.token",
            secret=True,
            form=True,
            largest_body=DOCUMENT_BODY,
            limited=True,
        ),
        _free(
            "POST /auth/introspect",
            introspection.introspect,
            ANYONE,
            401,
            id="auth.introspect",
            secret=True,
            form=True,
            largest_body=DOCUMENT_BODY,
        ),
        _free(
            "POST /auth/revoke",
            revocation.revoke,
            ANYONE,
            id="auth.revoke",
            status=200,
            form=True,
            largest_body=DOCUMENT_BODY,
        ),
        _writes("POST /auth/sign-out", auth.sign_out, SIGNED_IN),
        _free("POST /auth/verify-email", auth.verify_email, ANYONE, 404, 410),
        _writes(
            "POST /auth/verify-email/resend", auth.resend_verification, SIGNED_IN, limited=True
        ),
        _free("POST /auth/password/forgot", auth.forget_password, ANYONE, status=202, limited=True),
        _free("POST /auth/password/reset", auth.reset_password, ANYONE, 404, 410, limited=True),
        _free(
            "POST /auth/password/change", auth.change_password, SIGNED_IN, 403, 409, limited=True
        ),
    ]


def _oneself() -> list[Operation]:
    """The caller's own account, and what is offered to them."""
    return [
        _reads(
            "/me/invitations",
            my_invitations.list_open,
            SIGNED_IN,
            409,
            id="me.list_invitations",
            tags=("me", "invitations"),
        ),
        _writes(
            f"POST {OFFER}/accept",
            my_invitations.accept,
            SIGNED_IN,
            404,
            409,
            410,
            id="me.accept_invitation",
            tags=("me", "invitations"),
        ),
        _writes(
            f"POST {OFFER}/decline",
            my_invitations.decline,
            SIGNED_IN,
            404,
            409,
            410,
            id="me.decline_invitation",
            tags=("me", "invitations"),
        ),
        _reads("/me", me.get, SIGNED_IN),
        _writes("PATCH /me", me.update, SIGNED_IN, 412, limited=True),
        _free("DELETE /me", me.delete, SIGNED_IN, 409),
        _reads("/me/sessions", me.list_sessions, SIGNED_IN),
        _writes("DELETE /me/sessions/{session_id}", me.end_session, SIGNED_IN, 404),
    ]


def _product_keys() -> list[Operation]:
    """The product's own keys, which ask about access."""
    tags = ("operator",)
    return [
        _creates(
            PRODUCT, service_keys.create, OPERATOR, at=f"{PRODUCT}/{{id}}", secret=True, tags=tags
        ),
        _reads(PRODUCT, service_keys.list_all, OPERATOR, id="service_keys.list", tags=tags),
        _reads(PRODUCT_KEY, service_keys.get, OPERATOR, 404, tags=tags),
        _writes(
            f"POST {PRODUCT_KEY}/rotate",
            service_keys.rotate,
            OPERATOR,
            404,
            409,
            keyed=True,
            secret=True,
            tags=tags,
        ),
        _writes(f"DELETE {PRODUCT_KEY}", service_keys.revoke, OPERATOR, 404, tags=tags),
    ]


def _operators() -> list[Operation]:
    """What those who run the service see and do; no content of a tenant is behind any of it."""
    return [
        _reads("/operator/organizations", operator.list_organizations, OPERATOR),
        _reads(TENANT, operator.get_organization, OPERATOR, 404),
        _writes(f"POST {TENANT}/disable", operator.disable_organization, OPERATOR, 404),
        _writes(f"POST {TENANT}/enable", operator.enable_organization, OPERATOR, 404),
        _writes(f"POST {TENANT}/delete", operator.delete_organization, OPERATOR, 404, 409),
        _writes(f"POST {TENANT}/restore", operator.restore_organization, OPERATOR, 404),
        _writes(f"POST {TENANT}/admins", operator.name_admin, OPERATOR, 404, 409),
        _reads("/operator/users", operator.list_users, OPERATOR),
        _reads(PERSON, operator.get_user, OPERATOR, 404),
        _writes(f"POST {PERSON}/disable", operator.disable_user, OPERATOR, 404, 409),
        _writes(f"POST {PERSON}/enable", operator.enable_user, OPERATOR, 404),
        _writes(f"POST {PERSON}/end-sessions", operator.end_sessions, OPERATOR, 404),
        _writes(f"POST {PERSON}/delete", operator.delete_user, OPERATOR, 404, 409),
        _reads(
            "/operator/emails", operator_emails.list_unsent, OPERATOR, id="operator.list_emails"
        ),
        _reads(EMAIL, operator_emails.get, OPERATOR, 404, id="operator.get_email"),
        _writes(
            f"POST {EMAIL}/requeue",
            operator_emails.requeue,
            OPERATOR,
            404,
            409,
            id="operator.requeue_email",
        ),
        *_product_keys(),
    ]


def _access() -> list[Operation]:
    """May somebody do something somewhere, and why; what may they do; and who can."""
    able = f"{ORG}/permissions/{{permission}}/members"
    return [
        _asks("/check", checks.check, 409, id="access.check"),
        _asks(
            "/check/batch",
            checks.check_batch,
            409,
            id="access.check_batch",
            largest_body=BATCH_BODY,
        ),
        _reads(
            f"{MEMBER}/permissions",
            effective_permissions.of_member,
            P.MEMBER_READ,
            id="members.permissions",
        ),
        _reads(
            "/me/permissions", effective_permissions.of_mine, SIGNED_IN, 404, id="me.permissions"
        ),
        _reads(
            able,
            effective_permissions.members_who_can,
            P.MEMBER_READ,
            id="access.members_who_can",
            tags=("access", "members"),
        ),
    ]


def _product_permissions() -> list[Operation]:
    """The permissions that the product declares as its own: by operators, for everybody's roles."""
    declared = "/operator/permissions/{permission}"
    return [
        _reads(
            "/permissions", permissions.list_all, SIGNED_IN, id="permissions.list", tags=("access",)
        ),
        _reads(
            "/operator/permissions",
            product_permissions.list_all,
            OPERATOR,
            id="operator.list_permissions",
        ),
        _creates(
            "/operator/permissions",
            product_permissions.declare,
            OPERATOR,
            at="/operator/permissions/{name}",
            id="operator.declare_permission",
        ),
        _reads(declared, product_permissions.get, OPERATOR, 404, id="operator.get_permission"),
        _writes(
            f"PATCH {declared}",
            product_permissions.update,
            OPERATOR,
            404,
            412,
            id="operator.update_permission",
        ),
        _writes(
            f"DELETE {declared}",
            product_permissions.withdraw,
            OPERATOR,
            404,
            409,
            id="operator.withdraw_permission",
        ),
    ]


OPERATIONS = (
    *_first_nine(),
    *_more_of_organizations(),
    *_workspaces(),
    *_roles(),
    *_members(),
    *_invitations(),
    *_keys(),
    *_accounts(),
    *_oneself(),
    *_operators(),
    *_access(),
    *_product_permissions(),
)
