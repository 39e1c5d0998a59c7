"""Forms that this browser was not given by us: refused in words, and nothing changes."""

from collections.abc import Awaitable, Callable

import pytest

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.screens import Screen
from tenantry.http import csrf
from tests.console.conftest import SignedIn
from tests.console.screens import INSIDE, VIEWER, At
from tests.console.visitor import Visitor
from tests.support.cast import PASSWORD, Cast
from tests.support.scene import GOOD_PASSWORD, Scene, new_address

FORMS: list[tuple[str, dict[str, str]]] = [
    ("/invitation", {"way": "accept"}),
    ("/invitation", {"way": "switch"}),
    ("/invitation", {"way": "sign-in", "password": PASSWORD}),
    ("/invitation", {"way": "sign-up", "name": "Nora", "password": GOOD_PASSWORD}),
    ("/invitation/decline", {}),
    ("/sign-out", {}),
]

Forging = Callable[[Visitor, str], Awaitable[dict[str, str]]]


async def with_nothing(visitor: Visitor, email: str) -> dict[str, str]:
    return {"form_token": ""}


async def with_another_browser_s(visitor: Visitor, email: str) -> dict[str, str]:
    return {"form_token": csrf.make("A" * 43, email)}


async def with_one_for_no_one(visitor: Visitor, email: str) -> dict[str, str]:
    return {"form_token": csrf.make("", email)}


async def with_one_of_another_email(visitor: Visitor, email: str) -> dict[str, str]:
    return {"form_token": await visitor.proof("another email")}


async def with_a_changed_one(visitor: Visitor, email: str) -> dict[str, str]:
    good = await visitor.proof(email)
    return {"form_token": ("1" if good[0] == "0" else "0") + good[1:]}


async def with_the_email_s_own(visitor: Visitor, email: str) -> dict[str, str]:
    return {"form_token": email}


@pytest.mark.parametrize(
    "forging",
    [
        with_nothing,
        with_another_browser_s,
        with_one_for_no_one,
        with_one_of_another_email,
        with_a_changed_one,
        with_the_email_s_own,
    ],
)
async def test_a_forged_form_changes_nothing(
    visitor: Visitor, scene: Scene, forging: Forging
) -> None:
    """Each was accepted when `must_be_ours` looked at the origin alone."""
    charlie = scene.cast.charlie
    first = await scene.invited(charlie.actor.email)
    await visitor.post("/invitation", first, {"way": "sign-in", "password": PASSWORD})
    token = await scene.invited(charlie.actor.email, by=scene.cast.bob)
    assert "Accept and join" in (await visitor.open("/invitation", token)).text
    sessions = scene.open_sessions(charlie.actor.email)
    for path, form in FORMS:
        email = "" if path == "/sign-out" else token
        forged = await forging(visitor, email)
        answer = await visitor.client.post(path, data=forged | form)
        assert answer.status_code == 403, (path, form)
        assert "This form has expired" in answer.text
        assert "Nothing was changed" in answer.text
        assert "set-cookie" not in answer.headers
    assert scene.answers_to(charlie.actor.email) == ["accepted", "pending"]
    assert scene.open_sessions(charlie.actor.email) == sessions
    assert "Accept and join" in (await visitor.client.get("/invitation")).text


async def test_the_form_of_one_email_does_not_answer_another(
    visitor: Visitor, scene: Scene
) -> None:
    """Two tabs: the email that was opened last lies in the cookie, for both."""
    one, two = new_address(), new_address()
    first, second = await scene.invited(one), await scene.invited(two)
    proof = await visitor.proof(first)
    await visitor.open("/invitation", first)
    await visitor.open("/invitation", second)
    answer = await visitor.client.post("/invitation/decline", data={"form_token": proof})
    assert answer.status_code == 403
    assert scene.answers_to(one) == scene.answers_to(two) == ["pending"]


async def test_a_form_from_before_signing_in_is_refused(visitor: Visitor, scene: Scene) -> None:
    email = scene.cast.charlie.actor.email
    token = await scene.invited(email)
    before = await visitor.proof(token)
    await visitor.post("/invitation", token, {"way": "sign-in", "password": PASSWORD})
    form = {"form_token": before, "way": "switch"}
    assert (await visitor.client.post("/invitation", data=form)).status_code == 403


def test_a_token_is_another_each_time_and_of_one_length() -> None:
    made = {csrf.make("holder", "email") for _ in range(20)}
    assert len(made) == 20
    assert {len(token) for token in made} == {96}
    assert all(csrf.is_good(token, "holder", "email") for token in made)


@pytest.mark.parametrize("token", ["", "0" * 95, "0" * 97, "g" * 96, "A" * 96, "\u0660" * 96])
def test_what_has_not_the_form_of_a_token_is_none(token: str) -> None:
    assert not csrf.is_good(token, "holder", "email")


@pytest.mark.parametrize("screen", INSIDE, ids=lambda screen: screen.path)
async def test_a_viewer_who_forges_a_form_is_refused(
    sign_in: SignedIn, cast: Cast, at: At, screen: Screen
) -> None:
    vera = await sign_in(cast.vera)
    assert isinstance(screen.access, Permission)
    form = {"form_token": await vera.proof("")}
    answer = await vera.client.post(at(screen.path), data=form)
    if screen.submit is None:
        assert answer.status_code == 405
    elif screen.access.value not in VIEWER:
        assert answer.status_code == 403
