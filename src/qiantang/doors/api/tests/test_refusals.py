"""What the gate refuses: wrong parameters, bodies, methods, credentials, and too much at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from qiantang.doors.api.tests.conftest import ROOT, Reader, figure
from qiantang.doors.limits import Limiter, address_of
from qiantang.kernel.actors import Actor
from qiantang.rooms.people import selectors as people
from qiantang.rooms.people import services as people_services

As = Callable[..., Reader]
pytestmark = pytest.mark.usefixtures("zone")


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["code"] == code
    assert body["status"] == status
    return body


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("size=0", "size"),
        ("size=201", "size"),
        ("size=abc", "size"),
        ("page=-1", "page"),
        ("page=99999999999999999999", "page"),
        ("as_of=2019-13-01", "as_of"),
        ("as_of=9999-12-31", "as_of"),
        ("as_of=0001-01-01", "as_of"),
        ("verdict=perhaps", "verdict"),
        ("no_such=1", "no_such"),
        ("plan=a%00b", "plan"),
        (f"plan={'x' * 101}", "plan"),
    ],
)
def test_a_wrong_parameter_is_named(public: Reader, query: str, field: str) -> None:
    body = problem(public.get(f"/targets?{query}"), 422, "api.bad_parameters")
    assert body["problems"][0]["field"] == field
    assert body["problems"][0]["text"]["zh"]


def test_an_unknown_parameter_says_which_are_known(public: Reader) -> None:
    body = problem(public.get("/packs?sort=id"), 422, "api.bad_parameters")
    assert body["problems"][0]["text"]["en"] == "unknown parameter; known are page, size"
    assert "page, size。请按" in body["messages"]["zh"]
    assert "page, size. Correct them" in body["messages"]["en"]


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace", "post"])
def test_a_method_that_is_not_taken_says_which_are(public: Reader, method: str) -> None:
    response = getattr(public.client, method)(f"{ROOT}/targets")
    problem(response, 405, "api.method_not_allowed")
    assert response.headers["Allow"] == "GET, HEAD"


def test_scripts_of_other_sites_may_read_and_not_write(public: Reader) -> None:
    asked = public.client.options(f"{ROOT}/targets")
    assert (asked.status_code, asked.content) == (204, b"")
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert public.get("/targets").headers["Access-Control-Allow-Origin"] == "*"
    assert public.get("/targets/none").headers["Access-Control-Allow-Origin"] == "*"
    query = public.client.options(f"{ROOT}/query").headers["Access-Control-Allow-Methods"]
    assert query == "POST, OPTIONS"
    problem(public.client.options(f"{ROOT}/deliveries"), 405, "api.method_not_allowed")


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe{}", b"nonsense"])
def test_a_body_that_is_no_json(officer: Actor, as_actor: As, body: bytes) -> None:
    problem(as_actor(officer).post("/submissions", body), 400, "api.malformed_body")


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"3", b'{"observation": []}'])
def test_json_of_another_shape(officer: Actor, as_actor: As, body: bytes) -> None:
    response = as_actor(officer).post("/submissions", body)
    assert response.status_code in {400, 422}
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("kind", ["text/plain", "text/xml", "multipart/form-data; boundary=x"])
def test_another_content_type(public: Reader, kind: str) -> None:
    response = public.client.post(f"{ROOT}/submissions", data=b"x", content_type=kind)
    problem(response, 415, "api.not_json")


def test_a_body_above_the_limit(officer: Actor, as_actor: As, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    body = {"observation": figure("N1", "2019", "1", quote="x" * 2000)}
    problem(as_actor(officer).post("/submissions", body), 413, "api.body_too_large")


@pytest.mark.parametrize("raw", ["\\u0000", "\\ud800"])
def test_characters_that_no_text_can_keep(officer: Actor, as_actor: As, raw: str) -> None:
    text = f'{{"observation": {{"source_title": "a{raw}"}}}}'
    body = problem(as_actor(officer).post("/submissions", text), 422, "api.bad_parameters")
    assert "observation.source_title" in {p["field"] for p in body["problems"]}


@pytest.mark.parametrize(
    "credential",
    ["Bearer ", "Bearer qt_dead_beef", "Basic dXNlcjpwYXNz", "Bearer \x01", "nonsense"],
)
def test_a_credential_that_is_not_good_is_refused_even_for_public_reads(credential: str) -> None:
    response = Client().get(f"{ROOT}/packs", headers={"Authorization": credential})
    problem(response, 401, "people.token_invalid")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_expired_and_a_revoked_token(officer: Actor, as_actor: As, monkeypatch: Any) -> None:
    reader = as_actor(officer)
    assert reader.get("/submissions").status_code == 200

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime(2099, 1, 1, tzinfo=UTC)

    with monkeypatch.context() as patch:
        patch.setattr(people, "datetime", Later)
        problem(reader.get("/submissions"), 401, "people.token_expired")
    people_services.revoke_token(officer, people.tokens_of(officer)[0].id)
    problem(reader.get("/submissions"), 401, "people.token_invalid")


def test_a_token_does_only_what_its_scopes_say(officer: Actor, as_actor: As) -> None:
    body = {"observation": figure("N1", "2019", "6000")}
    problem(as_actor(officer, "read").post("/submissions", body), 403, "people.scope_missing")
    problem(as_actor(officer, "write").get("/submissions"), 403, "people.scope_missing")


def test_writing_with_a_session_needs_the_form_token(officer: Actor) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(get_user_model().objects.get(username="officer"))
    assert client.get(f"{ROOT}/submissions").status_code == 200
    body = {"observation": figure("N1", "2019", "6000")}
    response = client.post(f"{ROOT}/submissions", data=body, content_type="application/json")
    problem(response, 403, "api.form_token_missing")


def test_anonymous_readers_wait_their_turn_and_tokens_do_not(
    officer: Actor, as_actor: As, public: Reader, settings: Any
) -> None:
    settings.QIANTANG_API_ANONYMOUS_PER_MINUTE = 3
    assert [public.get("/packs").status_code for _ in range(3)] == [200, 200, 200]
    response = public.get("/packs")
    problem(response, 429, "api.too_many_requests")
    assert 1 <= int(response.headers["Retry-After"]) <= 20
    assert public.get("/health").status_code == 200
    assert as_actor(officer).get("/packs").status_code == 200
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert elsewhere.get(f"{ROOT}/packs").status_code == 200


def test_the_bucket_fills_evenly_and_forgets_the_longest_unused() -> None:
    limiter = Limiter(kept=2)
    assert [limiter.wait("a", 2, 0.0) for _ in range(2)] == [0.0, 0.0]
    assert limiter.wait("a", 2, 0.0) == pytest.approx(30)
    assert limiter.wait("a", 2, 30.0) == 0.0
    limiter.wait("b", 2, 30.0)
    limiter.wait("c", 2, 30.0)
    assert limiter.wait("a", 2, 30.0) == 0.0


def test_forwarded_addresses_count_only_from_our_own_proxies(rf: Any, settings: Any) -> None:
    request = rf.get("/", headers={"X-Forwarded-For": "1.1.1.1, 2.2.2.2"}, REMOTE_ADDR="9.9.9.9")
    assert address_of(request) == "9.9.9.9"
    settings.QIANTANG_API_PROXIES = 1
    assert address_of(request) == "2.2.2.2"
    settings.QIANTANG_API_PROXIES = 3
    assert address_of(request) == "9.9.9.9"


def test_a_failure_inside_has_a_number_and_no_details(public: Reader, monkeypatch: Any) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret path /srv/x")

    monkeypatch.setattr("qiantang.doors.api.routes.shelf.shelf.packs", broken)
    body = problem(public.get("/packs"), 500, "api.failed")
    assert "secret" not in str(body)
    assert len(body["detail"]) > 10
