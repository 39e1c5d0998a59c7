"""The usual service's dependencies: a session, the signed-in user, the membership with its role."""

import os
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import joinedload

from bench.peers.usual_models import Membership, User

KEY = ECKey.import_key(os.environ["BENCH_SIGNING_KEY"])
ISSUER = os.environ["BENCH_ISSUER"]
CLAIMS = jwt.JWTClaimsRegistry(
    iss={"essential": True, "value": ISSUER},
    aud={"essential": True, "value": ISSUER},
    sub={"essential": True},
    exp={"essential": True},
)
engine = create_async_engine(os.environ["BENCH_DATABASE_URL"], pool_size=8, max_overflow=0)
sessions = async_sessionmaker(engine, expire_on_commit=False)
bearer = HTTPBearer()


async def get_session() -> AsyncIterator[AsyncSession]:
    """A database session for the length of the request."""
    async with sessions() as session:
        yield session


Session = Annotated[AsyncSession, Depends(get_session)]


async def get_current_user(
    session: Session, credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]
) -> User:
    """Who the token speaks of; 401 where it is not ours or they are gone."""
    try:
        token = jwt.decode(credentials.credentials, KEY, algorithms=["ES256"])
        CLAIMS.validate(token.claims)
        user = await session.get(User, UUID(token.claims["sub"]))
    except (JoseError, ValueError) as broken:
        raise HTTPException(401, "invalid token") from broken
    if user is None:
        raise HTTPException(401, "unknown user")
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]


def require(permission: str) -> Callable[..., Any]:
    """A dependency: the caller's membership, if its role holds the permission."""

    async def membership(org_id: UUID, session: Session, user: CurrentUser) -> Membership:
        statement = (
            select(Membership)
            .where(Membership.organization_id == org_id, Membership.user_id == user.id)
            .where(Membership.status == "active")
            .options(joinedload(Membership.role))
        )
        found = await session.scalar(statement)
        if found is None:
            raise HTTPException(404, "not found")
        if permission not in found.role.permissions:
            raise HTTPException(403, f"you need {permission}")
        return found

    return Depends(membership)
