"""Access checks: one, or up to a thousand in one call."""

from collections.abc import Sequence
from typing import Annotated, Any, Self

import orjson
from pydantic import Field, PrivateAttr

from tenantry.api.context import CheckContext
from tenantry.api.parsing import LargeBody
from tenantry.api.routing.declarations import Routes
from tenantry.api.schemas.fields import WHOLE, Body, OrganizationId, UserId, WorkspaceId
from tenantry.api.v1.authz.decisions import DecisionsView, DecisionView, DecisionWriter
from tenantry.api.v1.authz.permission_names import PermissionName
from tenantry.authz.builtin_permissions import is_permission
from tenantry.authz.decisions import actions as checks
from tenantry.authz.decisions.model import CheckRequest
from tenantry.http.access import Requirement
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


class CheckBatch(LargeBody):
    """Up to a thousand checks, all answered as of the same moment."""

    checks: Annotated[list[Check], Field(min_length=1, max_length=LARGEST_BATCH)]
    _request: CheckRequest | None = PrivateAttr(None)

    @property
    def request(self) -> CheckRequest:
        """The same for the use case."""
        if self._request is None:
            self._request = _request(self.checks)
        return self._request

    @classmethod
    def parse_fast(cls, body: bytes) -> Self | None:
        """The batch, if it is plainly valid: full validation of a thousand checks is too slow.

        None for anything else, which is then validated fully.
        """
        try:
            request = _parse_fast(body)
        except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
            return None
        if request is None:
            return None
        batch = cls.model_construct()
        batch._request = request
        return batch


@route.post("/check", Requirement.BEARER, id="access.check", refuses={409})
async def check(ctx: CheckContext, body: Check) -> DecisionView:
    """Check whether a user may do something, and explain the answer.

    Anyone may ask about themselves. Asking about others needs `member:read` in the organization;
    service keys may ask about everyone. If the caller is not a member, the organization is treated
    as unknown: not allowed, with no further explanation.
    """
    request = _request([body])
    (decision,) = await checks.check_all(ctx.asking, request, ["#/user_id"])
    return _sent(DecisionWriter()[decision, request.workspace_ids[0]])


@route.post(
    "/check/batch",
    Requirement.BEARER,
    id="access.check_batch",
    refuses={409},
    largest_body=BATCH_BODY,
)
async def check_batch(ctx: CheckContext, body: CheckBatch) -> DecisionsView:
    """Check up to a thousand permissions at once; if the caller may not ask one of them, the whole
    call is refused."""
    request = body.request
    decisions = await checks.check_all(ctx.asking, request, _POINTERS)
    return _sent(DecisionWriter().all(decisions, request.workspace_ids))


def _sent(written: bytes) -> Any:
    return orjson.Fragment(written)


def _request(given: Sequence[Check]) -> CheckRequest:
    freshness = [each.at_least_as_fresh for each in given]
    return CheckRequest(
        [each.organization_id.hex for each in given],
        [each.workspace_id and each.workspace_id.hex for each in given],
        [each.user_id and each.user_id.hex for each in given],
        [each.permission for each in given],
        freshness if any(freshness) else [],
    )


def _parse_fast(body: bytes) -> CheckRequest | None:
    """The checks of a body; None, KeyError or TypeError if anything in it is unusual."""
    whole = orjson.loads(body)
    checks: list[dict[str, Any]] = whole["checks"]
    if len(whole) != 1 or not 1 <= len(checks) <= LARGEST_BATCH or b"\\" in body:
        return None
    if not all(map(_PLAIN.issuperset, {tuple(each) for each in checks})):
        return None
    organizations, workspaces = _Ids(Kind.ORGANIZATION), _Ids(Kind.WORKSPACE)
    users, permissions = _Ids(Kind.USER), _Permissions()
    request = CheckRequest(
        [organizations[each["organization_id"]] for each in checks],
        [_known(workspaces, each.get("workspace_id")) for each in checks],
        [_known(users, each.get("user_id")) for each in checks],
        [permissions[each["permission"]] for each in checks],
        [],
    )
    return request if body.count(b'"') == 2 * _count_texts(checks, request) else None


def _known(ids: "_Ids", text: str | None) -> str | None:
    return None if text is None else ids[text]


def _count_texts(checks: Sequence[dict[str, Any]], request: CheckRequest) -> int:
    """How many strings a valid body has; one more, and a member of some check came twice."""
    values = 4 * len(checks)
    nulls = request.workspace_ids.count(None) + request.user_ids.count(None)
    return 1 + sum(map(len, checks)) + values - nulls


class _Ids(dict[str, str]):
    """Ids of one kind that were parsed already, as 32 hexadecimal digits."""

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
    """Permissions that were found valid already."""

    def __missing__(self, text: str) -> str:
        if not is_permission(text):
            raise KeyError(text)
        self[text] = text
        return text
