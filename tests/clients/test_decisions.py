"""What is remembered of Tenantry's answers: for seconds, bounded, and nothing that is outdated."""

from tenantry_client.decisions import Decision, Decisions, Question
from tenantry_client.guard import decided_by
from tenantry_client.tokens import OrganizationToken
from tests.clients.test_keys import Clock

VERA, DAVE = Question("org_1", "user_vera", "x:read"), Question("org_1", "user_dave", "x:read")


def remembering(size: int = 3) -> tuple[Decisions, Clock]:
    clock = Clock()
    return Decisions(seconds=3, size=size, clock=clock), clock


def test_an_answer_is_believed_for_its_seconds() -> None:
    decisions, clock = remembering()
    decisions.keep(VERA, Decision(True, 7))
    clock.now += 2.9
    assert decisions.find(VERA) == Decision(True, 7)
    assert decisions.find(Question("org_1", "user_vera", "x:read", "ws_1")) is None
    clock.now += 0.1
    assert decisions.find(VERA) is None


def test_an_answer_must_be_as_new_as_is_asked() -> None:
    decisions, _ = remembering()
    decisions.keep(VERA, Decision(True, 7))
    assert decisions.find(VERA, at_least=7) is not None
    assert decisions.find(VERA, at_least=8) is None
    assert decisions.find(VERA) is None  # nor is it believed any more


def test_with_a_newer_revision_all_older_answers_of_the_organization_go() -> None:
    decisions, _ = remembering()
    elsewhere = Question("org_2", "user_vera", "x:read")
    decisions.keep(VERA, Decision(True, 7))
    decisions.keep(elsewhere, Decision(True, 2))
    decisions.keep(DAVE, Decision(False, 8))
    assert decisions.find(VERA) is None
    assert decisions.find(DAVE) == Decision(False, 8)
    assert decisions.find(elsewhere) == Decision(True, 2)
    decisions.saw("org_1", 9)
    decisions.saw("org_1", 3)  # late, and of no matter
    assert decisions.find(DAVE) is None


def test_an_answer_that_comes_late_does_not_bring_back_what_is_over() -> None:
    decisions, _ = remembering()
    decisions.saw("org_1", 8)
    decisions.keep(VERA, Decision(True, 7))
    assert decisions.find(VERA) is None


def test_no_more_is_remembered_than_there_is_room_for() -> None:
    decisions, _ = remembering(size=2)
    asked = [Question(f"org_{n}", "user_vera", "x:read") for n in range(3)]
    for question in asked:
        decisions.keep(question, Decision(True, 1))
    assert [decisions.find(each) is not None for each in asked] == [False, True, True]


def test_a_token_speaks_of_its_own_place_alone() -> None:
    """A token of a workspace holds what counts there: for the organization it says nothing."""

    def token(workspace_id: str | None) -> OrganizationToken:
        held = frozenset({"invoice:read"})
        return OrganizationToken("user_1", "ses_1", "org_1", workspace_id, "viewer", held, 0)

    places = [None, "ws_1", "ws_2"]
    for given in places:
        allowed = [decided_by(token(given), "invoice:read", place).allowed for place in places]
        assert allowed == [place == given for place in places]
        assert not decided_by(token(given), "invoice:approve", given).allowed
