"""Bodies, ids and tokens that no one means well with: a clear 4xx each, and nothing is written."""

import base64
from dataclasses import dataclass

import httpx2
import pytest

from tenantry.http.request import USUAL_BODY
from tests.contracts.stage import Stage
from tests.support.cast import PASSWORD
from tests.support.database.contents import contents

# Part of everything that is sent, and never of a response.
MARK = "hostile7f3a"

_DEEP = 200_000
BODIES: dict[str, bytes] = {
    "NUL, escaped": b'{"name": "MARK\\u0000"}',
    "NUL": b'{"name": "MARK\x00"}',
    "a control character": b'{"name": "MARK\\u001b[2J"}',
    "a control character of C1": b'{"name": "MARK\\u0085"}',
    "a lone surrogate": b'{"name": "MARK\\ud800"}',
    "a lone low surrogate": b'{"name": "\\udc00MARK"}',
    "surrogates the wrong way round": b'{"name": "MARK\\udc00\\ud800"}',
    "a surrogate in UTF-8": b'{"name": "MARK\xed\xa0\x80"}',
    "a surrogate in a key": b'{"\\ud800": "MARK", "name": "x"}',
    "NaN": b'{"name": "MARK", "metadata": NaN}',
    "Infinity": b'{"name": "MARK", "metadata": -Infinity}',
    "a number beyond all bounds": b'{"name": "MARK", "metadata": 1e999}',
    "an integer of 5,000 digits": b'{"name": "MARK", "metadata": %s}' % (b"9" * 5000),
    "an integer of 400 digits": b'{"name": %s, "message": "MARK"}' % (b"9" * 400),
    "a key twice": b'{"name": "MARK", "name": "Acme"}',
    "a key twice, written in two ways": b'{"name": "MARK", "n\\u0061me": "Acme"}',
    "a key twice, deeper": b'{"name": "x", "metadata": {"k": "MARK", "k": "2"}}',
    "arrays nested without end": b"[" * _DEEP,
    "arrays nested deep": b"[" * _DEEP + b"]" * _DEEP,
    "arrays nested as deep as a small body allows": b"[" * 8_000 + b"]" * 8_000,
    "objects nested deep": b'{"a":' * 150_000 + b"1" + b"}" * 150_000,
    "arrays nested a little too deep": b'{"name": %s"MARK"%s}' % (b"[" * 32, b"]" * 32),
    "invalid UTF-8": b'{"name": "MARK\xff"}',
    "an overlong NUL": b'{"name": "MARK\xc0\x80"}',
    "UTF-16": '{"name": "MARK"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"name": "MARK"}',
    "nothing": b"",
    "half a body": b'{"name": "MARK',
    "two bodies": b'{"name": "MARK"}{"name": "MARK"}',
    "a comment": b'{"name": "MARK" /* */}',
    "single quotes": b"{'name': 'MARK'}",
    "an extra field": b'{"name": "Acme", "surprise": "MARK"}',
    "a prototype": b'{"name": "Acme", "__proto__": {"a": "MARK"}, "constructor": "MARK"}',
    "a hundred thousand fields": b"{%s}" % b",".join(b'"f%d":0' % n for n in range(80_000)),
    "a name of a megabyte": b'{"name": "%s"}' % (b"MARK" * 90_000),
    "a bidirectional override": '{"name": "MARK\u202egro.live"}'.encode(),
    "a list for a name": b'{"name": ["MARK"]}',
    "a name that is an object": b'{"name": {"$ne": "MARK"}}',
}
CALLS = [
    ("POST", "/organizations"),
    ("PATCH", "/organizations/{org_id}"),
    ("POST", "/organizations/{org_id}/workspaces"),
    ("POST", "/organizations/{org_id}/members/invite"),
    ("PATCH", "/me"),
    ("POST", "/auth/sign-up"),
    ("POST", "/invitations/preview"),
    ("POST", "/check"),
    ("POST", "/check/batch"),
]
IDS = [
    "org_",
    "org",
    "%00",
    "%0a",
    "%2e%2e",
    "..%2f..%2fme",
    "%ff%fe",
    "%ed%a0%80",
    "%F0%9F%A6%8A",
    "null",
    "0",
    "-1",
    "1%27%20or%201=1--",
    "00000000-0000-0000-0000-000000000000",
    "org_" + "0" * 25,
    "org_" + "0" * 27,
    "org_8" + "z" * 25,
    "org_0" + "u" * 25,
    "org_0" + "%D9%A0" * 25,
    "ORG_" + "0" * 26,
    "user_" + "0" * 26,
    "org__" + "0" * 26,
    "x" * 20_000,
]


@dataclass(frozen=True)
class Sender:
    """Sends what is hostile, as Alice, and looks at each answer."""

    stage: Stage

    async def send(self, method: str, path: str, body: bytes) -> httpx2.Response:
        """One body to one call."""
        org_id = self.stage.scene.cast.acme_path.rpartition("/")[2]
        return await self.stage.scene.api.request(
            method,
            "/api/v1" + path.format(org_id=org_id),
            content=body.replace(b"MARK", MARK.encode()),
            headers={
                **self.stage.scene.cast.alice.headers,
                "Content-Type": "application/json",
            },
        )


@pytest.mark.parametrize("call", CALLS, ids=lambda call: " ".join(call))
async def test_a_hostile_body_is_refused_and_leaves_nothing(
    stage: Stage, call: tuple[str, str]
) -> None:
    sender, before = Sender(stage), contents(stage.scene)

    for name, body in BODIES.items():
        answer = await sender.send(*call, body)
        assert answer.status_code in (400, 413, 422), (name, answer.text[:200])
        assert answer.status_code != 413 or len(body) > USUAL_BODY, name
        assert answer.headers["content-type"] == "application/problem+json"
        assert len(answer.content) < 20_000, name
        assert MARK not in answer.text, name

    assert contents(stage.scene) == before


async def test_a_hostile_id_names_nothing(stage: Stage) -> None:
    scene, before = stage.scene, contents(stage.scene)
    acme = scene.cast.acme_path

    for hostile in IDS:
        for method, path in (
            ("GET", f"/api/v1/organizations/{hostile}"),
            ("PATCH", f"/api/v1/organizations/{hostile}"),
            ("GET", f"{acme}/workspaces/{hostile}"),
            ("DELETE", f"{acme}/members/{hostile}"),
            ("DELETE", f"/api/v1/me/sessions/{hostile}"),
        ):
            body = {"name": "Acme"} if method == "PATCH" else None
            answer = await scene.api.request(
                method, path, json=body, headers=scene.cast.alice.headers
            )
            assert answer.status_code == 404, (method, path[:100])
            assert (
                answer.json()["detail"]
                == "Not found. It may not exist, or you may not have access."
            )

    assert contents(scene) == before


@pytest.mark.parametrize("field", ["after", "before", "limit", "order", "slug", "role", "email"])
async def test_a_hostile_parameter_is_refused_or_finds_nothing(stage: Stage, field: str) -> None:
    scene = stage.scene
    lists = ("/api/v1/organizations", f"{scene.cast.acme_path}/members")

    for hostile in (*IDS, "%27", "%5c", "%25", "*", "9" * 20_000, f"{MARK}%0d%0aX-Evil:%201"):
        for path in lists:
            answer = await scene.api.get(
                f"{path}?{field}={hostile}", headers=scene.cast.alice.headers
            )
            assert answer.status_code in (200, 422), (path, field, hostile[:50])
            assert MARK not in answer.text
            assert "x-evil" not in answer.headers
            if answer.status_code == 200:
                assert answer.json()["data"] == []


def _segment(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


async def test_a_hostile_token_is_no_token(stage: Stage) -> None:
    good = stage.scene.cast.alice.token
    header, payload, signature = good.split(".")
    none = _segment(b'{"alg":"none","typ":"at+jwt","kid":"x"}')
    hostile = [
        "..",
        "a.b.c",
        good + "x",
        good[:-1],
        f"{header}.{payload}.",
        f"{none}.{payload}.",
        f"{_segment(b'[' * 2900)}.{payload}.{signature}",
        f"{_segment(b'{' * 2900)}.{payload}.{signature}",
        f"{_segment(b'null')}.{payload}.{signature}",
        f"{_segment(bytes(range(256)))}.{payload}.{signature}",
        f"{header}.{_segment(b'{}')}.{signature}",
        f"{header}.{payload}.{signature}.{signature}",
        "x" * 30_000,
        "\u00e9.\u00e9.\u00e9",
        "=?utf-8?q?x?=",
    ]
    for token in hostile:
        headers = httpx2.Headers({"Authorization": f"Bearer {token}"}, encoding="utf-8")
        answer = await stage.scene.api.get("/api/v1/me", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token"), token[:50]
        assert token not in answer.text


async def test_hostile_words_where_a_secret_is_asked_for_are_wrong_secrets(stage: Stage) -> None:
    scene, before = stage.scene, contents(stage.scene)

    for hostile in ("' or 1=1--", "%", "\\", "{{7*7}}", "${jndi:ldap://x}", "../../etc", "x" * 200):
        for path, body in (
            ("/api/v1/invitations/preview", {"token": hostile}),
            ("/api/v1/auth/verify-email", {"token": hostile}),
            ("/api/v1/auth/password/reset", {"token": hostile, "password": PASSWORD}),
        ):
            answer = await scene.api.post(path, json=body)
            assert answer.status_code == 404, (path, hostile)

    assert contents(scene) == before
