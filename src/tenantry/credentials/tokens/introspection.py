"""Whether a token is good at this moment, as a service key asks: one message for both questions."""

from tenantry.authz import grants
from tenantry.authz.authorization import Entrance, Exchange
from tenantry.authz.claims import Claims
from tenantry.authz.grants import Holding, Place
from tenantry.authz.key_authorization import ServiceKeyEntrance
from tenantry.kit.refusals import NotFound, Unauthenticated


async def must_live(exchange: Exchange, key: ServiceKeyEntrance) -> None:
    """InvalidToken where the key does not live: for when there is nothing else to ask."""
    (known,) = await exchange([key.call()])
    key.service_key(known)


async def is_signed_in(exchange: Exchange, key: ServiceKeyEntrance, claims: Claims) -> bool:
    """Whether the session lives. InvalidToken where the key does not."""
    entrance = Entrance(claims)
    known, answer = await exchange([key.call(), entrance.call()])
    key.service_key(known)
    return bool(answer.rows)


async def find_holding(
    exchange: Exchange, key: ServiceKeyEntrance, claims: Claims, place: Place
) -> Holding | None:
    """What the bearer holds there now; None where the session is over, or they see it no more.

    InvalidToken where the key does not live.
    """
    known, answer = await exchange([key.call(), grants.asking_own(claims, place)])
    key.service_key(known)
    try:
        return grants.own(answer, place)
    except (Unauthenticated, NotFound):
        return None
