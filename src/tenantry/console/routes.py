"""Every page's URL, and who may come in."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from tenantry.authz.builtin_permissions import Permission as P
from tenantry.console.account import change_password, delete_account, invitations, profile, sessions
from tenantry.console.assets import Assets
from tenantry.console.credentials import api_keys, service_accounts
from tenantry.console.dispatch import Dispatcher
from tenantry.console.events import events
from tenantry.console.invitations import accept, decline, invite, sent
from tenantry.console.members import changes, members
from tenantry.console.operator import acts, emails, product_keys
from tenantry.console.operator import pages as operating
from tenantry.console.organizations import delete, developer, leave, new, overview, picker, settings
from tenantry.console.rendering import Pages
from tenantry.console.roles import changes as role_changes
from tenantry.console.roles import roles
from tenantry.console.screens import (
    Audience,
    Screen,
    Screens,
    anyone,
    linked,
    operated,
    signed_in,
    within,
)
from tenantry.console.sign_in import (
    forgot_password,
    language,
    reset_password,
    sign_in,
    sign_out,
    sign_up,
    verify_email,
    welcome,
)
from tenantry.console.test_inbox.pages import Mailbox
from tenantry.console.workspaces import changes as workspace_changes
from tenantry.console.workspaces import members as workspace_members
from tenantry.console.workspaces import workspaces
from tenantry.http.request import DOCUMENT_BODY
from tenantry.http.service import Service
from tenantry.kit.refusals import Refusal

SCREENS = (
    # For everybody.
    anyone("/", welcome.show),
    anyone("/sign-in", sign_in.ask, sign_in.sign_in),
    anyone("/sign-up", sign_up.ask, sign_up.sign_up),
    anyone("/forgot-password", forgot_password.ask, forgot_password.send),
    anyone("/sign-out", sign_out.ask, sign_out.end),
    anyone("/language", language.ask, language.choose),
    # Where letters lead.
    linked("/verify-email", verify_email.ask, verify_email.prove),
    linked("/reset-password", reset_password.ask, reset_password.reset),
    linked(accept.PATH, accept.show, accept.answer),
    Screen(
        f"{accept.PATH}/decline",
        Audience.ANYONE,
        decline.ask,
        decline.decline,
        link_token_path=accept.PATH,
    ),
    # For who is signed in.
    signed_in("/organizations", picker.show),
    signed_in("/organizations/new", new.ask, new.found),
    signed_in("/account", profile.ask, profile.rename),
    signed_in("/account/verification", profile.ask_to_verify, profile.verify),
    signed_in("/account/password", change_password.ask, change_password.change),
    signed_in("/account/sessions", sessions.show, sessions.end),
    signed_in("/account/invitations", invitations.show, invitations.accept),
    signed_in(
        "/account/invitations/{invitation_id}/decline",
        invitations.ask_to_decline,
        invitations.decline,
    ),
    signed_in("/account/delete", delete_account.ask, delete_account.delete),
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
        acts.ask_to_delete,
        acts.delete,
    ),
    operated(
        "/operator/organizations/{org_id}/restore",
        acts.ask_to_restore,
        acts.restore,
    ),
    operated(
        "/operator/organizations/{org_id}/admins",
        acts.ask_for_admin,
        acts.name_admin,
    ),
    operated(
        "/operator/users/{user_id}/end-sessions",
        acts.ask_to_end_sessions,
        acts.end_sessions,
    ),
    operated(
        "/operator/users/{user_id}/delete",
        acts.ask_to_delete_user,
        acts.delete_user,
    ),
    operated("/operator/emails", emails.show),
    operated("/operator/emails/{email_id}", emails.ask_to_requeue, emails.requeue),
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
    within("/people", P.MEMBER_READ, members.show),
    within("/people/leave", P.ORGANIZATION_READ, leave.ask, leave.leave),
    within(
        "/people/invite", P.MEMBER_INVITE, invite.ask, invite.invite, largest_form=DOCUMENT_BODY
    ),
    within("/people/invitations", P.MEMBER_INVITE, sent.show),
    within("/people/invitations/{invitation_id}", P.MEMBER_INVITE, sent.show_one),
    within(
        "/people/invitations/{invitation_id}/resend",
        P.MEMBER_INVITE,
        sent.ask_to_resend,
        sent.resend,
    ),
    within(
        "/people/invitations/{invitation_id}/revoke",
        P.MEMBER_INVITE,
        sent.ask_to_revoke,
        sent.revoke,
    ),
    within("/people/{member_id}", P.MEMBER_READ, members.show_one),
    within("/people/{member_id}/edit", P.MEMBER_UPDATE, changes.ask, changes.change),
    within(
        "/people/{member_id}/remove",
        P.MEMBER_REMOVE,
        changes.ask_to_remove,
        changes.remove,
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
    within("/keys", P.API_KEY_MANAGE, api_keys.show),
    within("/keys/new", P.API_KEY_MANAGE, api_keys.ask, api_keys.make),
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
    within("/keys/{key_id}", P.API_KEY_MANAGE, api_keys.show_one),
    within("/keys/{key_id}/rename", P.API_KEY_MANAGE, api_keys.ask_to_rename, api_keys.rename),
    within("/keys/{key_id}/rotate", P.API_KEY_MANAGE, api_keys.ask_to_rotate, api_keys.rotate),
    within("/keys/{key_id}/revoke", P.API_KEY_MANAGE, api_keys.ask_to_revoke, api_keys.revoke),
    within("/events", P.EVENT_READ, events.show),
    within("/events/export", P.EVENT_READ, events.export, is_file=True),
    within("/events/{event_id}", P.EVENT_READ, events.show_one),
    within(
        "/settings", P.ORGANIZATION_UPDATE, settings.ask, settings.save, largest_form=DOCUMENT_BODY
    ),
    within("/settings/delete", P.ORGANIZATION_DELETE, delete.ask, delete.delete),
    within(
        "/restore",
        P.ORGANIZATION_DELETE,
        delete.ask_to_restore,
        delete.restore,
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
    door = Dispatcher(service, pages, screens)
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
