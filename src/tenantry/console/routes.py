"""Every page's URL, and who may come in."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from tenantry.access.permissions import Permission as P
from tenantry.console import (
    account,
    changing_password,
    choosing,
    declining,
    deleting,
    deleting_account,
    developer,
    events,
    forgetting,
    founding,
    invitation,
    inviting,
    keys,
    leaving,
    member_changes,
    operating,
    operator_acts,
    operator_emails,
    overview,
    own_invitations,
    own_sessions,
    people,
    product_keys,
    recovery,
    role_changes,
    roles,
    sent_invitations,
    service_accounts,
    settings,
    signing_in,
    signing_out,
    signing_up,
    speaking,
    verification,
    welcome,
    workspace_changes,
    workspace_members,
    workspaces,
)
from tenantry.console.assets import Assets
from tenantry.console.door import Door
from tenantry.console.mailbox import Mailbox
from tenantry.console.pages import Pages
from tenantry.console.screens import (
    Open,
    Screen,
    Screens,
    anyone,
    linked,
    operated,
    signed_in,
    within,
)
from tenantry.kit.refusals import Refusal
from tenantry.web.requests import DOCUMENT_BODY
from tenantry.web.service import Service

SCREENS = (
    # For everybody.
    anyone("/", welcome.show),
    anyone("/sign-in", signing_in.ask, signing_in.sign_in),
    anyone("/sign-up", signing_up.ask, signing_up.sign_up),
    anyone("/forgot-password", forgetting.ask, forgetting.send),
    anyone("/sign-out", signing_out.ask, signing_out.end),
    anyone("/language", speaking.ask, speaking.choose),
    # Where letters lead.
    linked("/verify-email", verification.ask, verification.prove),
    linked("/reset-password", recovery.ask, recovery.reset),
    linked(invitation.PATH, invitation.show, invitation.answer),
    Screen(
        f"{invitation.PATH}/decline",
        Open.ANYONE,
        declining.ask,
        declining.decline,
        letter_path=invitation.PATH,
    ),
    # For who is signed in.
    signed_in("/organizations", choosing.show),
    signed_in("/organizations/new", founding.ask, founding.found),
    signed_in("/account", account.ask, account.rename),
    signed_in("/account/verification", account.ask_to_verify, account.verify),
    signed_in("/account/password", changing_password.ask, changing_password.change),
    signed_in("/account/sessions", own_sessions.show, own_sessions.end),
    signed_in("/account/invitations", own_invitations.show, own_invitations.accept),
    signed_in(
        "/account/invitations/{invitation_id}/decline",
        own_invitations.ask_to_decline,
        own_invitations.decline,
    ),
    signed_in("/account/delete", deleting_account.ask, deleting_account.delete),
    # For who runs the service.
    operated("/operator", operating.show),
    operated("/operator/organizations", operating.show_organizations),
    operated(
        "/operator/organizations/{org_id}",
        operating.show_organization,
        operating.judge_organization,
    ),
    operated("/operator/users", operating.show_users),
    operated("/operator/users/{user_id}", operating.show_user, operating.judge_user),
    operated(
        "/operator/organizations/{org_id}/delete",
        operator_acts.ask_to_delete,
        operator_acts.delete,
    ),
    operated(
        "/operator/organizations/{org_id}/restore",
        operator_acts.ask_to_restore,
        operator_acts.restore,
    ),
    operated(
        "/operator/organizations/{org_id}/admins",
        operator_acts.ask_for_admin,
        operator_acts.name_admin,
    ),
    operated(
        "/operator/users/{user_id}/end-sessions",
        operator_acts.ask_to_end_sessions,
        operator_acts.end_sessions,
    ),
    operated(
        "/operator/users/{user_id}/delete",
        operator_acts.ask_to_delete_user,
        operator_acts.delete_user,
    ),
    operated("/operator/emails", operator_emails.show),
    operated(
        "/operator/emails/{email_id}", operator_emails.ask_to_requeue, operator_emails.requeue
    ),
    operated("/operator/keys", product_keys.show),
    operated("/operator/keys/new", product_keys.ask, product_keys.make),
    operated("/operator/keys/{service_key_id}", product_keys.show_one),
    operated(
        "/operator/keys/{service_key_id}/rotate",
        product_keys.ask_to_rotate,
        product_keys.rotate,
    ),
    operated(
        "/operator/keys/{service_key_id}/revoke",
        product_keys.ask_to_revoke,
        product_keys.revoke,
    ),
    operated("/operator/permissions", product_keys.show_permissions),
    # Of one organization, under /organizations/{org}.
    within("", P.ORGANIZATION_READ, overview.show),
    within("/people", P.MEMBER_READ, people.show),
    within("/people/leave", P.ORGANIZATION_READ, leaving.ask, leaving.leave),
    within(
        "/people/invite", P.MEMBER_INVITE, inviting.ask, inviting.invite, largest_form=DOCUMENT_BODY
    ),
    within("/people/invitations", P.MEMBER_INVITE, sent_invitations.show),
    within("/people/invitations/{invitation_id}", P.MEMBER_INVITE, sent_invitations.show_one),
    within(
        "/people/invitations/{invitation_id}/resend",
        P.MEMBER_INVITE,
        sent_invitations.ask_to_resend,
        sent_invitations.resend,
    ),
    within(
        "/people/invitations/{invitation_id}/revoke",
        P.MEMBER_INVITE,
        sent_invitations.ask_to_revoke,
        sent_invitations.revoke,
    ),
    within("/people/{member_id}", P.MEMBER_READ, people.show_one),
    within("/people/{member_id}/edit", P.MEMBER_UPDATE, member_changes.ask, member_changes.change),
    within(
        "/people/{member_id}/remove",
        P.MEMBER_REMOVE,
        member_changes.ask_to_remove,
        member_changes.remove,
    ),
    within("/workspaces", P.WORKSPACE_READ, workspaces.show),
    within(
        "/workspaces/new",
        P.WORKSPACE_CREATE,
        workspaces.ask,
        workspaces.make,
        largest_form=DOCUMENT_BODY,
    ),
    within("/workspaces/{workspace_id}", P.WORKSPACE_READ, workspaces.show_one),
    within(
        "/workspaces/{workspace_id}/edit",
        P.WORKSPACE_UPDATE,
        workspace_changes.ask,
        workspace_changes.change,
        largest_form=DOCUMENT_BODY,
    ),
    within(
        "/workspaces/{workspace_id}/archive",
        P.WORKSPACE_UPDATE,
        workspace_changes.ask_to_archive,
        workspace_changes.archive,
    ),
    within(
        "/workspaces/{workspace_id}/unarchive",
        P.WORKSPACE_UPDATE,
        workspace_changes.ask_to_unarchive,
        workspace_changes.unarchive,
    ),
    within(
        "/workspaces/{workspace_id}/delete",
        P.WORKSPACE_DELETE,
        workspace_changes.ask_to_delete,
        workspace_changes.delete,
    ),
    within(
        "/workspaces/{workspace_id}/members/add",
        P.WORKSPACE_MANAGE_MEMBERS,
        workspace_members.ask,
        workspace_members.add,
    ),
    within(
        "/workspaces/{workspace_id}/members/{member_id}",
        P.WORKSPACE_MANAGE_MEMBERS,
        workspace_members.show_one,
        workspace_members.change,
    ),
    within(
        "/workspaces/{workspace_id}/members/{member_id}/remove",
        P.WORKSPACE_MANAGE_MEMBERS,
        workspace_members.ask_to_remove,
        workspace_members.remove,
    ),
    within("/developer", P.ORGANIZATION_READ, developer.show),
    within("/keys", P.API_KEY_MANAGE, keys.show),
    within("/keys/new", P.API_KEY_MANAGE, keys.ask, keys.make),
    within(
        "/keys/accounts/new",
        P.API_KEY_MANAGE,
        service_accounts.ask,
        service_accounts.make,
    ),
    within("/keys/accounts/{service_account_id}", P.API_KEY_MANAGE, service_accounts.show_one),
    within(
        "/keys/accounts/{service_account_id}/edit",
        P.API_KEY_MANAGE,
        service_accounts.ask_to_change,
        service_accounts.change,
    ),
    within(
        "/keys/accounts/{service_account_id}/delete",
        P.API_KEY_MANAGE,
        service_accounts.ask_to_delete,
        service_accounts.delete,
    ),
    within("/keys/{key_id}", P.API_KEY_MANAGE, keys.show_one),
    within("/keys/{key_id}/rename", P.API_KEY_MANAGE, keys.ask_to_rename, keys.rename),
    within("/keys/{key_id}/rotate", P.API_KEY_MANAGE, keys.ask_to_rotate, keys.rotate),
    within("/keys/{key_id}/revoke", P.API_KEY_MANAGE, keys.ask_to_revoke, keys.revoke),
    within("/events", P.EVENT_READ, events.show),
    within("/events/export", P.EVENT_READ, events.export, is_file=True),
    within("/events/{event_id}", P.EVENT_READ, events.show_one),
    within(
        "/settings", P.ORGANIZATION_UPDATE, settings.ask, settings.save, largest_form=DOCUMENT_BODY
    ),
    within("/settings/delete", P.ORGANIZATION_DELETE, deleting.ask, deleting.delete),
    within(
        "/restore",
        P.ORGANIZATION_DELETE,
        deleting.ask_to_restore,
        deleting.restore,
        restores=True,
    ),
    within("/roles", P.ROLE_READ, roles.show),
    within("/roles/new", P.ROLE_MANAGE, roles.ask, roles.make, largest_form=DOCUMENT_BODY),
    within("/roles/{role_id}", P.ROLE_READ, roles.show_one),
    within(
        "/roles/{role_id}/edit",
        P.ROLE_MANAGE,
        role_changes.ask,
        role_changes.change,
        largest_form=DOCUMENT_BODY,
    ),
    within(
        "/roles/{role_id}/delete",
        P.ROLE_MANAGE,
        role_changes.ask_to_delete,
        role_changes.delete,
    ),
)


class Console(NamedTuple):
    """What the service needs of the console."""

    routes: list[BaseRoute]
    """One for each screen; in development also for the mail that was caught."""
    refuse: Callable[[Request, Refusal], Response]
    """The page for a request that no screen answers."""


def console(service: Service, mailbox: Path | None) -> Console:
    """The console, put together."""
    assets, screens = Assets(), _screens(mailbox)
    pages = Pages(service.base_path, assets, shows_mail=mailbox is not None)
    door = Door(service, pages, screens)
    return Console([*map(door.route, screens.all), assets.route()], door.refuse)


def _screens(mailbox: Path | None) -> Screens:
    if mailbox is None:
        return Screens(SCREENS)
    caught = Mailbox(mailbox)
    return Screens(
        (
            *SCREENS,
            anyone("/dev/mail", caught.list_letters),
            anyone("/dev/mail/{name}", caught.show),
            anyone("/dev/mail/{name}/html", caught.show_html),
        )
    )
