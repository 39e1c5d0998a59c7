"""Every call of the API: what the modules of `api/v1` declare, in the order of the document."""

from itertools import chain

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
from tenantry.api.v1.identity import (
    auth,
    me,
    operator_emails,
    operator_organizations,
    operator_users,
)
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

_NOUNS = (
    *(organizations, workspaces, workspace_members, roles, events),
    *(members, invitations, invitation_batches, api_keys, service_accounts),
    *(tokens, introspection, revocation, auth, my_invitations, me),
    *(operator_organizations, operator_users, operator_emails, service_keys),
    *(checks, effective_permissions, permissions, product_permissions),
)
OPERATIONS = tuple(chain.from_iterable(noun.route for noun in _NOUNS))
