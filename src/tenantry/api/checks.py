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
_PLAIN = {"organization_id", "permission", "workspace_id", "user_id"}
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
    reader = _Reader()
    questions = [reader.question(each) for each in checks]
    # A member that came twice would have left its quotes, and nothing else, in the body; besides
    # the texts in questions there is the name of `checks`.
    return questions if body.count(b'"') == 2 * (reader.texts + 1) else None


class _Reader:
    """Reads members of questions; most of a batch are of the same few."""

    def __init__(self) -> None:
        self.texts = 0
        """How many texts there were, names of members among them."""
        self._shapes: set[tuple[str, ...]] = set()
        self._organizations = _Ids(Kind.ORGANIZATION)
        self._workspaces = _Ids(Kind.WORKSPACE)
        self._users = _Ids(Kind.USER)
        self._permissions = _Permissions()

    def question(self, given: dict[str, Any]) -> Question:
        """The question, where it is plainly flawless; else KeyError, TypeError."""
        shape = tuple(given)
        if shape not in self._shapes:
            if not _PLAIN.issuperset(shape):
                raise KeyError
            self._shapes.add(shape)
        workspace, user = given.get("workspace_id"), given.get("user_id")
        self.texts += len(shape) + 2 + (workspace is not None) + (user is not None)
        return Question(
            self._organizations[given["organization_id"]],
            None if workspace is None else self._workspaces[workspace],
            None if user is None else self._users[user],
            self._permissions[given["permission"]],
        )


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
