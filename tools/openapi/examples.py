"""A minimal example of each request body, which the API accepts as it is.

A value that cannot be known in advance, such as the token of an email, is described in words.
"""

from collections.abc import Mapping
from typing import Any

_ADDRESS, _PASSWORD = "nora@example.com", "seven quiet lanterns drift"
_TOKEN = {"token": "the token in the link of the email"}
_ISSUED = {"token": "an access token or a refresh token"}
_QUESTION = {"organization_id": f"org_{'0' * 26}", "permission": "workspace:read"}
_OVERLAP = {"overlap_seconds": 3600}
_ASKED = {"reason": "Asked for by phone"}

BODIES: Mapping[str, Mapping[str, Any]] = {
    "access.check": _QUESTION,
    "access.check_batch": {"checks": [_QUESTION]},
    "api_keys.create": {"name": "Deploy", "role": "viewer"},
    "api_keys.rotate": _OVERLAP,
    "api_keys.update": {"name": "Deployment"},
    "auth.change_password": {
        "current_password": "your current password",
        "new_password": _PASSWORD,
    },
    "auth.forget_password": {"email": _ADDRESS},
    "auth.introspect": _ISSUED,
    "auth.reset_password": {**_TOKEN, "password": _PASSWORD},
    "auth.revoke": _ISSUED,
    "auth.sign_up": {"email": _ADDRESS, "password": _PASSWORD},
    "auth.token": {
        "grant_type": "password",
        "username": "your email address",
        "password": "your password",
    },
    "auth.verify_email": _TOKEN,
    "invitations.accept": _TOKEN,
    "invitations.create": {"email": _ADDRESS, "role": "viewer"},
    "invitations.create_batch": {"invitations": [{"email": _ADDRESS, "role": "viewer"}]},
    "invitations.decline": _TOKEN,
    "invitations.preview": _TOKEN,
    "me.update": {"name": "Nora"},
    "members.update": {"role": "developer"},
    "operator.declare_permission": {"name": "invoice:read", "description": "See invoices."},
    "operator.delete_organization": _ASKED,
    "operator.delete_user": _ASKED,
    "operator.disable_organization": {"reason": "Unpaid since June"},
    "operator.disable_user": {"reason": "Account taken over"},
    "operator.enable_organization": _ASKED,
    "operator.enable_user": _ASKED,
    "operator.end_sessions": _ASKED,
    "operator.name_admin": {"email": _ADDRESS, **_ASKED},
    "operator.restore_organization": _ASKED,
    "operator.update_permission": {"description": "See and download invoices."},
    "organizations.create": {"name": "Umbrella"},
    "organizations.update": {"name": "Umbrella"},
    "roles.create": {"name": "Auditor", "permissions": ["event:read"]},
    "roles.update": {"name": "Reviewer"},
    "service_accounts.create": {"name": "Robot", "role": "viewer"},
    "service_accounts.update": {"role": "developer"},
    "service_keys.create": {"name": "Billing"},
    "service_keys.rotate": _OVERLAP,
    "workspace_members.put": {"role": "viewer"},
    "workspaces.create": {"name": "Lab"},
    "workspaces.update": {"name": "Laboratory"},
}
