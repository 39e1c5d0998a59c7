"""The page on which people are invited: one, or many by pasted addresses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.choices import Choice, role_choices, workspaces_seen
from tenantry.console.forms.form import BAD_EMAIL, Form
from tenantry.console.invitations.pasted_addresses import addresses_in
from tenantry.console.members.members import breadcrumbs
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark, mark_plural
from tenantry.console.user_pages import OrganizationPage
from tenantry.http.request import DOCUMENT_BODY
from tenantry.kit.ids import Kind, parse
from tenantry.kit.ids import show as show_id
from tenantry.kit.refusals import Invalid, Refusal
from tenantry.kit.text import email_address
from tenantry.tenancy.invitations.invite import invite_all
from tenantry.tenancy.invitations.model import MOST_GRANTS, Invitation, InvitationRequest
from tenantry.tenancy.workspaces.model import Workspace

MOST_ADDRESSES = 100
_LONGEST_MESSAGE = 500
_MOST_WORKSPACES = 50
_IN_WORKSPACE = "workspace:"
_DAYS = ("1", "3", "7", "14", "30")

_NONE = mark("Enter at least one email address.")
_TOO_MANY = mark("Enter at most 100 addresses at a time.")
_TOO_MANY_ROLES = mark("Invite fewer people at once, or choose fewer workspaces for them.")
_INVITED_ONE = mark("Invitation sent to {email}")
_INVITED = mark("{n} invitations sent")
_LIFETIME = mark_plural("{n} day", "{n} days")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one address; `refused` says why where nobody was invited."""

    address: str
    refused: str = ""


@dataclass(frozen=True, slots=True)
class WorkspaceChoice:
    """A workspace that can be offered besides, and the field for the role there."""

    field: str
    workspace: Workspace


@organization_page("/people/invite", Permission.MEMBER_INVITE, largest_form=DOCUMENT_BODY)
async def ask(page: OrganizationPage) -> Response:
    """Show the form."""
    return await _form(page)


@ask.post
async def invite(page: OrganizationPage) -> Response:
    """Invite each address by itself; the form comes again with those that were refused."""
    form = await page.form()
    addresses = addresses_in(form.text("addresses", most=20_000))
    if not 1 <= len(addresses) <= MOST_ADDRESSES:
        form.errors["addresses"] = _TOO_MANY if addresses else _NONE
    model = _model(form)
    if len(addresses) * len(model.workspaces) > MOST_GRANTS:
        form.errors["addresses"] = _TOO_MANY_ROLES
    form.ensure_valid()
    outcomes = await _invite_all(page, addresses, model)
    refused = [each.address for each in outcomes if each.refused]
    if refused:
        status = 422 if len(refused) == len(outcomes) else 200
        again = {**form.fields, "addresses": "\n".join(refused)}
        return await _form(page, outcomes, again, status)
    return _done(page, outcomes)


def _model(form: Form) -> InvitationRequest:
    """What all of them are offered; the address is put in for each."""
    return InvitationRequest(
        email="",
        role=form.text("role", most=60),
        workspaces=_workspaces(form),
        lifetime=timedelta(days=int(form.choice("days", frozenset(_DAYS)) or "7")),
        message=form.text("message", most=_LONGEST_MESSAGE),
    )


def _workspaces(form: Form) -> dict[UUID, str]:
    """The roles that are chosen for workspaces; a field that names none is none of ours."""
    wanted = dict[UUID, str]()
    for text in form.ticked(_IN_WORKSPACE):
        workspace_id = parse(Kind.WORKSPACE, text)
        role = form.text(f"{_IN_WORKSPACE}{text}", most=60)
        if workspace_id is not None and role:
            wanted[workspace_id] = role
    return wanted


async def _invite_all(
    page: OrganizationPage, addresses: Sequence[str], model: InvitationRequest
) -> list[Outcome]:
    known = {each: email_address(each) for each in addresses}
    emails = list(dict.fromkeys(email for email in known.values() if email))
    requests = [replace(model, email=email) for email in emails]
    outcomes = await page.write(
        lambda tx, authority: invite_all(page.ctx.use_case(tx, authority), requests)
    )
    made = dict(zip(emails, outcomes, strict=True))
    return [
        Outcome(email or each, _why_not(made[email]) if email else BAD_EMAIL)
        for each, email in known.items()
    ]


def _why_not(outcome: Invitation | Refusal) -> str:
    if isinstance(outcome, Invalid):
        return outcome.errors[0]["detail"]
    return str(outcome) if isinstance(outcome, Refusal) else ""


def _done(page: OrganizationPage, outcomes: Sequence[Outcome]) -> Response:
    if len(outcomes) == 1:
        return page.redirect(f"{page.base}/people", _INVITED_ONE, email=outcomes[0].address)
    # Many letters take a while: each stands there with how far its own has come.
    path = f"{page.base}/people/invitations?status=pending"
    return page.redirect(path, _INVITED, n=str(len(outcomes)))


async def _form(
    page: OrganizationPage,
    outcomes: Sequence[Outcome] = (),
    filled: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    await page.reading.authorize()
    choices = await role_choices(page)
    seen = await workspaces_seen(page, archived=False, most=_MOST_WORKSPACES)
    return page.render(
        "invitations/invite.html",
        status,
        breadcrumbs=breadcrumbs(page),
        roles=choices.given,
        roles_there=choices.given_there,
        days=_days(page),
        offers=[
            WorkspaceChoice(f"{_IN_WORKSPACE}{show_id(Kind.WORKSPACE, each.id)}", each)
            for each in seen
        ],
        outcomes=outcomes,
        curl=_curl(page),
        **({"submitted": filled} if filled else {}),
    )


def _days(page: OrganizationPage) -> list[Choice]:
    translate = page.ctx.translate
    return [(days, translate(_LIFETIME, n=days)) for days in _DAYS]


def _curl(page: OrganizationPage) -> str:
    example = {"invitations": [{"email": "nora@example.com", "role": "viewer"}]}
    return page.curl("POST", f"/organizations/{page.org_id}/invitations/batch", example)
