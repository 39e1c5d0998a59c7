"""Calls about auth: written from openapi.json, by `make openapi`."""

from tenantry_client.sending import Call, Calls, given
from tenantry_client.shapes.auth import Introspection, OrganizationToken, SignUp, Tokens


class Auth(Calls):
    """Calls about auth."""

    def token(
        self,
        *,
        grant_type: str | None = None,
        username: str | None = None,
        password: str | None = None,
        refresh_token: str | None = None,
        subject_token: str | None = None,
        subject_token_type: str | None = None,
        requested_token_type: str | None = None,
        actor_token: str | None = None,
        organization: str | None = None,
        workspace: str | None = None,
        audience: str | None = None,
    ) -> Tokens | OrganizationToken:
        """Get an access token, by password or by refresh token; or an organization token for
        it.
        """
        return self._send(
            Call(
                "POST",
                "/api/v1/auth/token",
                form=given(
                    grant_type=grant_type,
                    username=username,
                    password=password,
                    refresh_token=refresh_token,
                    subject_token=subject_token,
                    subject_token_type=subject_token_type,
                    requested_token_type=requested_token_type,
                    actor_token=actor_token,
                    organization=organization,
                    workspace=workspace,
                    audience=audience,
                ),
            )
        )

    def introspect(
        self, *, token: str | None = None, token_type_hint: str | None = None
    ) -> Introspection:
        """Tell a service of the product whether a token is good now: for those with a service
        key.
        """
        return self._send(
            Call(
                "POST",
                "/api/v1/auth/introspect",
                form=given(token=token, token_type_hint=token_type_hint),
            )
        )

    def revoke(self, *, token: str | None = None, token_type_hint: str | None = None) -> None:
        """Revoke a refresh token or an access token: its session ends, with all tokens of it."""
        self._send(
            Call(
                "POST",
                "/api/v1/auth/revoke",
                form=given(token=token, token_type_hint=token_type_hint),
            )
        )

    def sign_up(
        self,
        *,
        email: str,
        password: str,
        name: str | None = None,
        invitation_token: str | None = None,
    ) -> SignUp:
        """Sign up: an account, its personal organization with a workspace, and a first session."""
        return self._send(
            Call(
                "POST",
                "/api/v1/auth/sign-up",
                json=given(
                    email=email, password=password, name=name, invitation_token=invitation_token
                ),
            )
        )

    def sign_out(self) -> None:
        """Sign out: this session's tokens are refused from the very next request on."""
        self._send(Call("POST", "/api/v1/auth/sign-out"))

    def verify_email(self, *, token: str) -> None:
        """Prove your address by the token of the letter."""
        self._send(Call("POST", "/api/v1/auth/verify-email", json=given(token=token)))

    def resend_verification(self) -> None:
        """Send the letter that proves your address again; nothing where it is proven."""
        self._send(Call("POST", "/api/v1/auth/verify-email/resend"))

    def forget_password(self, *, email: str) -> None:
        """Ask for a letter to choose a new password; the answer never tells whether one was
        sent.
        """
        self._send(Call("POST", "/api/v1/auth/password/forgot", json=given(email=email)))

    def reset_password(self, *, token: str, password: str) -> None:
        """Choose a new password by the token of the letter; ends every session."""
        self._send(
            Call("POST", "/api/v1/auth/password/reset", json=given(token=token, password=password))
        )

    def change_password(self, *, current_password: str, new_password: str) -> None:
        """Choose a new password by the present one; ends your other sessions at once."""
        self._send(
            Call(
                "POST",
                "/api/v1/auth/password/change",
                json=given(current_password=current_password, new_password=new_password),
            )
        )
