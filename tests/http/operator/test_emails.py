"""/api/v1/operator/emails: what was not sent, and why; sent again, and shown from outside."""

from datetime import timedelta
from typing import Any

import httpx2
import psycopg
import pytest

from tenantry.kit.ids import Kind, new_id, parse, show
from tests.http.responses import ids, pointers, told
from tests.support.api.operator_calls import OPERATOR
from tests.support.cast import Cast

EMAILS = f"{OPERATOR}/emails"
Admin = psycopg.Connection[Any]


@pytest.fixture
def failed(admin: Admin, cast: Cast) -> tuple[str, str]:
    """An email of Acme's and one about an account that could not be sent; the first one's id."""
    return _failed(admin, "vera@acme.example", cast), _failed(admin, "bill@initech.example", None)


def _failed(admin: Admin, recipient: str, cast: Cast | None, *, sealed: bytes | None = b"x") -> str:
    email_id, why = new_id(), f"550 5.1.1 <{recipient}>: no such person"
    into, columns = ("emails", "org_id, ") if cast else ("account_emails", "")
    values: list[Any] = [cast.acme.organization.id] if cast else []
    admin.execute(
        f"""insert into {into} ({columns}id, recipient, state, attempts, sealed, created_at,
                                next_attempt_at, settled_at, last_error)
            values ({"%s, " if cast else ""}%s, %s, 'failed', 8, %s, now(), now(), now(), %s)
        """.encode(),
        [*values, email_id, recipient, sealed, why],
    )
    return show(Kind.EMAIL, email_id)


async def listed(api: httpx2.AsyncClient, cast: Cast, **query: Any) -> httpx2.Response:
    """A page of them, as Olga sees it."""
    return await api.get(EMAILS, params=query, headers=cast.olga.headers)


async def test_of_whom_an_organization_writes_to_operators_see_the_domain_alone(
    api: httpx2.AsyncClient, cast: Cast, failed: tuple[str, str]
) -> None:
    theirs, of_account = failed

    page = await listed(api, cast, order="desc", limit=2, state="failed")
    one = await api.get(f"{EMAILS}/{theirs}", headers=cast.olga.headers)

    assert ids(page) == [of_account, theirs]
    assert page.json()["data"][1] == one.json()
    assert "vera" not in page.text + one.text
    assert one.json() == {
        "id": theirs,
        "organization_id": cast.acme_path.rpartition("/")[2],
        "recipient": "…@acme.example",
        "state": "failed",
        "attempts": 8,
        "last_error": "550 5.1.1 <…@acme.example>: no such person",
        "can_be_requeued": True,
        "created_at": one.json()["created_at"],
        "next_attempt_at": None,
        "failed_at": one.json()["failed_at"],
    }
    account = page.json()["data"][0]
    assert (account["organization_id"], account["recipient"]) == (None, "bill@initech.example")


async def test_pages_go_through_them_in_both_directions(
    api: httpx2.AsyncClient, cast: Cast, failed: tuple[str, str]
) -> None:
    first, second = failed
    forward = await listed(api, cast, after=first, limit=1)
    back = await listed(api, cast, after=second, limit=1, order="desc")
    before = await listed(api, cast, before=second, limit=1, order="asc")
    assert (ids(forward), ids(back), ids(before)) == ([second], [first], [first])
    assert ids(await listed(api, cast, state="queued", after=first)) == []
    assert pointers(await listed(api, cast, state="sent")) == ["state"]


@pytest.mark.parametrize("which", [0, 1])
async def test_a_failed_email_is_queued_again_by_an_event_of_the_operator(
    api: httpx2.AsyncClient, cast: Cast, admin: Admin, failed: tuple[str, str], which: int
) -> None:
    path = f"{EMAILS}/{failed[which]}/requeue"

    queued = await api.post(path, headers=cast.olga.headers)

    assert queued.status_code == 200, queued.text
    assert (queued.json()["state"], queued.json()["failed_at"]) == ("queued", None)
    table = ("emails", "account_emails")[which]
    email_id = parse(Kind.EMAIL, failed[which])
    state = f"select state from {table} where id = %s".encode()
    assert admin.execute(state, [email_id]).fetchone() in [("queued",), ("failed",)]
    events = admin.execute(
        "select changes from account_events where user_id = %s and action = 'email.requeued'",
        [cast.olga.actor.id],
    ).fetchall()
    assert [each[0]["id"] for (each,) in events] == [failed[which]]


async def test_what_waits_or_is_kept_no_more_or_is_not_there_is_not_queued_again(
    api: httpx2.AsyncClient, cast: Cast, admin: Admin, failed: tuple[str, str]
) -> None:
    gone = _failed(admin, "una@acme.example", cast, sealed=None)
    later = timedelta(days=1)
    waits = parse(Kind.EMAIL, failed[0])
    admin.execute(
        "update emails set state = 'queued', settled_at = null, next_attempt_at = now() + %s"
        " where id = %s",
        [later, waits],
    )
    for email_id, refusal in (
        (failed[0], (409, "email_not_failed")),
        (gone, (409, "email_content_gone")),
        (show(Kind.EMAIL, new_id()), (404, "not_found")),
        (cast.olga.id, (404, "not_found")),
    ):
        path = f"{EMAILS}/{email_id}/requeue"
        assert told(await api.post(path, headers=cast.olga.headers)) == refusal
    shown = await api.get(f"{EMAILS}/{gone}", headers=cast.olga.headers)
    assert shown.json()["can_be_requeued"] is False
