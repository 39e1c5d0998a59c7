"""Asking for access on the wire: one question, or up to a thousand."""

from collections.abc import Sequence
from typing import Annotated, Any, Self

import orjson
from pydantic import Field, PrivateAttr

from tenantry.access.permissions import is_permission
from tenantry.api.asking import AskingHere, Glanced
from tenantry.api.fields import WHOLE, Body, OrganizationId, UserId, WorkspaceId
from tenantry.api.permission_names import PermissionName
from tenantry.api.verdicts import VerdictsView, VerdictView, Writer
from tenantry.checks import actions as checks
from tenantry.checks.model import Question
from tenantry.kit.ids import Kind, parse_plain

LARGEST_BATCH = 1000
_MEMBERS = {"organization_id", "permission", "workspace_id", "user_id", "at_least_as_fresh"}
_GREATEST = 2**53 - 1  # the greatest whole number that every JSON parser keeps (RFC 7493, 2.2)


class Check(Body):
    """May a user do this in an organization, or in one of its workspaces?

    The user is who asks, where none is named. `at_least_as_fresh` is a revision that the answer
    must know of: the `Tenantry-Revision` of an act.
    """

    organization_id: OrganizationId
    workspace_id: WorkspaceId | None = None
    user_id: UserId | None = None
    permission: PermissionName
    at_least_as_fresh: Annotated[int, Field(ge=1, le=_GREATEST), WHOLE] | None = None

    @property
    def question(self) -> Question:
        """The same for rooms."""
        return Question(
            self.organization_id.hex,
            self.workspace_id and self.workspace_id.hex,
            self.user_id and self.user_id.hex,
            self.permission,
            self.at_least_as_fresh,
        )


class CheckBatch(Glanced):
    """Up to a thousand questions; the answers are all of one moment."""

    checks: Annotated[list[Check], Field(min_length=1, max_length=LARGEST_BATCH)]
    _questions: list[Question] | None = PrivateAttr(None)

    @property
    def questions(self) -> list[Question]:
        """The same for rooms."""
        if self._questions is None:
            self._questions = [check.question for check in self.checks]
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


async def check(here: AskingHere, body: Check) -> VerdictView:
    """Check whether somebody may do something, and say why, or why not.

    Everybody may ask about themselves; about others those with `member:read` there, and service
    keys about everybody. To who is no member an organization is as if it were not there: not
    allowed, and nothing else is told.
    """
    questions = [body.question]
    (verdict,) = await checks.check_all(here.asking, questions, ["#/user_id"])
    return _sent(Writer().one(questions[0], verdict))


async def check_batch(here: AskingHere, body: CheckBatch) -> VerdictsView:
    """Check up to a thousand things at once; one that may not be asked refuses them all."""
    questions = body.questions
    verdicts = await checks.check_all(here.asking, questions, _pointers(len(questions)))
    return _sent(Writer().all(questions, verdicts))


def _sent(written: bytes) -> Any:
    return orjson.Fragment(written)


def _pointers(count: int) -> Sequence[str]:
    return [f"#/checks/{place}/user_id" for place in range(count)]


def _glanced(body: bytes) -> list[Question] | None:
    """The questions; None where anything is out of the ordinary."""
    whole = orjson.loads(body)
    checks = whole["checks"]
    if len(whole) != 1 or not 1 <= len(checks) <= LARGEST_BATCH or b"\\" in body:
        return None
    reader, texts = _Reader(), 1  # as many texts as there are: the name of `checks` is the first
    questions = list[Question]()
    for each in checks:
        question = reader.question(each)
        if question is None:
            return None
        texts += len(each) + sum(isinstance(value, str) for value in each.values())
        questions.append(question)
    # A member that came twice would have left its quotes, and nothing else, in the body.
    return questions if body.count(b'"') == 2 * texts else None


class _Reader:
    """Reads members of questions; most of a batch are of the same few."""

    def __init__(self) -> None:
        self._ids: dict[tuple[Kind, str], str | None] = {}
        self._permissions: set[str] = set()

    def question(self, given: dict[str, Any]) -> Question | None:
        """The question, where it is plainly flawless."""
        if not given.keys() <= _MEMBERS or given.get("at_least_as_fresh") is not None:
            return None
        org_id = self._id(Kind.ORGANIZATION, given["organization_id"])
        workspace, user = given.get("workspace_id"), given.get("user_id")
        workspace_id = None if workspace is None else self._id(Kind.WORKSPACE, workspace)
        user_id = None if user is None else self._id(Kind.USER, user)
        permission = given["permission"]
        if permission not in self._permissions:
            if not is_permission(permission):
                return None
            self._permissions.add(permission)
        if org_id is None or (workspace_id is None) != (workspace is None):
            return None
        if (user_id is None) != (user is None):
            return None
        return Question(org_id, workspace_id, user_id, permission)

    def _id(self, kind: Kind, text: str) -> str | None:
        key = kind, text
        if key not in self._ids:
            self._ids[key] = parse_plain(kind, text)
        return self._ids[key]
