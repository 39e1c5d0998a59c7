"""An organization ends, and is had back: its page asks for its slug first."""

from starlette.responses import Response

from tenantry.console.forms.confirmation import Confirmation, confirm
from tenantry.console.forms.form import ValidationFailed
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.tenancy.organizations import lifecycle

_DELETE = mark("Delete {name}?")
_GOES = mark(
    "All people, workspaces, roles and invitations in it are gone for everybody, at once."
    " Its slug stays taken."
)
_30_DAYS = mark("For 30 days you can restore it, from the list of your organizations.")
_DELETE_IT = mark("Delete the organization")
_DELETED = mark("{name} is deleted. For 30 days you can restore it here.")
_ANOTHER = mark("This is not the slug of the organization.")
_RESTORE = mark("Restore {name}?")
_COMES_BACK = mark("It will be there for everybody as it was when it was deleted.")
_RESTORE_IT = mark("Restore the organization")
_RESTORED = mark("{name} is restored.")
DELETED = "/organizations?status=deleted"


async def ask(member: OrganizationPage) -> Response:
    """Ask once more, and for the slug: nobody types that by accident."""
    await member.reading.authorize()
    asked = Confirmation(
        title=_DELETE,
        words=(_GOES, _30_DAYS),
        values={"name": member.organization.name},
        button=_DELETE_IT,
        trail=[(f"{member.base}/settings", member.visit.words(mark("Settings")))],
        curl=member.curl("DELETE", f"/organizations/{member.org_id}"),
    )
    return confirm(member, asked, template="delete_organization.html")


async def delete(member: OrganizationPage) -> Response:
    """Delete it. PersonalOrganization; Unfit where another slug was typed."""
    form = await member.filling()
    if form.text("slug", most=100) != member.organization.slug:
        raise ValidationFailed({"slug": _ANOTHER})
    await member.write(lambda tx, authority: lifecycle.delete(tx, authority))
    return member.go_to(DELETED, _DELETED, name=member.organization.name)


async def ask_to_restore(member: OrganizationPage) -> Response:
    """Ask whether a deleted organization shall come back."""
    await member.reading.authorize()
    asked = Confirmation(
        title=_RESTORE,
        words=(_COMES_BACK,),
        values={"name": member.organization.name},
        button=_RESTORE_IT,
        trail=[(DELETED, member.visit.words(mark("Deleted organizations")))],
        curl=member.curl("POST", f"/organizations/{member.org_id}/restore"),
        is_final=False,
    )
    return confirm(member, asked)


async def restore(member: OrganizationPage) -> Response:
    """Take the deletion back. NotFound where it has gone for good."""
    restored = await member.write(lambda tx, authority: lifecycle.restore(tx, authority))
    return member.go_to(f"/organizations/{restored.slug}", _RESTORED, name=restored.name)
