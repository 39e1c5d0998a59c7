"""Access checks: one, or up to a thousand in one call."""

from collections.abc import Sequence
from typing import Annotated, Any, Self

import orjson
from pydantic import Field, PrivateAttr

from tenantry.api.check_pipeline import CheckContext, Glanced
from tenantry.api.routing.declarations import Routes
from tenantry.api.routing.operations import Requirement
from tenantry.api.schemas.fields import WHOLE, Body, OrganizationId, UserId, WorkspaceId
from tenantry.api.v1.authz.decisions import DecisionWriter, VerdictsView, VerdictView
from tenantry.api.v1.authz.permission_names import PermissionName
from tenantry.authz.builtin_permissions import is_permission
from tenantry.authz.decisions import actions as checks
from tenantry.authz.decisions.model import CheckRequest
from tenantry.http.request import BATCH_BODY
from tenantry.kit.ids import Kind, parse_plain

route = Routes()

LARGEST_BATCH = 1000
_PLAIN = {"organization_id", "permission", "workspace_id", "user_id"}
_POINTERS = [f"#/checks/{place}/user_id" for place in range(LARGEST_BATCH)]
_GREATEST = 2**53 - 1  # the greatest whole number that every JSON parser keeps (RFC 7493, 2.2)


class Check(Body):
    """May a user do this in an organization, or in one of its workspaces?

    Without `user_id`, the check is about the caller. `at_least_as_fresh` is the `Tenantry-Revision`
    of a change that the answer must take into account.
    """

    organization_id: OrganizationId
    workspace_id: WorkspaceId | None = None
    user_id: UserId | None = None
    permission: PermissionName
    at_least_as_fresh: Annotated[int, Field(ge=1, le=_GREATEST), WHOLE] | None = None


class CheckBatch(Glanced):
    """Up to a thousand checks, all answered as of the same moment."""

    checks: Annotated[list[Check], Field(min_length=1, max_length=LARGEST_BATCH)]
    _questions: CheckRequest | None = PrivateAttr(None)

    @property
    def questions(self) -> CheckRequest:
        """The same for rooms."""
        if self._questions is None:
            self._questions = _asked(self.checks)
        return self._questions

    @classmethod
    def at_a_glance(cls, body: bytes) -> Self | None:
        """The batch, where it is plainly flawless: for a thousand, a close look takes too long.

        None for all else, which is then looked at closely, and refused in words or not.
        """
        try:
            questions = _glanced(body)
        except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
            return None
        if questions is None:
            return None
        batch = cls.model_construct()
        batch._questions = questions
        return batch


@route.post("/check", Requirement.BEARER, id="access.check", refuses={409})
async def check(ctx: CheckContext, body: Check) -> VerdictView:
    """Check whether a user may do something, and explain the answer.

    Anyone may ask about themselves. Asking about others needs `member:read` in the organization;
    service keys may ask about everyone. If the caller is not a member, the organization is treated
    as unknown: not allowed, with no further explanation.
    """
    questions = _asked([body])
    (decision,) = await checks.check_all(ctx.asking, questions, ["#/user_id"])
    return _sent(DecisionWriter().one(decision, questions.workspace_ids[0]))


@route.post(
    "/check/batch",
    Requirement.BEARER,
    id="access.check_batch",
    refuses={409},
    largest_body=BATCH_BODY,
)
async def check_batch(ctx: CheckContext, body: CheckBatch) -> VerdictsView:
    """Check up to a thousand permissions at once; if the caller may not ask one of them, the whole
    call is refused."""
    questions = body.questions
    decisions = await checks.check_all(ctx.asking, questions, _POINTERS)
    return _sent(DecisionWriter().all(decisions, questions.workspace_ids))


def _sent(written: bytes) -> Any:
    return orjson.Fragment(written)


def _asked(given: Sequence[Check]) -> CheckRequest:
    freshness = [each.at_least_as_fresh for each in given]
    return CheckRequest(
        [each.organization_id.hex for each in given],
        [each.workspace_id and each.workspace_id.hex for each in given],
        [each.user_id and each.user_id.hex for each in given],
        [each.permission for each in given],
        freshness if any(freshness) else [],
    )


def _glanced(body: bytes) -> CheckRequest | None:
    """The questions; None, KeyError or TypeError where anything is out of the ordinary."""
    whole = orjson.loads(body)
    checks: list[dict[str, Any]] = whole["checks"]
    if len(whole) != 1 or not 1 <= len(checks) <= LARGEST_BATCH or b"\\" in body:
        return None
    if not all(map(_PLAIN.issuperset, {tuple(each) for each in checks})):
        return None
    organizations, workspaces = _Ids(Kind.ORGANIZATION), _Ids(Kind.WORKSPACE)
    users, permissions = _Ids(Kind.USER), _Permissions()
    questions = CheckRequest(
        [organizations[each["organization_id"]] for each in checks],
        [_known(workspaces, each.get("workspace_id")) for each in checks],
        [_known(users, each.get("user_id")) for each in checks],
        [permissions[each["permission"]] for each in checks],
        [],
    )
    return questions if body.count(b'"') == 2 * _texts(checks, questions) else None


def _known(ids: "_Ids", text: str | None) -> str | None:
    return None if text is None else ids[text]


def _texts(checks: Sequence[dict[str, Any]], questions: CheckRequest) -> int:
    """How many texts a flawless body has: one more, and a member of some question came twice."""
    values = 4 * len(checks)
    nulls = questions.workspace_ids.count(None) + questions.user_ids.count(None)
    return 1 + sum(map(len, checks)) + values - nulls


class _Ids(dict[str, str]):
    """Ids of one kind that were read already, as texts of 32 hexadecimal digits."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self._kind = kind

    def __missing__(self, text: str) -> str:
        read = parse_plain(self._kind, text)
        if read is None:
            raise KeyError(text)
        self[text] = read
        return read


class _Permissions(dict[str, str]):
    """Permissions that were looked at already."""

    def __missing__(self, text: str) -> str:
        if not is_permission(text):
            raise KeyError(text)
        self[text] = text
        return text
