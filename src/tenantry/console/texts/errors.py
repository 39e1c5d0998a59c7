"""Error texts: a title and a sentence for each code that a page may show."""

from collections.abc import Mapping

from tenantry.console.texts.languages import mark

ErrorText = tuple[str, str]

# Other codes are shown with the refusal's own sentence.
ERRORS: Mapping[str, ErrorText] = {
    "not_found": (
        mark("Not found"),
        mark("It may not exist, or you may not have access. Check the address, or ask an Admin."),
    ),
    "permission_denied": (
        mark("Your role does not allow this"),
        mark("Ask an Admin of the organization for a role that allows it."),
    ),
    "limit_reached": (
        mark("Limit reached"),
        mark("Remove one first, or ask your operator to raise the limit."),
    ),
    "event_budget_spent": (
        mark("Daily limit reached"),
        mark(
            "Your organization's audit log is full for today. Try again later, or ask your "
            "operator to raise the limit."
        ),
    ),
    "sign_up_closed": (
        mark("Sign-up is closed"),
        mark("If you have an account, sign in. If you were invited, open the link in the email."),
    ),
    "form_outdated": (
        mark("This form has expired"),
        mark(
            "Nothing was changed. Go back, reload the page and try again. If this keeps "
            "happening, allow cookies for this site."
        ),
    ),
    "foreign_post": (
        mark("This form came from another site"),
        mark("Nothing was changed. Open the page here and fill in the form again."),
    ),
    "payload_too_large": (
        mark("Form too large"),
        mark("Shorten what you entered and try again."),
    ),
    "request_timeout": (
        mark("Request timed out"),
        mark("Your data did not arrive in time. Try again."),
    ),
    "overloaded": (
        mark("The service is busy"),
        mark("Nothing was changed. Wait a few seconds, then try again."),
    ),
    "method_not_allowed": (
        mark("Something went wrong"),
        mark("This page takes no form. Go back, reload the page and try again."),
    ),
}

# For pages that an email's link leads to.
LINK_ERRORS: Mapping[str, ErrorText] = {
    "not_found": (
        mark("This link is not valid"),
        mark(
            "It may be incomplete, or the page was open for too long. Open the link in the "
            "email again, or copy all of it."
        ),
    ),
    "token_spent": (
        mark("This link is no longer valid"),
        mark(
            "It was used already or has expired. If you used it, you're done. If not, "
            "request a new email."
        ),
    ),
    "invitation_accepted": (
        mark("This invitation was already accepted"),
        mark("If that was you, sign in as usual."),
    ),
    "invitation_declined": (
        mark("This invitation was declined"),
        mark("Want to join after all? Ask for a new invitation."),
    ),
    "invitation_expired": (
        mark("This invitation has expired"),
        mark("Ask the person who invited you for a new one."),
    ),
    "invitation_revoked": (
        mark("This invitation was revoked"),
        mark("If that surprises you, ask the person who invited you."),
    ),
    "invitation_resent": (
        mark("There is a newer email"),
        mark("This invitation was resent. Open the link in the newest email."),
    ),
    "limit_reached": (
        mark("No seats left"),
        mark(
            "The organization has reached its member limit. Tell the person who invited you; "
            "your invitation stays open."
        ),
    ),
    "inviter_cannot_grant": (
        mark("This invitation is no longer valid"),
        mark(
            "The person who invited you has left or may no longer grant these roles. Ask for "
            "a new invitation."
        ),
    ),
    "invitation_for_another_email": (
        mark("This invitation is for another account"),
        mark(
            "You are signed in with a different address. Open the link in the email again to "
            "switch accounts."
        ),
    ),
    "already_member": (
        mark("You are already a member"),
        mark("Sign in as usual."),
    ),
    "sign_up_closed": (
        mark("Sign-up is closed"),
        mark("If you have an account, open the link in the email again and sign in."),
    ),
    "form_outdated": (
        mark("This form has expired"),
        mark(
            "Nothing was changed. Open the link in the email again. If this keeps happening, "
            "allow cookies for this site."
        ),
    ),
    "foreign_post": (
        mark("This form came from another site"),
        mark("Open the link in the email again."),
    ),
}


def error_text(code: str, *, from_link: bool) -> ErrorText | None:
    """None if the refusal's own sentence is shown."""
    return (LINK_ERRORS.get(code) if from_link else None) or ERRORS.get(code)


# Raised as a formatted string, which cannot be extracted.
mark("Use 12 to 256 characters; spaces are welcome.")
