"""Every call, by its noun: written from openapi.json, by `make openapi`."""

from tenantry_client.async_calls.access import Access
from tenantry_client.async_calls.api_keys import ApiKeys
from tenantry_client.async_calls.auth import Auth
from tenantry_client.async_calls.events import Events
from tenantry_client.async_calls.invitations import Invitations
from tenantry_client.async_calls.me import Me
from tenantry_client.async_calls.members import Members
from tenantry_client.async_calls.operator import Operator
from tenantry_client.async_calls.organizations import Organizations
from tenantry_client.async_calls.permissions import Permissions
from tenantry_client.async_calls.roles import Roles
from tenantry_client.async_calls.service_accounts import ServiceAccounts
from tenantry_client.async_calls.service_keys import ServiceKeys
from tenantry_client.async_calls.workspace_members import WorkspaceMembers
from tenantry_client.async_calls.workspaces import Workspaces
from tenantry_client.sending import AsyncSender


class AsyncApi:
    """Every call of the API, one attribute for each noun."""

    def __init__(self, sender: AsyncSender) -> None:
        self.access = Access(sender)
        self.api_keys = ApiKeys(sender)
        self.auth = Auth(sender)
        self.events = Events(sender)
        self.invitations = Invitations(sender)
        self.me = Me(sender)
        self.members = Members(sender)
        self.operator = Operator(sender)
        self.organizations = Organizations(sender)
        self.permissions = Permissions(sender)
        self.roles = Roles(sender)
        self.service_accounts = ServiceAccounts(sender)
        self.service_keys = ServiceKeys(sender)
        self.workspace_members = WorkspaceMembers(sender)
        self.workspaces = Workspaces(sender)
