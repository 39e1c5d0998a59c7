"""The page on which people are invited: one address, or many."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.choices import role_choices, visible_workspaces
from tenantry.console.forms.form import BAD_EMAIL, Form
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

_MOST_ADDRESSES = 100
_LONGEST_MESSAGE = 500
_MOST_WORKSPACES = 50
_WORKSPACE_FIELD = "workspace:"
_DAYS = ("1", "3", "7", "14", "30")
_LIFETIME = mark_plural("{n} day", "{n} days")

_SEPARATORS = re.compile(r"[\n\r,;]+")
_BRACKETED = re.compile(r"<([^<>]*@[^<>]*)>")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to one address; `error` is empty if it was invited."""

    address: str
    error: str = ""


@organization_page("/people/invite", Permission.MEMBER_INVITE, largest_form=DOCUMENT_BODY)
async def new(page: OrganizationPage) -> Response:
    return await _form(page)


@new.post
async def create(page: OrganizationPage) -> Response:
    """Invites each address independently; the form is shown again with those that failed."""
    form = await page.form()
    addresses = addresses_in(form.text("addresses", most=20_000))
    if not addresses:
        form.errors["addresses"] = mark("Enter at least one email address.")
    if len(addresses) > _MOST_ADDRESSES:
        form.errors["addresses"] = mark("Enter at most 100 addresses at a time.")
    request = _request(form)
    if len(addresses) * len(request.workspaces) > MOST_GRANTS:
        form.errors["addresses"] = mark(
            "Invite fewer people at once, or choose fewer workspaces for them."
        )
    form.ensure_valid()
    outcomes = await _invite_all(page, addresses, request)
    failed = [each.address for each in outcomes if each.error]
    if failed:
        status = 422 if len(failed) == len(outcomes) else 200
        submitted = {**form.fields, "addresses": "\n".join(failed)}
        return await _form(page, status, outcomes=outcomes, submitted=submitted)
    if len(outcomes) == 1:
        sent, email = mark("Invitation sent to {email}"), outcomes[0].address
        return page.redirect(f"{page.base}/people", sent, email=email)
    # Sending many emails takes a while: this list shows how far each has come.
    path = f"{page.base}/people/invitations?status=pending"
    return page.redirect(path, mark("{n} invitations sent"), n=str(len(outcomes)))


def addresses_in(text: str) -> list[str]:
    """Possible addresses, each once, in order; they are not validated.

    Of `Nora <nora@example.com>` (RFC 5322, 3.4), the address in brackets; text without brackets is
    split at whitespace.
    """
    found = list[str]()
    for piece in _SEPARATORS.split(text):
        found.extend(_BRACKETED.findall(piece) or piece.split())
    return list(dict.fromkeys(each.strip() for each in found if each.strip()))


def _request(form: Form) -> InvitationRequest:
    """What all of them are offered; the address is added for each."""
    return InvitationRequest(
        email="",
        role=form.text("role", most=60),
        workspaces=_workspace_roles(form),
        lifetime=timedelta(days=int(form.choice("days", frozenset(_DAYS)) or "7")),
        message=form.text("message", most=_LONGEST_MESSAGE),
    )


def _workspace_roles(form: Form) -> dict[UUID, str]:
    chosen = dict[UUID, str]()
    for text in form.ticked(_WORKSPACE_FIELD):
        workspace_id = parse(Kind.WORKSPACE, text)
        role = form.text(f"{_WORKSPACE_FIELD}{text}", most=60)
        if workspace_id is not None and role:
            chosen[workspace_id] = role
    return chosen


async def _invite_all(
    page: OrganizationPage, addresses: Sequence[str], request: InvitationRequest
) -> list[Outcome]:
    known = {each: email_address(each) for each in addresses}
    emails = list(dict.fromkeys(email for email in known.values() if email))
    requests = [replace(request, email=email) for email in emails]
    results = await page.write(
        lambda tx, authority: invite_all(page.ctx.use_case(tx, authority), requests)
    )
    by_email = dict(zip(emails, results, strict=True))
    return [
        Outcome(email or each, _error_of(by_email[email]) if email else BAD_EMAIL)
        for each, email in known.items()
    ]


def _error_of(result: Invitation | Refusal) -> str:
    if isinstance(result, Invalid):
        return result.errors[0]["detail"]
    return str(result) if isinstance(result, Refusal) else ""


async def _form(
    page: OrganizationPage,
    status: int = 200,
    *,
    outcomes: Sequence[Outcome] = (),
    submitted: dict[str, str] | None = None,
) -> Response:
    await page.reading.authorize()
    choices = await role_choices(page)
    workspaces = await visible_workspaces(page, archived=False, most=_MOST_WORKSPACES)
    example = {"invitations": [{"email": "nora@example.com", "role": "viewer"}]}
    return page.render(
        "invitations/invite.html",
        status,
        breadcrumbs=breadcrumbs(page),
        roles=choices.grantable,
        workspace_roles=choices.grantable_in_workspace,
        days=[(days, page.ctx.translate(_LIFETIME, n=days)) for days in _DAYS],
        workspaces=[
            (f"{_WORKSPACE_FIELD}{show_id(Kind.WORKSPACE, each.id)}", each.name)
            for each in workspaces
        ],
        outcomes=outcomes,
        curl=page.curl("POST", f"/organizations/{page.org_id}/invitations/batch", example),
        **({"submitted": submitted} if submitted else {}),
    )
