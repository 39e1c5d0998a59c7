"""`tenantry organizations`: managing tenants without seeing their data."""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from tenantry.authz.authority import Operator
from tenantry.cli import secret_key
from tenantry.cli.errors import CannotStart
from tenantry.cli.operators.operator_transaction import address_of, as_operator, reason_of
from tenantry.cli.parts import links, templates
from tenantry.cli.serving import dev_secrets
from tenantry.identity.accounts import operator_actions
from tenantry.kit.ids import Kind, parse
from tenantry.kit.secrets import Sealer
from tenantry.platform.mail.actions import Outbox
from tenantry.postgres.transaction import Tx
from tenantry.settings import Settings
from tenantry.tenancy.organizations import operator_views
from tenantry.tenancy.organizations.model import OperatedOrganization

Act = Callable[[Tx, Operator, UUID], Awaitable[OperatedOrganization]]


_CHANGES: dict[str, tuple[Callable[..., Awaitable[OperatedOrganization]], str]] = {
    "disable": (operator_views.disable, "{} is disabled."),
    "enable": (operator_views.enable, "{} is enabled."),
    "delete": (
        operator_views.delete,
        "{} is deleted. For 30 days, `tenantry organizations restore` brings it back.",
    ),
    "restore": (operator_views.restore, "{} is restored."),
}


def change(settings: Settings, verb: str, organization: str, *, by: str, reason: str) -> None:
    """Change an organization by one of the verbs above, and print the result. CannotStart."""
    act, done = _CHANGES[verb]
    changed = _act(settings, organization, by, partial(act, reason=reason_of(reason)))
    print(done.format(changed.slug))


def name_admin(settings: Settings, organization: str, email: str, *, by: str, reason: str) -> None:
    why, address, outbox = reason_of(reason), address_of(email), _outbox(settings)

    async def named(tx: Tx, operator: Operator, org_id: UUID) -> OperatedOrganization:
        return await operator_actions.name_admin(
            tx, outbox, operator, org_id, email=address, reason=why
        )

    print(f"{address} is now an Admin of {_act(settings, organization, by, named).slug}.")


def _act(settings: Settings, organization: str, by: str, act: Act) -> OperatedOrganization:
    async def acted(tx: Tx, operator: Operator) -> OperatedOrganization:
        org_id = parse(Kind.ORGANIZATION, organization)
        return await act(tx, operator, org_id or await operator_views.get_id(tx, organization))

    missing = f"There is no organization {organization[:100]!r}: name it by its slug or its id."
    return as_operator(settings, by, acted, missing=missing)


def _outbox(settings: Settings) -> Outbox:
    """The outbox, where the email waits, encrypted, until the service sends it."""
    base_url = settings.base_url or f"http://{settings.host}:{settings.port}"
    if settings.secret_key is not None:
        key = settings.secret_key.get_secret_value()
        if settings.database_url is not None:
            secret_key.ensure_in_use(settings, settings.database_url.get_secret_value())
    elif settings.database_url is None:
        key = dev_secrets.secret_key(settings.home)
    else:
        raise CannotStart(
            "TENANTRY_SECRET_KEY is missing: the email to the Admin is encrypted with it. Run"
            " this with the service's settings."
        )
    return Outbox(Sealer(key), links(settings, base_url), templates(settings), lambda: None)
