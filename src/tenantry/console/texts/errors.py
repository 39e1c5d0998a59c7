"""Error texts: a title and a sentence for each code that a page may show."""

from collections.abc import Mapping

from tenantry.console.texts.languages import mark

ErrorText = tuple[str, str]

# For another code its own sentence has to do.
ERRORS: Mapping[str, ErrorText] = {
    "not_found": (
        mark("There is nothing here that you can see"),
        mark("The address may be mistyped, or what was here is gone, or it is not yours to see."),
    ),
    "permission_denied": (
        mark("Your role does not permit this"),
        mark("Ask an Admin of the organization for a role with the permission that it needs."),
    ),
    "limit_reached": (
        mark("There are as many as there may be"),
        mark("Take one away first, or ask who runs this service for more room."),
    ),
    "event_budget_spent": (
        mark("That was too much for one day"),
        mark(
            "Your organization has changed so much that its record of events is full for now. Ask"
            " who runs this service for more room, or go on later."
        ),
    ),
    "sign_up_closed": (
        mark("New accounts are not open here"),
        mark(
            "If you have an account, sign in with it. If you were invited, open the letter's link."
        ),
    ),
    "form_outdated": (
        mark("This form does not hold any more"),
        mark(
            "Nothing was changed. Perhaps you signed in or out since it was shown; or your browser"
            " keeps no cookies, which these pages need. Go back, load the page again, and retry."
        ),
    ),
    "foreign_post": (
        mark("This form came from another site"),
        mark("Nothing was changed. Open the page itself, and fill it in there."),
    ),
    "payload_too_large": (
        mark("That was too much"),
        mark("No form of ours holds as much as was sent."),
    ),
    "request_timeout": (
        mark("That took too long"),
        mark("What you sent did not arrive in time. Try again."),
    ),
    "overloaded": (
        mark("The service is busy"),
        mark("Nothing was changed. Wait a few seconds, then try again."),
    ),
    "unsupported_media_type": (
        mark("That did not work"),
        mark("What was sent is not a form of this page."),
    ),
    "method_not_allowed": (
        mark("That did not work"),
        mark("There is nothing to send at this address. Go back, load the page again, and retry."),
    ),
    "malformed_form": (
        mark("That did not work"),
        mark("What was sent could not be read. Control characters are not accepted."),
    ),
}

# What the same codes mean to who came by a letter, and the codes that letters alone meet.
LINK_ERRORS: Mapping[str, ErrorText] = {
    "not_found": (
        mark("We do not know this link"),
        mark(
            "Perhaps it was cut off on its way, or this page was open for too long:"
            " open it from the letter again, or copy it whole."
        ),
    ),
    "token_spent": (
        mark("This link is used up"),
        mark(
            "It was used already, or its time is over. If it was you who used it, all is done;"
            " if not, ask for a new letter."
        ),
    ),
    "invitation_accepted": (
        mark("This invitation was accepted already"),
        mark("If that was you, you are a member: sign in as you always do."),
    ),
    "invitation_declined": (
        mark("This invitation was declined"),
        mark("Should you want to join after all, ask for a new invitation."),
    ),
    "invitation_expired": (
        mark("This invitation has expired"),
        mark("Ask the person who invited you for a new one."),
    ),
    "invitation_revoked": (
        mark("This invitation was withdrawn"),
        mark("If that surprises you, ask the person who invited you."),
    ),
    "invitation_resent": (
        mark("There is a newer letter"),
        mark("This invitation was sent again: open the link of the newest letter."),
    ),
    "limit_reached": (
        mark("There is no seat left"),
        mark(
            "The organization has as many members as it may have. Tell the person who invited you;"
            " your invitation stays open."
        ),
    ),
    "inviter_cannot_grant": (
        mark("This invitation does not hold any more"),
        mark(
            "The person who invited you has left, or may no longer give what was offered. Ask for"
            " a new invitation."
        ),
    ),
    "invitation_for_another_email": (
        mark("This invitation is for another account"),
        mark(
            "You are signed in with another address than the one that was invited."
            " Open the link of the letter again: there you can switch."
        ),
    ),
    "already_member": (
        mark("You are a member already"),
        mark("There is nothing left to do: sign in as you always do."),
    ),
    "sign_up_closed": (
        mark("New accounts are not open here"),
        mark("If you have an account, open the link of the letter again and sign in with it."),
    ),
    "form_outdated": (
        mark("This form does not hold any more"),
        mark(
            "Nothing was changed. Perhaps you opened another letter, or signed in or out, since it"
            " was shown; or your browser keeps no cookies, which this page needs. Open the link of"
            " the letter again."
        ),
    ),
    "foreign_post": (
        mark("This form came from another site"),
        mark("Open the link of the letter again."),
    ),
}


def error_text(code: str, *, from_link: bool) -> ErrorText | None:
    """Title and sentence for a code; None where the refusal's own sentence has to do."""
    return (LINK_ERRORS.get(code) if from_link else None) or ERRORS.get(code)


# Put together from the limits where it is raised, so it cannot be extracted there.
mark("Use 12 to 256 characters; spaces are welcome.")
