"""The audit log: lists, single events, and files of all of them."""

import ast
import codecs
import csv
import io
import re
from pathlib import Path

import httpx2
import orjson
import pytest

import tenantry
from tenantry.app import SWEEPS
from tenantry.console.texts.events import ACTIONS
from tenantry.http.service import Service
from tenantry.worker.housekeeping import Housekeeping
from tests.console.hands import Hands
from tests.support.cast import Cast

_OF_ORGANIZATIONS = re.compile(
    r"(organization|member|invitation|role|workspace|workspace_member|api_key|service_account)"
    r"\.[a-z_]+"
)


@pytest.fixture
async def alice(api: httpx2.AsyncClient, service: Service, cast: Cast) -> Hands:
    return await Hands.of(api, service, cast, cast.alice)


async def renamed(api: httpx2.AsyncClient, cast: Cast, name: str) -> None:
    answer = await api.patch(cast.acme_path, json={"name": name}, headers=cast.alice.headers)
    answer.raise_for_status()


async def test_a_key_of_metadata_that_was_removed_was_there_before_and_is_not_after(
    api: httpx2.AsyncClient, cast: Cast, alice: Hands
) -> None:
    for metadata in ({"plan": "free", "zone": "eu-7"}, {"plan": None}):
        body = {"metadata": metadata}
        (await api.patch(cast.acme_path, json=body, headers=cast.alice.headers)).raise_for_status()
    query = {"order": "desc", "limit": 1}
    events = await api.get(f"{cast.acme_path}/events", params=query, headers=cast.alice.headers)
    event_id = events.json()["data"][0]["id"]

    page = await alice.see(f"/events/{event_id}")

    assert "plan: free" in page.text
    assert "plan: None" not in page.text
    assert "eu-7" not in page.text
    assert "none" in page.text


def test_every_action_is_explained() -> None:
    """Read off the modules: every action that they record has a text."""
    source = Path(tenantry.__file__).parent
    said = {
        node.value
        for path in source.rglob("*.py")
        if path.relative_to(source).parts[0] not in ("api", "console", "cli")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _OF_ORGANIZATIONS.fullmatch(node.value)
    }
    assert "role.created" in said
    assert said - ACTIONS.keys() == set()


async def test_the_newest_comes_first_and_each_leads_to_all_of_it(
    alice: Hands, cast: Cast, api: httpx2.AsyncClient
) -> None:
    await renamed(api, cast, "Acme <b>Two</b>")
    text = (await alice.see("/events")).text
    linked = re.findall(r'/events/evt_\w+">(Organization \w+)', text)
    assert linked.index("Organization updated") < linked.index("Organization created")
    assert "Acme &lt;b&gt;Two&lt;/b&gt;" in text
    found = re.search(r'href="[^"]*(/events/evt_\w+)">Organization updated', text)
    assert found is not None
    one = (await alice.see(found[1])).text
    row = r'<th scope="row">Name</th><td>Acme</td><td>Acme &lt;b&gt;Two&lt;/b&gt;</td>'
    assert re.search(row, one)
    assert "Alice" in one


async def test_a_kind_of_event_is_chosen_in_the_address(
    alice: Hands, cast: Cast, api: httpx2.AsyncClient
) -> None:
    await renamed(api, cast, "Acme Two")
    text = (await alice.see("/events?action=organization.updated")).text
    assert "evt_" in text
    assert ">Organization created:" not in text
    assert '<option value="organization.updated" selected>' in text
    none = (await alice.see("/events?action=role.deleted")).text
    assert "No events match" in none


async def test_unknown_events_are_not_found(alice: Hands, cast: Cast) -> None:
    assert (await alice.see("/events/evt_01h455vb4pex5vsknk084sn02q")).status_code == 404
    assert (await alice.see("/events/other")).status_code == 404


async def test_all_events_come_as_the_api_shows_them(
    alice: Hands, cast: Cast, api: httpx2.AsyncClient
) -> None:
    for number in range(101):
        await renamed(api, cast, f"=Acme {number}")
    page = (await alice.see("/events?action=organization.updated")).text
    assert "101 events as a file, the oldest first:" in page
    lines = await alice.see("/events/export?format=jsonl&action=organization.updated")
    assert lines.headers["content-type"] == "application/jsonl"
    assert lines.headers["cache-control"] == "no-store"
    assert lines.headers["content-disposition"].startswith("attachment;")
    shown = [orjson.loads(line) for line in lines.text.splitlines()]
    first = await api.get(
        f"{cast.acme_path}/events?limit=100&action=organization.updated",
        headers=cast.alice.headers,
    )
    assert shown[:100] == first.json()["data"]
    assert len(shown) == 101


async def test_names_are_no_formulas_in_a_table(
    alice: Hands, cast: Cast, api: httpx2.AsyncClient
) -> None:
    me = await api.patch("/api/v1/me", json={"name": "=1+1"}, headers=cast.alice.headers)
    me.raise_for_status()
    await renamed(api, cast, "Acme Two")
    answer = await alice.see("/events/export?format=csv")
    assert answer.content.startswith(codecs.BOM_UTF8)  # Excel reads UTF-8 by that alone
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[:3] == ["id", "occurred_at", "action"]
    assert rows[-1][2] == "organization.updated"
    assert rows[-1][5] == "'=1+1"


async def test_who_may_not_read_events_gets_no_file_of_them(
    api: httpx2.AsyncClient, service: Service, cast: Cast
) -> None:
    dave = await Hands.of(api, service, cast, cast.dave)
    assert (await dave.see("/events/export?format=csv")).status_code == 403


async def test_who_was_erased_is_named_in_the_language_of_the_page(
    api: httpx2.AsyncClient, service: Service, cast: Cast, alice: Hands
) -> None:
    assert (await api.delete("/api/v1/me", headers=cast.vera.headers)).status_code == 204
    sweeps = {"erasures": SWEEPS["erasures"]}
    await Housekeeping(service.database, sweeps).sweep_all()

    pages = {
        language: await alice.visitor.client.get(
            f"{alice.base}/events", headers={"Accept-Language": language}
        )
        for language in ("en", "de")
    }

    for language, words in (("en", "Deleted user"), ("de", "Gelöschter Benutzer")):
        assert words in pages[language].text
        assert "Vera" not in pages[language].text
