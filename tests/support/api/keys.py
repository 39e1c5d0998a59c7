"""Keys created by the use cases, as their owners would create them."""

from dataclasses import dataclass
from uuid import UUID

from tenantry.authz.authorization import Authorization
from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.claims import Claims
from tenantry.credentials.api_keys import actions as api_keys
from tenantry.credentials.api_keys.actions import NewApiKey
from tenantry.credentials.api_keys.model import Issued
from tenantry.credentials.service_accounts import actions as service_accounts
from tenantry.credentials.service_accounts.model import ServiceAccount
from tenantry.http.service import Service
from tests.support.cast import Player


@dataclass(frozen=True)
class KeyMaker:
    """Somebody who manages keys in an organization."""

    service: Service
    maker: Player
    org_id: UUID

    @property
    def authorization(self) -> Authorization:
        actor = self.maker.actor
        claims = Claims(actor.id, actor.session_id)
        return Authorization(claims, Permission.API_KEY_MANAGE, self.org_id)

    async def own(self, role: str, workspace_id: UUID | None = None) -> Issued:
        """A key of the maker's own."""
        return await self.made(NewApiKey("Deploy", role, workspace_id))

    async def of(self, account: ServiceAccount) -> Issued:
        """A key of a service account."""
        return await self.made(NewApiKey("Nightly", service_account_id=account.id))

    async def made(self, draft: NewApiKey) -> Issued:
        async with self.service.database.transaction(self.authorization.statement()) as (
            tx,
            (answer,),
        ):
            authority = self.authorization.authority(answer)
            return await api_keys.create(tx, authority, self.service.limits, draft)

    async def account(self, role: str, workspace_id: UUID | None = None) -> ServiceAccount:
        """A service account."""
        draft = service_accounts.NewServiceAccount("Robot", role, workspace_id)
        async with self.service.database.transaction(self.authorization.statement()) as (
            tx,
            (answer,),
        ):
            authority = self.authorization.authority(answer)
            return await service_accounts.create(tx, authority, self.service.limits, draft)


def bearing(issued: Issued) -> dict[str, str]:
    """The headers of a call that bears a key."""
    return {"Authorization": f"Bearer {issued.secret.text}"}
