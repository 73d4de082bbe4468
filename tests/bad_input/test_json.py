"""Bodies that the API cannot take: each answered with a problem document, nothing stored."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .house import call, client, figure, observation, problem, token_of, untouched

SUBMISSIONS = "/api/v1/submissions"


@pytest.fixture
def token() -> str:
    return token_of("officer", "read", "write")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nonsense",
        b"\xff\xfe{}",
        b'{"observation": {}}garbage',
        b'{"observation": NaN',
        b"[" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    ],
)
def test_a_body_that_is_no_json(token: str, body: bytes) -> None:
    with untouched():
        problem(call(token, SUBMISSIONS, body), "api.malformed_body", 400)


@pytest.mark.parametrize(
    "body",
    [
        [],
        3,
        "text",
        {},
        {"observation": None},
        {"observation": []},
        {"observation": figure(), "extra": 1},
        {"observation": {**figure(), "value": {"a": 1}}},
        {"observation": {**figure(), "value": [1]}},
        {"observation": {**figure(), "value": True}},
        {"observation": {**figure(), "approved": "yes"}},
        {"observation": figure(), "base_revision": -1},
        {"observation": figure(), "base_revision": 10**30},
        {"observation": figure(), "base_revision": "²"},
        {"observation": figure(quote="a\ud800b")},
        {"observation": figure(quote="a\x00b")},
        {"observation": figure(unit="\udfff")},
        {"observation": figure(), "note": "\x00"},
    ],
)
def test_json_of_another_shape(token: str, body: Any) -> None:
    with untouched():
        sent = json.dumps(body).encode()
        found = problem(call(token, SUBMISSIONS, sent), "api.bad_parameters", 422)
    assert found["problems"]
    assert all(p["text"]["zh"] and p["text"]["en"] for p in found["problems"])


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_none(token: str, value: str) -> None:
    body = json.dumps(observation()).replace('"8348.27"', value, 1).encode()
    with untouched():
        asked = call(token, SUBMISSIONS, body)
    assert {a.status_code for a in asked.both} <= {400, 422}
    assert asked.en.json()["code"] in {
        "api.malformed_body",
        "api.bad_parameters",
        "indicators.rows_invalid",
    }


def test_more_than_the_api_takes_in_one_piece(token: str) -> None:
    body = json.dumps({**observation(), "note": "长" * 2_000_000}).encode()
    assert len(body) > 5 * 2**20
    with untouched():
        found = problem(call(token, SUBMISSIONS, body), "api.body_too_large", 413)
    assert "5 MB" in found["hint"]


def test_a_form_larger_than_the_desk_takes() -> None:
    with untouched():
        from .house import ask, refused

        asked = ask("officer", "/desk/figures/new/", figure(quote="长" * 2_000_000))
        refused(asked, "portal.form_too_large", 413)
        fields = {f"f{n}": "1" for n in range(2100)}
        refused(ask("officer", "/desk/figures/new/", fields), "portal.form_too_large", 413)


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data"])
def test_another_content_type(token: str, kind: str) -> None:
    with untouched():
        answer = client().post(
            SUBMISSIONS, b"{}", content_type=kind, headers={"Authorization": f"Bearer {token}"}
        )
    assert answer.status_code in {400, 415}
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("body", [b"x", b"--B\r\nContent-Disposition: form-data\r\n", b""])
def test_a_form_whose_parts_cannot_be_told_apart(body: bytes) -> None:
    with untouched():
        answer = client("officer").post(
            "/desk/sheets/", body, content_type="multipart/form-data; boundary=" + "B" * 300
        )
    assert answer.status_code in {400, 422}
    assert "错误代码" in answer.content.decode()
