"""Batches of invitations: each one is created or refused independently."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, cast

from pydantic import Field, ValidationError, WrapValidator, field_validator
from typing_extensions import TypedDict

from tenantry.api.context import WriteContext
from tenantry.api.parsing import Unacceptable, unacceptable
from tenantry.api.routing.declarations import Routes
from tenantry.api.schemas.fields import Body
from tenantry.api.schemas.problems import Problem
from tenantry.api.v1.tenancy.invitations import InvitationCreate, InvitationView, request_of, view
from tenantry.authz.builtin_permissions import Permission
from tenantry.http.problems import problem_of
from tenantry.http.request import BATCH_BODY
from tenantry.kit.refusals import Invalid, Refusal
from tenantry.kit.text import email_address
from tenantry.tenancy.invitations.invite import invite_all
from tenantry.tenancy.invitations.model import (
    MOST_GRANTS,
    Invitation,
    InvitationRequest,
    TooManyGrants,
)

route = Routes()

LARGEST_BATCH = 100


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An item that is not an invitation: the reason, and its address as far as it has one."""

    email: str | None
    refusal: Unacceptable


def _each_by_itself(value: Any, validate: Any) -> Any:
    """Report what is wrong with an item in its own result, so that the others succeed."""
    try:
        return validate(value)
    except ValidationError as broken:
        given = cast(dict[str, Any], value).get("email") if isinstance(value, dict) else None
        email = email_address(given) if isinstance(given, str) else None
        return Unreadable(email, unacceptable(broken, prefix="#"))


def _grants_of(item: Any) -> int:
    given = cast(dict[str, Any], item).get("workspaces") if isinstance(item, dict) else None
    return len(cast(list[Any], given)) if isinstance(given, list) else 0


class InvitationsCreate(Body):
    """Invitations; an error in one does not affect the others."""

    invitations: Annotated[
        list[Annotated[InvitationCreate, WrapValidator(_each_by_itself)]],
        Field(min_length=1, max_length=LARGEST_BATCH),
    ]

    @field_validator("invitations", mode="before")
    @classmethod
    def _is_bounded(cls, items: Any) -> Any:
        """Counted before the items are read: what is too much costs no more than its bytes."""
        if isinstance(items, list):
            given = cast(list[Any], items)
            if sum(map(_grants_of, given)) > MOST_GRANTS:
                raise ValueError(TooManyGrants().errors[0]["detail"])
        return cast(Any, items)


class InvitationOutcome(TypedDict):
    """The result of one item; `email` is null if it had no readable address."""

    email: str | None
    status: Literal["created", "refused"]
    invitation: InvitationView | None
    problem: Problem | None


class InvitationOutcomes(TypedDict):
    """The result of each item, in the order of the request."""

    results: list[InvitationOutcome]


@route.post(
    "/organizations/{org_id}/invitations/batch",
    Permission.MEMBER_INVITE,
    id="invitations.create_batch",
    refuses={409},
    keyed=True,
    limited=True,
    largest_body=BATCH_BODY,
)
async def create(ctx: WriteContext, body: InvitationsCreate) -> InvitationOutcomes:
    """Invite up to 100 people at once; each is invited or refused independently.

    Together they may be given at most 500 workspace roles. The response is 200 whatever the
    results: look at `results`.
    """
    drafts = list(map(_draft, cast(list[InvitationCreate | Unreadable], body.invitations)))
    outcomes = await invite_all(
        ctx.in_organization, [each for each in drafts if isinstance(each, InvitationRequest)]
    )
    made = iter(outcomes)
    results = [
        _outcome(
            ctx,
            place,
            draft,
            next(made) if isinstance(draft, InvitationRequest) else draft.refusal,
        )
        for place, draft in enumerate(drafts)
    ]
    return {"results": results}


def _draft(item: InvitationCreate | Unreadable) -> InvitationRequest | Unreadable:
    if isinstance(item, Unreadable):
        return item
    try:
        return request_of(item)
    except Unacceptable as refusal:
        return Unreadable(item.email, refusal)


def _outcome(
    ctx: WriteContext,
    place: int,
    draft: InvitationRequest | Unreadable,
    became: Invitation | Refusal,
) -> InvitationOutcome:
    if isinstance(became, Invitation):
        made = view(became)
        return {"email": draft.email, "status": "created", "invitation": made, "problem": None}
    problem: Any = problem_of(became, ctx.request.id)
    if isinstance(became, Invalid):
        problem["errors"] = [
            {**error, "pointer": f"#/invitations/{place}{error['pointer'].removeprefix('#')}"}
            for error in became.errors
        ]
    return {"email": draft.email, "status": "refused", "invitation": None, "problem": problem}
