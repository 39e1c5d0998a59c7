"""What happens before someone opens a page: an email was sent to them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psycopg

from tenantry.kit.ids import new_id
from tests.support.cast import PASSWORD, Cast, Player
from tests.support.mail.mailbox import email_to, token_in

GOOD_PASSWORD = "seven quiet lanterns drift"
GUESSABLE_PASSWORD = "password1234"


def new_address() -> str:
    """An address that no one else has."""
    return f"newcomer.{new_id().hex[-12:]}@example.com"


@dataclass(frozen=True)
class Scene:
    """Sends emails through the API, and looks at what came of them."""

    api: httpx2.AsyncClient
    mailbox: Path
    cast: Cast
    admin: psycopg.Connection[Any]

    async def invited(
        self, email: str, *, role: str = "viewer", by: Player | None = None, message: str = ""
    ) -> str:
        """The token of an invitation to Acme; by Bob, to his organization."""
        path = self.cast.bobs_path if by is self.cast.bob else self.cast.acme_path
        answer = await self.api.post(
            f"{path}/members/invite",
            json={"email": email, "role": role, "message": message},
            headers=(by or self.cast.alice).headers,
        )
        assert answer.status_code == 201, answer.text
        where = self.cast.bobs if by is self.cast.bob else self.cast.acme
        words = f"invites you to {where.organization.name}" if by else "invites you"
        return token_in(await email_to(self.mailbox, email, subject=words))

    async def signed_up(self, email: str, *, name: str = "Nora") -> str:
        """The token by which somebody new proves their address."""
        answer = await self.api.post(
            "/api/v1/auth/sign-up", json={"email": email, "password": PASSWORD, "name": name}
        )
        assert answer.status_code == 201, answer.text
        return token_in(await email_to(self.mailbox, email, subject="Confirm"))

    async def forgot_password(self, email: str) -> str:
        """The token by which somebody chooses a new password."""
        answer = await self.api.post("/api/v1/auth/password/forgot", json={"email": email})
        assert answer.status_code in (202, 204), answer.text
        return token_in(await email_to(self.mailbox, email, subject="new password"))

    async def can_sign_in(self, email: str, password: str) -> bool:
        """Whether the password is the one of the account."""
        answer = await self.api.post(
            "/api/v1/auth/token",
            data={"grant_type": "password", "username": email, "password": password},
        )
        return answer.status_code == 200

    def role_of(self, email: str) -> str | None:
        """The role in Acme; None where the person is no member."""
        return self._one(
            """select r.key from memberships m join users u on u.id = m.user_id
                 join roles r on r.org_id = m.org_id and r.id = m.role_id
                where m.org_id = %s and u.email = %s""",
            [self.cast.acme.organization.id, email],
        )

    def answers_to(self, email: str) -> list[str]:
        """How the invitations to an address stand."""
        query = b"select status from invitations where email = %s order by id"
        return [status for (status,) in self.admin.execute(query, [email]).fetchall()]

    def is_verified(self, email: str) -> bool:
        """Whether the address is proven."""
        return self._one(
            "select email_verified_at is not null from users where email = %s", [email]
        )

    def open_sessions(self, email: str) -> int:
        """How many sessions the person has."""
        return self._one(
            """select count(*) from sessions s join users u on u.id = s.user_id
                where u.email = %s and s.ended_at is null""",
            [email],
        )

    def change_invitation(self, email: str, change: str) -> None:
        """Let something happen to the invitation that no call brings about yet."""
        changed = self.admin.execute(
            f"update invitations set {change} where email = %s".encode(), [email]
        )
        assert changed.rowcount == 1

    def _one(self, query: str, values: list[object]) -> Any:
        row = self.admin.execute(query.encode(), values).fetchone()
        return row[0] if row else None


def new_permission() -> str:
    """A permission that no product declares."""
    return f"thing:do_{new_id().hex[-12:]}"
