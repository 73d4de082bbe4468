"""Whatever goes wrong: a page with code and next step, in the reader's language."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from qiantang.doors.portal import errors


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/nowhere", 404, "portal.no_such_page"),
        ("/targets/T99/", 404, "portal.no_such_target"),
        ("/indicators/none/", 404, "indicators.no_such_indicator"),
        ("/divisions/999999/", 404, "indicators.no_such_division"),
        ("/packs/none/", 404, "shelf.pack_unknown"),
        ("/targets/?as_of=yesterday", 400, "portal.bad_day"),
        ("/targets/?plan=none", 404, "portal.no_such_plan"),
        ("/assets/other.js", 404, "portal.no_such_page"),
    ],
)
def test_error_page_names_code_and_next_step(
    zone: None, reader: Client, address: str, status: int, code: str
) -> None:
    for lang, words in (("zh", "错误代码"), ("en", "Error code")):
        tail = ("&" if "?" in address else "?") + f"lang={lang}"
        answer = reader.get(address + tail)
        page = answer.content.decode()
        assert answer.status_code == status
        assert code in page
        assert words in page


def test_the_way_back_from_an_error_is_where_one_came_from(zone: None, reader: Client) -> None:
    lost = reader.get("/catalogue/no.such/").content.decode()
    assert 'class="button button--quiet" href="/catalogue/"' in lost
    assert (
        'class="button button--quiet" href="/targets/"' in reader.get("/nowhere").content.decode()
    )


def test_json_readers_get_a_problem_document(zone: None, reader: Client) -> None:
    answer = reader.get("/targets/T99/?format=json&lang=en")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "portal.no_such_target"


def test_htmx_gets_the_message_for_the_top_of_the_page(zone: None, reader: Client) -> None:
    answer = reader.get("/targets/?as_of=x", headers={"HX-Request": "true"})
    assert answer.status_code == 400
    assert answer.headers["HX-Retarget"] == "#problem-place"
    assert "<html" not in answer.content.decode()


def test_django_handlers_answer_with_pages(zone: None, rf: RequestFactory) -> None:
    request = rf.get("/x?lang=en")
    for answer, status in (
        (errors.bad_request(request), 400),
        (errors.not_allowed(request), 403),
        (errors.csrf_failure(request), 403),
        (errors.server_error(request), 500),
        (errors.error_page(request, errors.TooMany(minutes=3)), 429),
    ):
        assert answer.status_code == status
        assert b"Error code" in answer.content


def test_the_internal_error_page_tells_nothing_of_the_inside(
    zone: None, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("qiantang.doors.portal.views.home.tally", broken)
    answer = reader.get("/")
    assert answer.status_code == 500
    assert "secret detail" not in answer.content.decode()
    assert "portal.failed" in answer.content.decode()


def test_only_reading_is_possible(zone: None, reader: Client) -> None:
    assert reader.post("/targets/").status_code == 405
