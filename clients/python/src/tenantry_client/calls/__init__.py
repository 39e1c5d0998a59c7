"""Every call, by its noun: written from openapi.json, by `make openapi`."""

from tenantry_client.calls.access import Access
from tenantry_client.calls.api_keys import ApiKeys
from tenantry_client.calls.auth import Auth
from tenantry_client.calls.events import Events
from tenantry_client.calls.invitations import Invitations
from tenantry_client.calls.me import Me
from tenantry_client.calls.members import Members
from tenantry_client.calls.operator import Operator
from tenantry_client.calls.organizations import Organizations
from tenantry_client.calls.permissions import Permissions
from tenantry_client.calls.roles import Roles
from tenantry_client.calls.service_accounts import ServiceAccounts
from tenantry_client.calls.service_keys import ServiceKeys
from tenantry_client.calls.workspace_members import WorkspaceMembers
from tenantry_client.calls.workspaces import Workspaces
from tenantry_client.sending import Sender


class Api:
    """Every call of the API, one attribute for each noun."""

    def __init__(self, sender: Sender) -> None:
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
