"""Addresses that ask for what cannot be: every one is answered, none changes or breaks anything."""

from __future__ import annotations

import pytest

from .house import ask, call, client, figure, problem, refused, untouched

BAD_DAYS = ("yesterday", "2019-13-01", "2019-02-30", "31.12.2019", "\x00", "2019-12-31T00:00", "²")
PAGES_WITH_DAYS = ("/", "/targets/", "/targets/T01/", "/plan/", "/plan/report.xlsx")


@pytest.mark.parametrize("path", PAGES_WITH_DAYS)
def test_a_day_that_is_none_is_named(path: str) -> None:
    with untouched():
        refused(ask("", path, query_params={"as_of": "yesterday"}), "portal.bad_day", 400)


@pytest.mark.parametrize("day", BAD_DAYS)
def test_no_spelling_of_a_day_breaks_a_page(day: str) -> None:
    asked = ask("", "/targets/T01/", query_params={"as_of": day})
    refused(asked, "portal.unreadable_text" if "\x00" in day else "portal.bad_day", 400)
    problem(call("", f"/api/v1/targets?as_of={day!r}"), "api.bad_parameters", 422)


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "2101-01-01", "9999-12-31"])
def test_days_at_the_ends_of_the_calendar(day: str) -> None:
    asked = ask("", "/targets/T01/", query_params={"as_of": day})
    refused(asked, "indicators.day_out_of_range", 422)
    problem(call("", f"/api/v1/targets?as_of={day}"), "api.bad_parameters", 422)


PAGES = ("/", "/targets/", "/indicators/", "/divisions/", "/plan/", "/packs/", "/method/")
LISTS = ("targets", "indicators", "observations", "divisions", "packs", "resources", "plans")


@pytest.mark.parametrize("name", LISTS)
def test_the_api_names_a_parameter_it_does_not_know(name: str) -> None:
    found = problem(call("", f"/api/v1/{name}?colour=red"), "api.bad_parameters", 422)
    assert found["problems"][0]["field"] == "colour"
    assert "known are" in found["problems"][0]["text"]["en"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_passes_over_parameters_it_does_not_know(page: str) -> None:
    """Links gain parameters on their way through letters and search engines."""
    for answer in ask("", page, query_params={"utm_source": "x", "colour[]": "'"}).both:
        assert answer.status_code == 200


@pytest.mark.parametrize("number", ["-1", "0", "1.5", "x", "", "²", "9" * 30, "9" * 5000, "1e3"])
def test_pages_that_no_list_has(number: str) -> None:
    for name in LISTS:
        for answer in call("", f"/api/v1/{name}?page={number}").both:
            assert answer.status_code == 422, (name, number)
            assert answer.json()["code"] == "api.bad_parameters"
        assert call("", f"/api/v1/{name}?size={number}").en.status_code == 422
    for path in ("/desk/", "/desk/journal/"):
        for answer in ask("officer", path, query_params={"page": number}).both:
            assert answer.status_code == 200


def test_a_page_beyond_the_last_is_empty_and_says_where_the_list_is() -> None:
    found = call("", "/api/v1/observations?page=1000000").en.json()
    assert found["items"] == []
    assert found["total"] > 0
    assert found["next"] is None
    assert found["previous"]


@pytest.mark.parametrize("code", ["110000", "330199", "33", "浙江", "x" * 90, "' or 1=1", "%00"])
def test_a_division_that_is_not_ours(code: str) -> None:
    with untouched():
        if "%" not in code:
            refused(ask("", f"/divisions/{code}/"), "indicators.no_such_division", 404)
            asked = ask("", "/indicators/core_va/", query_params={"division": code})
            refused(asked, "indicators.no_such_division", 404)
        for path in ("targets", "indicators", "plans/zone-2017/assessment"):
            asked = call("", f"/api/v1/{path}?division={code}")
            if "%" in code:
                problem(asked, "api.bad_parameters", 422)
            else:
                problem(asked, "indicators.no_such_division", 404)


@pytest.mark.parametrize("length", [10_000, 100_000])
def test_an_endless_question(length: int) -> None:
    """Longer than any server lets through; still an answer, and nothing echoed at length."""
    long = "长" * length
    for path in ("/targets/", "/indicators/", "/divisions/"):
        for answer in ask("", path, query_params={"q": long}).both:
            assert answer.status_code < 500
    for name in ("as_of", "plan"):
        for answer in ask("", "/targets/", query_params={name: long}).both:
            assert answer.status_code in {400, 404}
    for answer in call("", f"/api/v1/observations?indicator={long}").both:
        assert answer.status_code == 422
    many = "&".join(f"a{n}=1" for n in range(3000))
    for answer in ask("", f"/targets/?{many}").both:
        assert answer.status_code == 413
        assert "portal.form_too_large" in answer.content.decode()
    problem(call("", f"/api/v1/targets?{many}"), "api.malformed_request", 400)


@pytest.mark.parametrize("broken", ["%00", "a%00b"])
def test_null_characters_reach_no_view(broken: str) -> None:
    with untouched():
        for page in (*PAGES, "/desk/journal/", "/desk/sign-in/"):
            who = "officer" if page == "/desk/journal/" else ""
            refused(ask(who, f"{page}?subject={broken}"), "portal.unreadable_text", 400)
        for path in (f"/targets/{broken}/", f"/divisions/{broken}/", f"/desk/figures/{broken}/"):
            refused(ask("officer", path), "portal.unreadable_text", 400)
        for name in LISTS[:3]:
            assert call("", f"/api/v1/{name}/{broken}").en.status_code in {404, 422}


@pytest.mark.parametrize("field", ["note", "document", "username", "indicator", "a\x00b"])
def test_null_characters_in_a_form_are_named(field: str) -> None:
    with untouched():
        asked = ask("officer", "/desk/figures/new/", {**figure(), field: "x\x00y"})
        refused(asked, "portal.unreadable_text", 400)


@pytest.mark.parametrize("raw", ["%ED%A0%80", "%ff%fe", "%", "%zz", "%E6%B5"])
def test_addresses_in_no_encoding(raw: str) -> None:
    """Half characters and broken escapes: read as the replacement character, never a failure."""
    for path in (f"/targets/{raw}/", f"/targets/?q={raw}", f"/{raw}"):
        for answer in ask("", path).both:
            assert answer.status_code in {200, 400, 404}
    for answer in call("", f"/api/v1/observations?indicator={raw}").both:
        assert answer.status_code in {200, 400, 422}


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/targets/T99/", "/desk/nowhere/", "/plan/report.doc"]
)
def test_addresses_of_nothing(path: str) -> None:
    for answer in ask("officer", path).both:
        assert answer.status_code == 404
        assert "<code>portal." in answer.content.decode()


@pytest.mark.parametrize("method", ["put", "delete", "patch", "post", "trace"])
def test_methods_that_a_page_does_not_take(method: str) -> None:
    with untouched():
        answer = getattr(client(), method)("/targets/T01/")
        assert answer.status_code == 405
        answer = getattr(client(), method)("/api/v1/targets")
        assert answer.status_code == 405
        assert answer.json()["code"] == "api.method_not_allowed"
        assert "GET" in answer.headers["Allow"]


def test_a_browser_that_asks_first_is_told_what_it_may_read() -> None:
    with untouched():
        assert client().options("/targets/T01/").status_code == 405
        answer = client().options("/api/v1/targets")
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
