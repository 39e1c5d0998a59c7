"""Calls about auth: written from openapi.json, by `make openapi`."""

from tenantry_client.sending import ApiCall, Calls, given
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
        """Get an access token with a password or a refresh token, or an organization token with
        an access token.
        """
        return self._send(
            ApiCall(
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
        """Check whether a token is active; for the product's services, with a service key."""
        return self._send(
            ApiCall(
                "POST",
                "/api/v1/auth/introspect",
                form=given(token=token, token_type_hint=token_type_hint),
            )
        )

    def revoke(self, *, token: str | None = None, token_type_hint: str | None = None) -> None:
        """Revoke a refresh token or an access token: its session ends, with all of its tokens."""
        self._send(
            ApiCall(
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
        """Create an account with a personal organization and a workspace, and sign in."""
        return self._send(
            ApiCall(
                "POST",
                "/api/v1/auth/sign-up",
                json=given(
                    email=email, password=password, name=name, invitation_token=invitation_token
                ),
            )
        )

    def sign_out(self) -> None:
        """Sign out: this session's tokens are refused from the next request on."""
        self._send(ApiCall("POST", "/api/v1/auth/sign-out"))

    def verify_email(self, *, token: str) -> None:
        """Verify your email address with the token from the email."""
        self._send(ApiCall("POST", "/api/v1/auth/verify-email", json=given(token=token)))

    def resend_verification(self) -> None:
        """Send the verification email again; nothing is sent if your address is verified."""
        self._send(ApiCall("POST", "/api/v1/auth/verify-email/resend"))

    def forget_password(self, *, email: str) -> None:
        """Request an email to reset a password; the response never reveals whether one was
        sent.
        """
        self._send(ApiCall("POST", "/api/v1/auth/password/forgot", json=given(email=email)))

    def reset_password(self, *, token: str, password: str) -> None:
        """Set a new password with the token from the email; this ends every session."""
        self._send(
            ApiCall(
                "POST", "/api/v1/auth/password/reset", json=given(token=token, password=password)
            )
        )

    def change_password(self, *, current_password: str, new_password: str) -> None:
        """Change your password; your other sessions end at once."""
        self._send(
            ApiCall(
                "POST",
                "/api/v1/auth/password/change",
                json=given(current_password=current_password, new_password=new_password),
            )
        )
