"""The wording of letters about accounts."""

from tenantry.kit.secrets import Secret
from tenantry.mail.model import Letter, Links
from tenantry.users.model import User


def verification(links: Links, user: User, token: Secret) -> Letter:
    """Asks the person to confirm that the address is theirs."""
    return Letter(
        recipient=user.email,
        subject="Confirm your e-mail address",
        paragraphs=[
            f"Hello {user.name},",
            "please confirm that this e-mail address is yours. The link works for three days.",
        ],
        button="Confirm my address",
        link=links.with_token(links.verify_email, token),
        note="If you did not sign up, ignore this letter: nothing happens without the link.",
    )


def password_reset(links: Links, user: User, token: Secret) -> Letter:
    """Lets the person choose a new password."""
    return Letter(
        recipient=user.email,
        subject="Choose a new password",
        paragraphs=[
            f"Hello {user.name},",
            "somebody, probably you, asked for a new password. The link works for one hour, once.",
        ],
        button="Choose a new password",
        link=links.with_token(links.reset_password, token),
        note="If it was not you, ignore this letter: your password stays as it is.",
    )


def first_password(links: Links, user: User, token: Secret, organization: str) -> Letter:
    """Tells the owner of a new organization of it, and lets them choose their first password."""
    return Letter(
        recipient=user.email,
        subject="Choose a password",
        paragraphs=[
            f"Hello {user.name},",
            f"the organization {organization} was opened for you, and you are its Admin. Choose a"
            " password to sign in. The link works for seven days, once; after that, ask for a new"
            " password with your address.",
        ],
        button="Choose a password",
        link=links.with_token(links.reset_password, token),
        note="If you do not know of this, ignore this letter: nobody can sign in without the link.",
    )
