"""The sweeps of data that is kept for a configured number of days."""

from functools import partial

from tenantry.identity.offboarding import delete_account as deletion
from tenantry.kit.retention import Retention
from tenantry.platform.audit import actions as events
from tenantry.tenancy.invitations import retention as invitations
from tenantry.worker.housekeeping import Sweep, Walk


def sweeps(retention: Retention) -> dict[str, Sweep | Walk]:
    """A sweep for each kind of data that is not kept forever."""
    found = dict[str, Sweep | Walk]()
    if days := retention.events:
        found["events"] = Walk(
            partial(events.find_expired, days=days), partial(events.delete_expired, days=days)
        )
    if days := retention.account_events:
        found["account_events"] = partial(events.sweep_accounts, days=days)
    if days := retention.invitations:
        found["invitations"] = Walk(
            partial(invitations.find, days=days), partial(invitations.proceed, days=days)
        )
    if days := retention.unverified_accounts:
        found["unverified_accounts"] = Walk(
            partial(deletion.find_abandoned, days=days),
            partial(deletion.delete_abandoned, days=days),
        )
    return found
