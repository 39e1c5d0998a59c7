"""May this membership end?"""

from tenantry.access.authority import Granter
from tenantry.memberships.model import LastAdmin, PersonalOrganization, Standing


def may_be_removed(granter: Granter, standing: Standing) -> None:
    """Refuse what would take a role above one's own, or lock the organization out of itself."""
    if standing.owns_organization:
        raise PersonalOrganization
    granter.must_be_able_to_grant(standing.role_permissions)
    if standing.is_lasting_admin and standing.other_admins == 0:
        raise LastAdmin
